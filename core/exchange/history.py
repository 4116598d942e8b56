"""The whole history of a decision's prices, for a picture: every trade while they are few, averages once they are many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.exchange.redefining import redefined
from core.markets import metrics, registry, ticks
from core.markets.market import Market
from core.pricing.twap import MILLIONTHS

TRADES_MOST = 2_000  # Of one market: past that a picture shows averages.
STEPS = 400


@dataclass(frozen=True)
class Line:
    """One option in one measure. Points are a time, in seconds since 1970, and the expected value from then on.

    In hindsight, what it came to and what the committee forecast before the close are there too, as values of the metric.
    """

    option: str
    metric: str
    unit: str
    low: int
    high: int
    measure: int
    points: tuple[tuple[float, float], ...]
    trades: int
    are_trades: bool
    came_to: int | None = None
    forecast: float | None = None
    is_drawn: bool | None = None


@dataclass(frozen=True)
class History:
    """``until`` is the end of what is shown; times are seconds since 1970.

    A question that hangs on no decision has a market instead of one.
    """

    decision_id: int | None
    question: str
    lines: tuple[Line, ...]
    until: int
    closes_at: int
    recorded_at: int | None
    chosen: str | None
    redefined: tuple[tuple[int, str], ...] = ()
    market_id: int | None = None
    froze_at: int | None = None

    @property
    def trades(self) -> int:
        return sum(line.trades for line in self.lines)


def history(connection: Connection, by: str, decision_id: int, now: datetime) -> History:
    """From the opening until now, or until the last of its markets stopped trading."""
    del by  # No decision is confidential yet: who asks makes no difference.
    decision = decisions.get(connection, decision_id)
    branches = [branch.id for branch in decision.branches if not decision.is_idle(branch.id)]
    markets = list(registry.in_branches(connection, branches).values())
    until = min(now, max(market.closes_at for market in markets))
    made = decision.record
    return History(
        decision_id=decision.id,
        question=decision.terms.question,
        lines=tuple(_line(connection, decision, market, until) for market in markets),
        until=int(until.timestamp()),
        closes_at=int(decision.terms.closes_at.timestamp()),
        recorded_at=int(made.recorded_at.timestamp()) if made else None,
        chosen=decision.option(made.option_id).name if made and made.option_id else None,
        redefined=redefined(connection, [market.metric_id for market in markets]),
    )


def _line(connection: Connection, decision: Decision, market: Market, until: datetime) -> Line:
    option = decision.option_of(market.branch_id or 0)
    if option is None:
        raise AssertionError(f"{market.name} hangs on no option")
    return line(connection, market, until, option.name, is_drawn=decision.is_drawn_in(market.branch_id))


def line(
    connection: Connection, market: Market, until: datetime, option: str = "", *, is_drawn: bool | None = None
) -> Line:
    """What one market was priced at, up to a moment."""
    definition = metrics.get(connection, market.metric_id).definition
    are_trades = market.trades <= TRADES_MOST
    points = _every(connection, market) if are_trades else _averaged(connection, market, until)
    return Line(
        option=option,
        metric=definition.name,
        unit=definition.unit,
        low=definition.low,
        high=definition.high,
        measure=market.measure,
        points=tuple(points),
        trades=market.trades,
        are_trades=are_trades,
        is_drawn=is_drawn,
    )


def _every(connection: Connection, market: Market) -> Sequence[tuple[float, float]]:
    """The opening and each trade."""
    first = ticks.opening(connection, market).tick
    return [
        (tick.at / 1000, market.expected([price / MILLIONTHS for price in tick.prices]))
        for tick in (first, *ticks.all_of(connection, market))
    ]


def _averaged(connection: Connection, market: Market, until: datetime) -> Sequence[tuple[float, float]]:
    bounds = [market.opened_at + (until - market.opened_at) * n / STEPS for n in range(STEPS + 1)]
    averages = ticks.averages(connection, market, bounds)
    return [
        (bound.timestamp(), market.expected(prices))
        for bound, prices in zip(bounds[1:], averages, strict=True)
    ]
