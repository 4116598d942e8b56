"""Executed orders: one row a trade, with the tick it left; what was filled under a key is told again, not done again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.database import milliseconds, moment, upsert
from core.errors import KeyReused
from core.ledger.tables import entry
from core.markets.deals import Deal
from core.markets.orders import Order
from core.markets.registry import Market
from core.markets.tables import limit_order, market, trade, trader, tranche
from core.pricing import lmsr, payout, twap
from core.pricing.twap import Tick


@dataclass(frozen=True)
class Trade:
    """A trade to be kept: the order, its deal, who traded, the tick it left, and what the trader was told."""

    order: Order
    deal: Deal
    market_id: int
    number: int
    person: int
    tick: Tick
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


def tick_after(market: Market, deal: Deal, now: datetime) -> Tick:
    """The market's tick once the deal is done."""
    return twap.follow(market.tick, milliseconds(now), deal.after)


def save(
    connection: Connection,
    trades: Sequence[Trade],
    markets: Iterable[Market],
    entry_ids: Mapping[str, int],
    order_ids: Mapping[int, int],
) -> None:
    """Keeps the trades, counts them, and keeps their markets' newest ticks.

    Entries have the ids given by key, limit orders that were placed in the same batch those given by the old ones.
    """
    if not trades:
        return
    rows = [_row(each, entry_ids[entry_key(each.order.key)], order_ids) for each in trades]
    connection.execute(insert(trade), rows)
    connection.execute(
        update(market).where(market.c.id == bindparam("market_id")), [_newest(each) for each in markets]
    )
    _count(connection, trades)


def count_traders(connection: Connection, market_ids: Iterable[int]) -> int:
    """People who traded in any of the markets."""
    wanted = select(func.count(trader.c.person_id.distinct())).where(trader.c.market_id.in_(list(market_ids)))
    return connection.execute(wanted).scalar_one()


def average_prices(connection: Connection, of: Market, start: datetime, end: datetime) -> list[float]:
    """Time-weighted average prices over a window, from the market's opening on; two seeks."""
    first, last = _window(of, start, end)
    return twap.average(_tick_at(connection, of, first), first, _tick_at(connection, of, last), last)


def void_vector(connection: Connection, of: Market) -> payout.Vector:
    """What a share of each outcome pays if the metric is never measured: its average price over the void window."""
    first, last = _window(of, of.void_from, of.void_until)
    before, after = _tick_at(connection, of, first), _tick_at(connection, of, last)
    if last <= first:
        return payout.in_proportion(after.prices)
    gained = zip(twap.integrals(after, last), twap.integrals(before, first), strict=True)
    return payout.in_proportion([end - start for end, start in gained])


def opening_tick(connection: Connection, of: Market) -> Tick:
    """The tick of a market's opening, before any trade."""
    first = tranches(connection, of.id)[0]
    opening = lmsr.prices(lmsr.State(first.liquidity, (0,) * len(first.weights), first.weights))
    return Tick(milliseconds(of.opened_at), twap.millionths(opening), (0,) * len(first.weights))


@dataclass(frozen=True)
class Tranche:
    """Liquidity added after so many trades at the prices in force, and what it added to the weights."""

    number: int
    after_trade: int
    liquidity: int
    weights: tuple[int, ...]


def tranches(connection: Connection, market_id: int) -> list[Tranche]:
    """A market's tranches in their order, the first one from its opening."""
    rows = connection.execute(
        select(tranche).where(tranche.c.market_id == market_id).order_by(tranche.c.number)
    )
    return [Tranche(row.number, row.after_trade, row.liquidity, tuple(row.weights)) for row in rows]


def _window(of: Market, start: datetime, end: datetime) -> tuple[int, int]:
    opened = milliseconds(of.opened_at)
    return max(milliseconds(start), opened), max(milliseconds(end), opened)


def _tick_at(connection: Connection, of: Market, at: int) -> Tick:
    row = connection.execute(
        select(trade.c.at, trade.c.prices, trade.c.integrals)
        .where(trade.c.market_id == of.id, trade.c.at <= moment(at))
        .order_by(trade.c.at.desc(), trade.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row:
        return Tick(milliseconds(row.at), tuple(row.prices), tuple(row.integrals))
    return opening_tick(connection, of)


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
        "market_id": of.id,
        "trades": of.trades,
        "tick_at": moment(of.tick.at),
        "prices": of.tick.prices,
        "integrals": of.tick.integrals,
    }


def _row(each: Trade, entry_id: int, order_ids: Mapping[int, int]) -> dict[str, Any]:
    return {
        "market_id": each.market_id,
        "at": moment(each.tick.at),
        "number": each.number,
        "entry_id": entry_id,
        "person_id": each.person,
        "asked": each.order.asked,
        "bought": each.deal.bought,
        "cost": each.deal.cost,
        "sets": each.deal.sets,
        "matched": [[order_ids.get(m.order.id, m.order.id), m.shares] for m in each.deal.matches],
        "prices": each.tick.prices,
        "integrals": each.tick.integrals,
        "observation": 0,
        "observation_integral": 0,
        "told": dict(each.told),
    }
