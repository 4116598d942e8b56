"""Prices over time: what a trade leaves behind, and averages and medians of any window, however long the history.

A tick carries running integrals, so an average is two seeks. Hours in which a market traded carry how long its level
stayed at each point, so a median reads an hour's row where it would otherwise read thousands of ticks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from core.database import milliseconds, moment
from core.markets.market import Market, Newest
from core.markets.tables import market_hour, trade, tranche
from core.pricing import lag, lmsr, median, payout, twap
from core.pricing.lag import Observation
from core.pricing.median import Dwell
from core.pricing.twap import Tick
from core.rows import Prepared, gather

EXACT_TICKS = 5_000  # A median over fewer is taken from the ticks themselves.
HOUR = 3_600_000  # Milliseconds.


@dataclass(frozen=True)
class Hour:
    """An hour that is over: how long each level stayed, up to its last tick, and the prices from then on."""

    market_id: int
    hour: int
    dwell: Dwell
    last_at: int
    trades: int
    prices: tuple[int, ...]


@dataclass(frozen=True)
class Tranche:
    """Liquidity added after so many trades at the prices in force, and what it added to the weights."""

    number: int
    after_trade: int
    liquidity: int
    weights: tuple[int, ...]


def follow(market: Market, prices: Sequence[float], now: datetime) -> tuple[Newest, Hour | None]:
    """The market's newest tick once its prices changed, and the hour of the one before it, if that is over."""
    last = market.newest
    tick = twap.follow(last.tick, milliseconds(now), prices)
    observation = lag.follow(last.observation, tick.at, market.level(tick.prices))
    hour, level = tick.at // HOUR, last.observation.level
    if hour == last.tick.at // HOUR:
        return Newest(tick, observation, last.dwell.add(level, tick.at - last.tick.at)), None
    over = Hour(market.id, last.tick.at // HOUR, last.dwell, last.tick.at, market.trades, last.tick.prices)
    return Newest(tick, observation, Dwell().add(level, tick.at - hour * HOUR)), over


def average_prices(connection: Connection, of: Market, start: datetime, end: datetime) -> list[float]:
    """Time-weighted average prices over a window, from the market's opening on; two seeks."""
    first, last = _window(of, start, end)
    before, after = _stands(connection, of, [first, last])
    return twap.average(before.tick, first, after.tick, last)


def averages(connection: Connection, of: Market, bounds: Sequence[datetime]) -> list[list[float]]:
    """The same between each bound and the next: as many seeks as there are bounds, in one round trip."""
    at = [max(milliseconds(bound), milliseconds(of.opened_at)) for bound in bounds]
    found = [stand.tick for stand in _stands(connection, of, at)]
    steps = zip(at, found, at[1:], found[1:], strict=False)
    return [twap.average(first, start, last, end) for start, first, end, last in steps]


def all_of(connection: Connection, of: Market) -> list[Tick]:
    """Every tick after the opening, oldest first."""
    wanted = select(trade).where(trade.c.market_id == of.id).order_by(trade.c.at, trade.c.number)
    return [_tick(row) for row in connection.execute(wanted)]


def average_lagged(connection: Connection, of: Market, start: datetime, end: datetime) -> float:
    """The same of the lagged level, as a value of the metric; a short push hardly moves it."""
    first, last = _window(of, start, end)
    before, after = _stands(connection, of, [first, last])
    return of.value_at(lag.average(before.observation, first, after.observation, last))


def median_value(connection: Connection, of: Market, start: datetime, end: datetime) -> float:
    """The time-weighted median of the expected value over a window, in micro-units of the metric.

    Exact while the window holds fewer than 5,000 ticks, or is shorter than an hour. Past that it comes from the hours'
    rows and is within half a point of the range of the exact one for whole hours; an hour that the window cuts counts
    in proportion.
    """
    first, last = _window(of, start, end)
    before, after = _stands(connection, of, [first, last])
    if last <= first:
        return of.value_at(after.observation.level / twap.MILLIONTHS)
    if after.number - before.number < EXACT_TICKS or last - first < HOUR:
        level = median.median(_spent(connection, of, before, first, last))
    else:
        level = median.over(_dwells(connection, of, first, last), first, last).median()
    return of.value_at(level / twap.MILLIONTHS)


def void_vector(connection: Connection, of: Market) -> payout.Vector:
    """What a share of each outcome pays if the metric is never measured: its average price over the void window."""
    first, last = _window(of, of.void_from, of.void_until)
    before, after = (each.tick for each in _stands(connection, of, [first, last]))
    if last <= first:
        return payout.in_proportion(after.prices)
    gained = zip(twap.integrals(after, last), twap.integrals(before, first), strict=True)
    return payout.in_proportion([end - start for end, start in gained])


def opening(connection: Connection, of: Market) -> Newest:
    """The tick of a market's opening, before any trade."""
    first = tranches(connection, of.id)[0]
    prices = lmsr.State(first.liquidity, (0,) * len(first.weights), first.weights).prices
    return of.opened_with(prices)


def tranches(connection: Connection, market_id: int) -> list[Tranche]:
    """A market's tranches in their order, the first one from its opening."""
    rows = _TRANCHES.named(connection, market=market_id)
    return [Tranche(row.number, row.after_trade, row.liquidity, tuple(row.weights)) for row in rows]


@dataclass(frozen=True)
class _Stand:
    """What was in force at a moment: the number of the last trade, its tick and observation."""

    number: int
    tick: Tick
    observation: Observation


def _window(of: Market, start: datetime, end: datetime) -> tuple[int, int]:
    opened = milliseconds(of.opened_at)
    return max(milliseconds(start), opened), max(milliseconds(end), opened)


def _stands(connection: Connection, of: Market, moments: Sequence[int]) -> list[_Stand]:
    """What was in force at each of these milliseconds."""
    asked = [(_NEWEST_AT, {"market": of.id, "at": at}) for at in moments]
    found = [_NEWEST_AT.read(rows) for rows in gather(connection, *asked)]
    first = opening(connection, of) if not all(found) else None
    return [_stand(of, rows, first) for rows in found]


def _stand(of: Market, newest: Sequence[Any], first: Newest | None) -> _Stand:
    for row in newest:
        return _Stand(row.number, _tick(row), of.observed(row))
    if first is None:
        raise AssertionError(f"{of.name} had no price at all")
    return _Stand(0, first.tick, first.observation)


# The last trade up to a moment.
_NEWEST_AT = Prepared(
    select(
        trade.c.at,
        trade.c.number,
        trade.c.prices,
        trade.c.integrals,
        trade.c.observation,
        trade.c.observation_integral,
    )
    .where(trade.c.market_id == bindparam("market"), trade.c.at <= bindparam("at"))
    .order_by(trade.c.at.desc(), trade.c.number.desc())
    .limit(1)
)
_TRANCHES = Prepared(
    select(tranche).where(tranche.c.market_id == bindparam("market")).order_by(tranche.c.number)
)


def _tick(row: Any) -> Tick:
    return Tick(milliseconds(row.at), tuple(row.prices), tuple(row.integrals))


def _spent(
    connection: Connection, of: Market, before: _Stand, first: int, last: int
) -> Iterator[tuple[int, int]]:
    """Each level in a window, and how long it was in force there."""
    wanted = select(trade.c.at, trade.c.prices).where(
        trade.c.market_id == of.id, trade.c.at > moment(first), trade.c.at <= moment(last)
    )
    at, level = first, before.observation.level
    for row in connection.execute(wanted.order_by(trade.c.at, trade.c.number)):
        yield level, milliseconds(row.at) - at
        at, level = milliseconds(row.at), of.level(row.prices)
    yield level, last - at


def _dwells(connection: Connection, of: Market, first: int, last: int) -> Iterator[tuple[int, Dwell]]:
    """The market's dwells around a window, hour by hour with the quiet between: when each began, and what it held."""
    hour = market_hour.c
    earlier = select(hour.hour).where(hour.market_id == of.id, hour.hour <= first // HOUR)
    start = connection.execute(earlier.order_by(hour.hour.desc()).limit(1)).scalar_one_or_none()
    wanted = select(market_hour).where(hour.market_id == of.id, hour.hour <= last // HOUR)
    if start is not None:
        wanted = wanted.where(hour.hour >= start)
    rows = [
        (row.hour, Dwell.from_list(row.dwell), milliseconds(row.last_at), of.level(row.prices))
        for row in connection.execute(wanted.order_by(hour.hour))
    ]
    newest = of.newest
    rows.append((newest.tick.at // HOUR, newest.dwell, newest.tick.at, newest.observation.level))
    quiet_from, level = 0, 0
    for number, (of_hour, dwell, last_at, closing) in enumerate(rows):
        began_at = max(of_hour * HOUR, milliseconds(of.opened_at))
        if number:
            yield quiet_from, Dwell().add(level, began_at - quiet_from)
        yield began_at, dwell
        quiet_from, level = last_at, closing
    if last > quiet_from:
        yield quiet_from, Dwell().add(level, last - quiet_from)
