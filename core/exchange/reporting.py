"""The spread report and the outcome summary: facts from the books, posted when they are due."""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.registry import Decision, State
from core.exchange import telling
from core.markets import metrics, registry, trades
from core.markets.metrics import Metric
from core.markets.registry import LONG, Market
from core.pricing import payout, selection
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

WINDOW = timedelta(hours=24)
DAILY_AT = time(9, 0)


@dataclass(frozen=True)
class OptionLine:
    """One option: expected values if it is chosen, in micro-units of the metric; prices are of LONG."""

    number: int
    name: str
    market_id: int
    price: float
    expected: float
    average: float
    trades: int
    traders: int
    is_trading: bool


@dataclass(frozen=True)
class Spread:
    """How far the highest option is priced above the next, by 24 h averages, and what erasing that would take."""

    leader: str
    follower: str
    gap: float
    outlay_credits: float
    expected_loss_credits: float


@dataclass(frozen=True)
class Report:
    """A decision as the market sees it. Times are whole seconds since 1970, UTC."""

    decision_id: int
    question: str
    state: str
    metric: str
    unit: str
    wording: str
    low: int
    high: int
    at: int
    window_end: int
    window_start: int
    closes_at: int
    decide_by: int
    freezes_at: int
    options: tuple[OptionLine, ...]
    chosen: str | None
    recorded: bool
    final_at: int | None
    is_trading: bool
    spread: Spread
    traders: int


def report(connection: Connection, by: str, decision_id: int, now: datetime) -> Report:
    """The facts of the spread report as of now; averages end when the options stopped trading together."""
    del by  # No decision is confidential yet: who asks makes no difference.
    return _report(connection, decisions.get(connection, decision_id), now)


def post(connection: Connection, decision_id: int, occasion: str, now: datetime) -> None:
    """Posts the report to the committee, once for each occasion."""
    decision = decisions.get(connection, decision_id)
    facts = asdict(_report(connection, decision, now))
    key = f"report:{decision.name}:{occasion}"
    lanes.announce(connection, key, "report", decision.name, decision.terms.committee_address, facts, now)


def post_daily(connection: Connection, decision_id: int, now: datetime) -> None:
    """The daily report of an open decision, if one is due; days that were missed share one."""
    decision = decisions.lock(connection, decision_id)
    due_at = daily_due(decision.reported_at)
    if decision.state != State.OPEN or now < due_at:
        return
    while daily_due(due_at) <= now:
        due_at = daily_due(due_at)
    post(connection, decision_id, due_at.isoformat(), now)
    decisions.set_reported(connection, decision_id, now)


def daily_due(reported_at: datetime) -> datetime:
    """The first reporting time after a moment."""
    same_day = datetime.combine(reported_at.date(), DAILY_AT, reported_at.tzinfo)
    return same_day if same_day > reported_at else same_day + timedelta(days=1)


def post_outcome(connection: Connection, decision_id: int, now: datetime) -> None:
    """The summary once the decision is settled: what was priced, what happened."""
    decision = decisions.get(connection, decision_id)
    made = decision.record
    if made is None or made.option_id is None:
        raise AssertionError("an outcome without a choice")
    market = next(iter(registry.in_branches(connection, [branch.id for branch in decision.live]).values()))
    metric = metrics.get_all(connection, [market.metric_id])[market.metric_id]
    filed = metrics.find_reading(connection, metric.id)
    if filed is None:
        raise AssertionError("an outcome without a reading")
    closed_at = decision.terms.closes_at
    at_close = trades.average_prices(connection, market, closed_at - WINDOW, closed_at)
    facts = {
        "chosen": decision.option(made.option_id).name,
        "reason": made.reason,
        "metric": metric.definition.name,
        "unit": metric.definition.unit,
        "low": metric.definition.low,
        "high": metric.definition.high,
        "value": filed.value,
        "source": filed.source,
        "opened_at_value": _expected(trades.opening_tick(market).prices[LONG] / MILLIONTHS, metric),
        "closed_at_value": _expected(at_close[LONG], metric),
        "frozen_at_value": _expected(market.tick.prices[LONG] / MILLIONTHS, metric),
        "traders": trades.count_traders(connection, [market.id]),
        "trades": market.trades,
    }
    telling.everywhere(connection, decision, "outcome", facts, now)


def _report(connection: Connection, decision: Decision, now: datetime) -> Report:
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    metric = metrics.get_all(connection, [m.metric_id for m in markets.values()])
    # Options are compared over the time in which all of them traded, also when one of them trades on.
    end = min(now, *(market.closes_at for market in markets.values()))
    lines = tuple(_line(connection, decision, m, metric[m.metric_id], now, end) for m in markets.values())
    definition = next(iter(metric.values())).definition
    made = decision.record
    return Report(
        decision_id=decision.id,
        question=decision.terms.question,
        state=decision.state,
        metric=definition.name,
        unit=definition.unit,
        wording=definition.wording,
        low=definition.low,
        high=definition.high,
        at=int(now.timestamp()),
        window_end=int(end.timestamp()),
        window_start=int(max(end - WINDOW, decision.opened_at).timestamp()),
        closes_at=int(decision.terms.closes_at.timestamp()),
        decide_by=int(decision.terms.decide_by.timestamp()),
        freezes_at=int(decision.terms.freezes_at.timestamp()),
        options=lines,
        chosen=decision.option(made.option_id).name if made and made.option_id else None,
        recorded=made is not None,
        final_at=int(made.final_at.timestamp()) if made else None,
        is_trading=any(line.is_trading for line in lines),
        spread=_spread(lines, markets, definition.low, definition.high),
        traders=trades.count_traders(connection, markets),
    )


def _line(
    connection: Connection, decision: Decision, market: Market, metric: Metric, now: datetime, end: datetime
) -> OptionLine:
    option = decision.option_of(market.branch_id or 0)
    if option is None:
        raise AssertionError("a market hangs on no option")
    average = trades.average_prices(connection, market, end - WINDOW, end)[LONG]
    price = market.tick.prices[LONG] / MILLIONTHS
    return OptionLine(
        number=option.number,
        name=option.name,
        market_id=market.id,
        price=price,
        expected=_expected(price, metric),
        average=_expected(average, metric),
        trades=market.trades,
        traders=trades.count_traders(connection, [market.id]),
        is_trading=market.state == registry.State.OPEN and now < market.closes_at,
    )


def _spread(lines: tuple[OptionLine, ...], markets: dict[int, Market], low: int, high: int) -> Spread:
    leader, follower = sorted(lines, key=lambda line: -line.average)[:2]

    def leg(line: OptionLine) -> tuple[float, float]:
        return markets[line.market_id].liquidity / MICRO, payout.price_of(line.average, low, high)

    cost = selection.flip(leg(leader), leg(follower))
    return Spread(
        leader.name, follower.name, leader.average - follower.average, cost.outlay, cost.expected_loss
    )


def _expected(price: float, metric: Metric) -> float:
    return payout.expected(price, metric.definition.low, metric.definition.high)
