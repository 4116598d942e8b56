"""Cancelling: limit orders end when their owner says so, when their time is over, and when trading stops."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import TAKEN
from core.errors import NotAllowed, NotOpen
from core.exchange.desk import Desk
from core.ledger.holders import SLICE
from core.markets import readings, registry, resting
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.resting import Ending, Resting, State
from core.people import persons


@dataclass(frozen=True)
class Cancelled:
    """A limit order that ended, and what came back of it: micro-credits, or micro-shares of a sale."""

    name: str
    market_id: int
    is_sale: bool
    back: int


def cancel(connection: Connection, by: str, order_id: int, now: datetime) -> Cancelled:
    """Ends one's own limit order. Raises Unknown, NotAllowed, NotOpen."""
    person = persons.find(connection, by)
    order = resting.get(connection, order_id)
    if person is None or order.person != person.id:
        raise NotAllowed("cancel", "own_orders_only")
    ended = _end(connection, [order.market_id], {order_id}, State.CANCELLED, now, None)
    if not ended:
        raise NotOpen("order", order.name, resting.get(connection, order_id).state)
    return ended[0]


def cancel_all(connection: Connection, by: str, now: datetime) -> list[Cancelled]:
    """Ends all of one's own limit orders."""
    person = persons.find(connection, by)
    orders = resting.of_person(connection, person.id) if person else []
    markets = {order.market_id for order in orders}
    return _end(connection, markets, {o.id for o in orders}, State.CANCELLED, now, None)


def expire(connection: Connection, market_id: int, now: datetime) -> None:
    """Ends the next slice of a market's orders whose time is over."""
    late = [o.id for o in resting.in_markets(connection, [market_id]) if not o.is_live(now)]
    _end(connection, [market_id], late[:SLICE], State.EXPIRED, now, Ending.EXPIRED)


def retire(connection: Connection, market_id: int, now: datetime) -> None:
    """Ends the next slice of the orders in a market of people who have left."""
    orders = resting.in_markets(connection, [market_id])
    people = persons.by_ids(connection, {order.person for order in orders})
    left = [order.id for order in orders if people[order.person].has_left]
    _end(connection, [market_id], left[:SLICE], State.CANCELLED, now, None)


def clear(connection: Connection, market_id: int, now: datetime) -> None:
    """Ends the next slice of the orders in a market that has stopped trading."""
    market = registry.lock_all(connection, [market_id])[market_id]
    if market.state == MarketState.OPEN and now < market.closes_at:
        return
    orders = resting.in_markets(connection, [market_id])
    why = _why_stopped(connection, market)
    _end(connection, [market_id], [order.id for order in orders[:SLICE]], State.CANCELLED, now, why)


def _why_stopped(connection: Connection, market: Market) -> Ending:
    if readings.find(connection, market.metric_id):
        return Ending.READ
    decision = decisions.of_branch(connection, market.branch_id)
    if decision is None or decision.state in TAKEN:
        return Ending.FROZEN
    is_withdrawn = decision.record is not None and decision.record.option_id is None
    return Ending.WITHDRAWN if is_withdrawn else Ending.CLOSED


def _end(
    connection: Connection,
    market_ids: Iterable[int],
    order_ids: Collection[int],
    state: State,
    now: datetime,
    why: Ending | None,
) -> list[Cancelled]:
    markets = registry.lock_all(connection, market_ids)
    desk = Desk(connection, markets, [], now, lock=True)
    orders = [o for o in resting.in_markets(connection, markets) if o.id in order_ids]
    for order in orders:
        desk.end(order, state, f"cancel:{order.name}", why)
    desk.save(connection)
    return [_cancelled(order) for order in orders]


def _cancelled(order: Resting) -> Cancelled:
    return Cancelled(order.name, order.market_id, order.is_sale, order.left)
