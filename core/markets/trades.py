"""Executed orders: one row a trade, with the tick it left; what was filled under a key is told again, not done again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from core.database import milliseconds, moment, upsert
from core.errors import KeyReused
from core.markets.orders import Deal, Order
from core.markets.registry import Market
from core.markets.tables import trade, trader
from core.pricing import lmsr, twap
from core.pricing.twap import Tick


@dataclass(frozen=True)
class Trade:
    """A trade to be kept: the order, its deal, who traded, and the tick it left."""

    order: Order
    deal: Deal
    market_id: int
    number: int
    person: int
    tick: Tick
    fill: Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """What a key was used for: the order as it came, and what was answered."""

    asked: list[object]
    fill: Mapping[str, Any]

    def answer(self, order: Order) -> Mapping[str, Any]:
        """The first fill. Raises KeyReused if the order is not the one that the key was used for."""
        if self.asked != order.asked:
            raise KeyReused(order.key)
        return self.fill


def find(connection: Connection, keys: Collection[str]) -> dict[str, Kept]:
    rows = connection.execute(select(trade.c.key, trade.c.asked, trade.c.fill).where(trade.c.key.in_(keys)))
    return {row.key: Kept(row.asked, row.fill) for row in rows}


def tick_after(market: Market, deal: Deal, now: datetime) -> Tick:
    """The market's tick once the deal is done."""
    return twap.follow(market.tick, milliseconds(now), deal.after)


def save(connection: Connection, trades: Sequence[Trade], entry_ids: Mapping[str, int]) -> None:
    """Keeps the trades, whose entries have the ids given by order key, and counts them for each trader."""
    if not trades:
        return
    connection.execute(insert(trade), [_row(each, entry_ids[each.order.key]) for each in trades])
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


def count_traders(connection: Connection, market_ids: Iterable[int]) -> int:
    """People who traded in any of the markets."""
    wanted = select(func.count(trader.c.person_id.distinct())).where(trader.c.market_id.in_(list(market_ids)))
    return connection.execute(wanted).scalar_one()


def average_prices(connection: Connection, market: Market, start: datetime, end: datetime) -> list[float]:
    """Time-weighted average prices over a window, from the market's opening on; two seeks."""
    first, last = max(milliseconds(start), milliseconds(market.opened_at)), milliseconds(end)
    return twap.average(_tick_at(connection, market, first), first, _tick_at(connection, market, last), last)


def _tick_at(connection: Connection, market: Market, at: int) -> Tick:
    row = connection.execute(
        select(trade.c.at, trade.c.prices, trade.c.integrals)
        .where(trade.c.market_id == market.id, trade.c.at <= moment(at))
        .order_by(trade.c.at.desc(), trade.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row:
        return Tick(milliseconds(row.at), tuple(row.prices), tuple(row.integrals))
    return opening_tick(market)


def opening_tick(market: Market) -> Tick:
    """The tick of a market's opening, before any trade."""
    weights = tuple(each.weight for each in market.outcomes)
    opening = lmsr.prices(lmsr.State(market.liquidity, (0,) * len(weights), weights))
    return Tick(milliseconds(market.opened_at), twap.millionths(opening), (0,) * len(weights))


def _row(each: Trade, entry_id: int) -> dict[str, Any]:
    return {
        "key": each.order.key,
        "entry_id": entry_id,
        "market_id": each.market_id,
        "number": each.number,
        "person_id": each.person,
        "asked": each.order.asked,
        "outcome": each.deal.outcome,
        "shares": each.deal.shares,
        "cost": each.deal.cost,
        "sets": each.deal.sets,
        "at": moment(each.tick.at),
        "prices": list(each.tick.prices),
        "integrals": list(each.tick.integrals),
        "fill": dict(each.fill),
    }
