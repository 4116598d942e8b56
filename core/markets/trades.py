"""Executed orders: one row a trade, with the tick it left; what was filled under a key is told again, not done again."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from core import texts, writes
from core.database import row_ids
from core.errors import KeyReused
from core.ledger.tables import entry
from core.markets.deals import Deal
from core.markets.market import Market, Newest
from core.markets.orders import Order
from core.markets.tables import limit_order, market, market_hour, trade, trader
from core.markets.ticks import Hour
from core.rows import Among, Later, Prepared, Row, ask, gather, jsoned, parsed
from core.writes import Write

_TICK = ("prices", "integrals", "observation", "observation_integral")
_KEPT = (
    "market_id",
    "at",
    "number",
    "entry_id",
    "person_id",
    "asked",
    "bought",
    "cost",
    "sets",
    "matched",
    "told",
)
TRADE = (*_KEPT, *_TICK)
NEWEST = ("id", "trades", "tick_at", "dwell", *_TICK)
HOUR = ("market_id", "hour", "trades", "prices", "dwell", "last_at")
TRADER = ("market_id", "person_id", "trades", "apart", "seen_at", "seen_trade")
_USED = Prepared(select(entry.c.id, entry.c.key).where(Among(entry.c.key, "keys")))
_TRADED, _PLACED = (
    Prepared(select(table.c.entry_id, table.c.asked, table.c.told).where(Among(table.c.entry_id, "entries")))
    for table in (trade, limit_order)
)

_IN = Among(trader.c.market_id, "markets")
_TRADERS = Prepared(select(func.count(trader.c.person_id.distinct())).where(_IN))
_APART = Prepared(select(func.count(trader.c.person_id.distinct())).where(_IN, trader.c.apart > 0))
_TRADERS_IN = Prepared(select(trader.c.market_id, func.count()).where(_IN).group_by(trader.c.market_id))


class Trade(NamedTuple):
    """A trade to be kept: the order, its deal, who traded, the tick it left, and what the trader was told."""

    order: Order
    deal: Deal
    market_id: int
    number: int
    person: int
    newest: Newest
    told: Sequence[Any]
    is_mirrored: bool = False

    @property
    def people(self) -> set[int]:
        """Who traded: the one who ordered it, and the owners of the limit orders that it met."""
        return {self.person, *(match.order.person for match in self.deal.matches)}


@dataclass(frozen=True)
class Kept:
    """What a key was used for: the order as it came, and what was answered."""

    asked: list[object]
    told: Sequence[Any]

    def answer(self, order: Order) -> Sequence[Any]:
        """The first fill. Raises KeyReused if the order is not the one that the key was used for."""
        if self.asked != order.asked:
            raise KeyReused(order.key)
        return self.told


def entry_key(order_key: str) -> str:
    """The key of the entry that an order makes."""
    return f"order:{order_key}"


def ask_kept(connection: Connection, keys: Collection[str]) -> Later[dict[str, Kept]]:
    """What was kept for orders that were executed before, by order key."""
    wanted = {entry_key(key): key for key in keys if texts.is_kept(key)}
    used = ask(connection, (_USED, {"keys": list(wanted)}))
    return lambda: _kept(connection, {entry_id: wanted[key] for entry_id, key in used()[0]})


def _kept(connection: Connection, used: Mapping[int, str]) -> dict[str, Kept]:
    """What was kept with entries, whose order keys are given by their ids."""
    if not used:
        return {}
    known = {"entries": list(used)}
    found = [
        row for rows_found in gather(connection, (_TRADED, known), (_PLACED, known)) for row in rows_found
    ]
    return {used[entry_id]: Kept(parsed(asked), parsed(told)) for entry_id, asked, told in found}


def to_write(
    trades: Sequence[Trade],
    markets: Iterable[Market],
    hours: Sequence[Hour],
    entry_ids: Mapping[str, int],
    order_ids: Mapping[int, int],
) -> list[Write]:
    """What is to be written of the trades: they, how many each person made, the newest ticks, and hours that are over.

    Entries have the ids given by key, limit orders that were placed in the same batch those given by the old ones.
    """
    counts = Counter((each.market_id, person) for each in trades for person in each.people)
    mirrored = Counter((each.market_id, each.person) for each in trades if each.is_mirrored)
    seen = {
        (each.market_id, person): (each.newest.tick.at, each.number)
        for each in trades
        for person in each.people
    }
    made = [_row(each, entry_ids[entry_key(each.order.key)], order_ids) for each in trades]
    return [
        writes.insert(trade, TRADE, made),
        writes.update(market, NEWEST, [_newest(each) for each in markets]),
        writes.count(
            trader,
            TRADER,
            [(*each, counts[each], counts[each] - mirrored[each], *seen[each]) for each in sorted(counts)],
            ("trades", "apart"),
            ("seen_at", "seen_trade"),
        ),
        writes.insert(market_hour, HOUR, [_hour(each) for each in hours]),
    ]


def count_traders(connection: Connection, market_ids: Iterable[int]) -> int:
    """People who traded in any of the markets, be it by a limit order that was met."""
    ((found,),) = _TRADERS.rows(connection, markets=row_ids(market_ids))
    return int(found)


def count_traders_in(connection: Connection, market_ids: Iterable[int]) -> Counter[int]:
    """The same of each market by its id."""
    return Counter(dict(_TRADERS_IN.rows(connection, markets=row_ids(market_ids))))


def count_apart(connection: Connection, market_ids: Iterable[int]) -> int:
    """People who traded in any of the markets without trading as much in its twin."""
    ((found,),) = _APART.rows(connection, markets=row_ids(market_ids))
    return int(found)


def _newest(of: Market) -> Row:
    dwell = str(of.newest.dwell.to_list())
    return (of.id, of.trades, of.tick.at, dwell, *_tick(of.newest))


def _row(each: Trade, entry_id: int, order_ids: Mapping[int, int]) -> Row:
    order, deal = each.order, each.deal
    return (
        each.market_id,
        each.newest.tick.at,
        each.number,
        entry_id,
        each.person,
        jsoned(order.asked),
        str(list(deal.bought)),
        deal.cost,
        deal.sets,
        str([[order_ids.get(m.order.id, m.order.id), m.shares] for m in deal.matches]),
        jsoned(each.told),
        *_tick(each.newest),
    )


def _tick(newest: Newest) -> Row:
    """A list of whole numbers is its own JSON."""
    tick, observation = newest.tick, newest.observation
    return str(list(tick.prices)), str(list(tick.integrals)), observation.value, observation.integral


def _hour(over: Hour) -> Row:
    dwell = str(over.dwell.to_list())
    return (over.market_id, over.hour, over.trades, str(list(over.prices)), dwell, over.last_at)
