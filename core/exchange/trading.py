"""Trading: a quote that binds nobody, and orders executed once each, in batches that share a commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.errors import Invalid, KeyReused, Refusal
from core.exchange.desk import Desk
from core.exchange.quotes import Fill, Purse, Quote
from core.ledger.accounts import Wallet
from core.markets import registry, trades
from core.markets.orders import PRICE_LEAST, PRICE_MOST, Act, Mirror, Order
from core.markets.trades import Kept
from core.people import persons
from core.people.persons import Person
from core.pricing import distribution
from core.pricing.twap import MILLIONTHS
from core.rows import together
from core.units import within

__all__ = [
    "Act",
    "Fill",
    "Mirror",
    "Order",
    "Purse",
    "Quote",
    "Wallet",
    "between",
    "execute",
    "price_at",
    "purse",
    "quote",
]


def quote(connection: Connection, by: str, order: Order, now: datetime) -> Quote:
    """What the order would do; nothing is changed, and money that is not there is no obstacle."""
    person = persons.find(connection, by) or _stranger(by)
    markets = registry.get_all(connection, order.market_ids)
    visits = [(person, market_id) for market_id in order.market_ids]
    return Desk(connection, markets, visits, now, lock=False).price(order).quote


def purse(connection: Connection, by: str, market_id: int, now: datetime) -> Purse:
    """What the asker can spend in a market. Raises what an order would: NotOpen, NotAllowed, Unknown."""
    markets = registry.get_all(connection, [market_id])
    person = persons.find(connection, by) or _stranger(by)
    desk = Desk(connection, markets, [(person, market_id)], now, lock=False)
    return desk.purse(by, desk.enter(by, market_id))


def between(connection: Connection, market_id: int, low: int, high: int) -> tuple[int, ...]:
    """The outcomes of an order on a range: those whose centre lies in it, both ends (micro-units) included.

    A share of each pays 1 in the range, and less down to nothing toward the next centre outside.
    Raises Unknown, and Invalid where the range holds no centre, or all of them, which is no bet.
    """
    market = registry.get(connection, market_id)
    found = distribution.within(low, high, market.centres)
    if not found or len(found) == len(market.outcomes):
        raise Invalid("range", "no_centre" if not found else "all_centres")
    return found


def price_at(connection: Connection, market_id: int, outcome: int, value: int) -> int:
    """The price (millionths) of one of two outcomes at which the market expects this value of the metric.

    Rounded down: a purchase at it never pays more than was meant. Raises Unknown, and Invalid outside of the prices
    that a limit order can name, which the refusal says as values.
    """
    market = registry.get(connection, market_id)
    if len(market.outcomes) != 2:
        raise Invalid("price", "two_outcomes")
    if outcome not in range(2):
        raise Invalid("outcome", "unknown", str(outcome))
    low, high = sorted(market.centres)
    span = high - low
    least, most = low - span * -PRICE_LEAST // MILLIONTHS, low + span * PRICE_MOST // MILLIONTHS
    above = within(value, least, most, "price") - low
    return (above if market.centres[outcome] == high else span - above) * MILLIONTHS // span


def execute(connection: Connection, batch: Sequence[Order], now: datetime) -> list[Fill | Refusal]:
    """Fills and refusals in the order of the batch; a refused order touches nothing.

    A key that was filled before answers with its first fill, or with KeyReused if the order is another one.
    """
    with together(connection):
        people = persons.ask_all(connection, [order.by for order in batch])
        markets = registry.ask_locked(connection, [each for order in batch for each in order.market_ids])
        kept = trades.ask_kept(connection, [order.key for order in batch])
    found, known = people(), kept()
    visits = [
        (found.get(order.by) or _stranger(order.by), each) for order in batch for each in order.market_ids
    ]
    desk = Desk(connection, markets(), visits, now, lock=True)
    done: dict[str, tuple[Order, Fill]] = {}
    answers = [_answer(desk, known, done, order) for order in batch]
    desk.save(connection)
    return answers


def _answer(
    desk: Desk, known: Mapping[str, Kept], done: dict[str, tuple[Order, Fill]], order: Order
) -> Fill | Refusal:
    """The fill of an order that was executed before, be it earlier in the batch, or that of one executed now."""
    try:
        if order.key in known:
            return desk.again(order, known[order.key].answer(order))
        if order.key in done:
            first, fill = done[order.key]
            return fill if first.asked == order.asked else KeyReused(order.key)
        fill = desk.execute(order)
    except Refusal as refusal:
        return refusal
    done[order.key] = order, fill
    return fill


def _stranger(identity: str) -> Person:
    """Somebody who has not done anything yet: an empty wallet that is nobody's."""
    return Person(0, identity, 0, is_admin=False)
