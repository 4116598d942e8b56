"""The course of a decision: what its options were priced at from the opening on, in a few steps of equal length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.markets import ticks
from core.markets.market import Market

STEPS_MOST = 20
STEP_LEAST = timedelta(minutes=1)


@dataclass(frozen=True)
class Course:
    """Averages over steps that end at ``moments``, whole seconds since 1970.

    ``values`` has, for each market by its id as text (these are facts of announcements, and JSON knows no other keys),
    one expected value a step in micro-units of its metric; steps that end before the market opened have none.
    """

    moments: tuple[int, ...]
    values: Mapping[str, tuple[float | None, ...]]


def course(connection: Connection, markets: Sequence[Market], end: datetime) -> Course:
    """From the first opening to the end; without steps if that is less than two minutes."""
    start = min(market.opened_at for market in markets)
    steps = min(STEPS_MOST, (end - start) // STEP_LEAST)
    if steps < 2:
        return Course((), {str(market.id): () for market in markets})
    bounds = [start + (end - start) * n / steps for n in range(steps + 1)]
    found = {str(market.id): _values(connection, market, bounds) for market in markets}
    return Course(tuple(int(bound.timestamp()) for bound in bounds[1:]), found)


def _values(connection: Connection, market: Market, bounds: Sequence[datetime]) -> tuple[float | None, ...]:
    averages = ticks.averages(connection, market, bounds)
    return tuple(
        None if bound <= market.opened_at else market.expected(prices)
        for bound, prices in zip(bounds[1:], averages, strict=True)
    )
