"""Watches: how far a market's prices have moved since its traders were last looked through, and since each of them knew it.

A market's traders are looked through whenever its prices have moved by a quarter of a step since they last were. So
each of them is found before the prices have moved by more than a step and a quarter from what they saw, and a trade
need not look for anybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from core.database import milliseconds, moment
from core.markets.market import Market, State
from core.markets.tables import market, trade, trader, watch
from core.pricing.twap import MILLIONTHS

STEP = MILLIONTHS // 10
LOOK = STEP // 4


@dataclass(frozen=True)
class Watch:
    """After so many trades, at these prices, a market's traders were last looked through; or they still are."""

    trades: int
    prices: tuple[int, ...]
    looked_to: int | None


@dataclass(frozen=True)
class Seen:
    """What a trader last saw a market priced at, and when: by trading there, or by being told."""

    person: int
    at: datetime
    prices: tuple[int, ...]


def distance(before: Sequence[int], after: Sequence[int]) -> int:
    """How much of all probability went from some outcomes to others, in millionths.

    Between two outcomes that is how far the expected value moved, as a part of the metric's range; among more it is at
    least as much.
    """
    return sum(abs(a - b) for a, b in zip(before, after, strict=True)) // 2


def begin(connection: Connection, market_id: int, prices: Sequence[int]) -> None:
    connection.execute(insert(watch).values(market_id=market_id, trades=0, prices=list(prices)))


def due(connection: Connection, now: datetime) -> list[int]:
    """Markets that trade and whose traders are to be looked through, of those in which somebody traded since they were."""
    is_trading = (market.c.state == State.OPEN) & market.c.halted_at.is_(None) & (market.c.closes_at > now)
    is_changed = watch.c.looked_to.is_not(None) | (market.c.trades != watch.c.trades)
    wanted = (
        select(market.c.id, market.c.prices, watch.c.prices.label("before"), watch.c.looked_to)
        .join(watch, watch.c.market_id == market.c.id)
        .where(is_trading, is_changed)
        .order_by(market.c.id)
    )
    rows = connection.execute(wanted).all()
    return [row.id for row in rows if row.looked_to is not None or _is_far(row.before, row.prices)]


def begun(connection: Connection, of: Market) -> Watch | None:
    """The look through a locked market's traders that goes on, or that begins now; None if none is due."""
    row = connection.execute(select(watch).where(watch.c.market_id == of.id)).one()
    if row.looked_to is not None:
        return Watch(row.trades, tuple(row.prices), row.looked_to)
    return Watch(of.trades, of.tick.prices, 0) if _is_far(row.prices, of.tick.prices) else None


def save(connection: Connection, market_id: int, begun: Watch, looked_to: int | None) -> None:
    """Keeps how far the look has come; None if all were looked at."""
    values = {"trades": begun.trades, "prices": list(begun.prices), "looked_to": looked_to}
    connection.execute(update(watch).where(watch.c.market_id == market_id).values(values))


def seen(connection: Connection, of: Market, after: int, most: int) -> list[Seen]:
    """The next of those who traded in a market, in the order of their ids, and what each last saw there."""
    last = trade.alias()
    prices = (
        select(last.c.prices)
        .where(last.c.market_id == of.id, last.c.at <= trader.c.seen_at, last.c.number <= trader.c.seen_trade)
        .order_by(last.c.at.desc(), last.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = select(trader.c.person_id, trader.c.seen_at, prices.label("prices")).where(
        trader.c.market_id == of.id, trader.c.person_id > after
    )
    rows = connection.execute(wanted.order_by(trader.c.person_id).limit(most))
    # Whose trade is not known, an older program's, counts as having seen the newest.
    return [Seen(row.person_id, row.seen_at, tuple(row.prices or of.tick.prices)) for row in rows]


def saw(connection: Connection, of: Market, people: Iterable[int], now: datetime) -> None:
    """They know its prices of now; as with ticks, time never runs back within a market."""
    at = moment(max(milliseconds(now), of.tick.at))
    these = (trader.c.market_id == of.id) & trader.c.person_id.in_(list(people))
    connection.execute(update(trader).where(these).values(seen_at=at, seen_trade=of.trades))


def _is_far(before: Sequence[int], after: Sequence[int]) -> bool:
    return distance(before, after) >= LOOK
