"""Executed orders: one row a trade, with the tick it left; what was filled under a key is told again, not done again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.database import moment, upsert
from core.errors import KeyReused
from core.ledger.tables import entry
from core.markets.deals import Deal
from core.markets.market import Market, Newest
from core.markets.orders import Order
from core.markets.tables import limit_order, market, market_hour, trade, trader
from core.markets.ticks import Hour


@dataclass(frozen=True)
class Trade:
    """A trade to be kept: the order, its deal, who traded, the tick it left, and what the trader was told."""

    order: Order
    deal: Deal
    market_id: int
    number: int
    person: int
    newest: Newest
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """What a key was used for: the order as it came, and what was answered."""

    asked: list[object]
    told: Mapping[str, Any]

    def answer(self, order: Order) -> Mapping[str, Any]:
        """The first fill. Raises KeyReused if the order is not the one that the key was used for."""
        if self.asked != order.asked:
            raise KeyReused(order.key)
        return self.told


def entry_key(order_key: str) -> str:
    """The key of the entry that an order makes."""
    return f"order:{order_key}"


def find(connection: Connection, keys: Collection[str]) -> dict[str, Kept]:
    """What was kept for orders that were executed before, by order key."""
    wanted = {entry_key(key): key for key in keys}
    made = connection.execute(select(entry.c.id, entry.c.key).where(entry.c.key.in_(wanted))).all()
    if not made:
        return {}
    used = {row.id: wanted[row.key] for row in made}
    found: dict[str, Kept] = {}
    for table in (trade, limit_order):
        rows = select(table.c.entry_id, table.c.asked, table.c.told).where(table.c.entry_id.in_(used))
        found |= {used[row.entry_id]: Kept(row.asked, row.told) for row in connection.execute(rows)}
    return found


def save(
    connection: Connection,
    trades: Sequence[Trade],
    markets: Iterable[Market],
    hours: Sequence[Hour],
    entry_ids: Mapping[str, int],
) -> None:
    """Keeps the trades, whose entries have the ids given by key, their markets' newest ticks, and hours that are over."""
    if not trades:
        return
    rows = [_row(each, entry_ids[entry_key(each.order.key)]) for each in trades]
    connection.execute(insert(trade), rows)
    connection.execute(
        update(market).where(market.c.id == bindparam("id_of_market")), [_newest(each) for each in markets]
    )
    _count(connection, trades)
    if hours:
        connection.execute(insert(market_hour), [_hour(each) for each in hours])


def count_traders(connection: Connection, market_ids: Iterable[int]) -> int:
    """People who traded in any of the markets."""
    wanted = select(func.count(trader.c.person_id.distinct())).where(trader.c.market_id.in_(list(market_ids)))
    return connection.execute(wanted).scalar_one()


def _count(connection: Connection, trades: Sequence[Trade]) -> None:
    places = {(each.market_id, each.person) for each in trades}
    counted = connection.execute(
        select(trader).where(
            trader.c.market_id.in_({m for m, _ in places}), trader.c.person_id.in_({p for _, p in places})
        )
    )
    counts = {(row.market_id, row.person_id): row.trades for row in counted}
    for each in trades:
        counts[each.market_id, each.person] = counts.get((each.market_id, each.person), 0) + 1
    rows = [{"market_id": m, "person_id": p, "trades": counts[m, p]} for m, p in sorted(places)]
    upsert(connection, trader, rows, ["trades"])


def _newest(of: Market) -> dict[str, Any]:
    return {
        "id_of_market": of.id,
        "trades": of.trades,
        "tick_at": moment(of.tick.at),
        "dwell": of.newest.dwell.to_list(),
    } | _tick(of.newest)


def _row(each: Trade, entry_id: int) -> dict[str, Any]:
    return {
        "market_id": each.market_id,
        "at": moment(each.newest.tick.at),
        "number": each.number,
        "entry_id": entry_id,
        "person_id": each.person,
        "asked": each.order.asked,
        "bought": each.deal.bought,
        "cost": each.deal.cost,
        "sets": each.deal.sets,
        "matched": [[match.order.id, match.shares] for match in each.deal.matches],
        "told": dict(each.told),
    } | _tick(each.newest)


def _tick(newest: Newest) -> dict[str, Any]:
    return {
        "prices": newest.tick.prices,
        "integrals": newest.tick.integrals,
        "observation": newest.observation.value,
        "observation_integral": newest.observation.integral,
    }


def _hour(over: Hour) -> dict[str, Any]:
    kept = {name: getattr(over, name) for name in ("market_id", "hour", "trades", "prices")}
    return kept | {"dwell": over.dwell.to_list(), "last_at": moment(over.last_at)}
