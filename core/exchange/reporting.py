"""The spread report: facts from the books, posted when they are due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.decision import Decision, State
from core.exchange import lotteries
from core.exchange.course import course
from core.exchange.facts import Implied, Measure, OptionLine, Report, Spread
from core.markets import metrics, readings, registry, ticks, trades
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.metrics import Metric
from core.pricing import distribution, selection
from core.pricing.twap import MILLIONTHS, Tick
from core.units import MICRO

__all__ = [
    "Implied",
    "Measure",
    "OptionLine",
    "Report",
    "Spread",
    "daily_due",
    "floats",
    "implied",
    "post",
    "post_daily",
    "report",
]

WINDOW = timedelta(hours=24)
DAILY_AT = time(9, 0)


def report(
    connection: Connection, by: str, decision_id: int, now: datetime, *, with_course: bool = False
) -> Report:
    """The facts of the spread report as of now; averages end when the options stopped trading together.

    The course is what a chart shows, and costs as much as all else.
    """
    del by  # No decision is confidential yet: who asks makes no difference.
    return _report(connection, decisions.get(connection, decision_id), now, with_course=with_course)


def post(connection: Connection, decision_id: int, occasion: str, now: datetime) -> None:
    """Posts the report to the committee, once for each occasion."""
    decision = decisions.get(connection, decision_id)
    facts = asdict(_report(connection, decision, now, with_course=True))
    key = f"report:{decision.name}:{occasion}"
    address = decision.terms.committee_address
    lanes.announce(connection, key, "report", decision.name, address, facts, now)
    # A picture of all that was traded stands in the report's thread.
    picture = {"decision_id": decision.id, "report": key}
    lanes.announce(
        connection, f"history:{decision.name}:{occasion}", "history", decision.name, address, picture, now
    )


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


def _report(connection: Connection, decision: Decision, now: datetime, *, with_course: bool) -> Report:
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    found = metrics.get_all(connection, [m.metric_id for m in markets.values()])
    # Options are compared over the time in which all of them traded, also when one of them trades on.
    end = min(now, *(market.closes_at for market in markets.values()))
    numbers = sorted({market.measure for market in markets.values()})
    measures = tuple(
        _measure(
            connection,
            decision,
            number,
            [m for m in markets.values() if m.measure == number],
            found,
            now,
            end,
        )
        for number in numbers
    )
    made, taken = decision.record, decision.taken
    return Report(
        decision_id=decision.id,
        question=decision.terms.question,
        state=decision.state,
        at=int(now.timestamp()),
        window_end=int(end.timestamp()),
        window_start=int(max(end - WINDOW, decision.opened_at).timestamp()),
        closes_at=int(decision.terms.closes_at.timestamp()),
        decide_by=int(decision.terms.decide_by.timestamp()),
        freezes_at=int(decision.terms.freezes_at.timestamp()),
        measures=measures,
        chosen=taken.name if taken else _recorded(decision),
        recorded=made is not None,
        final_at=int(made.final_at.timestamp()) if made else None,
        is_trading=any(line.is_trading for measure in measures for line in measure.options),
        halted_at=_halted_at(markets.values()),
        traders=trades.count_traders(connection, markets),
        course=course(connection, list(markets.values()), end) if with_course else None,
        lottery=lotteries.lottery(connection, decision),
    )


def _recorded(decision: Decision) -> str | None:
    """The option that people recorded."""
    made = decision.record
    return decision.option(made.option_id).name if made and made.option_id else None


def _halted_at(markets: Iterable[Market]) -> int | None:
    """Since when trading is halted that would otherwise go on."""
    halted = [m.halted_at for m in markets if m.halted_at and m.state == MarketState.OPEN]
    return int(min(halted).timestamp()) if halted else None


def _measure(
    connection: Connection,
    decision: Decision,
    number: int,
    markets: Sequence[Market],
    found: Mapping[int, Metric],
    now: datetime,
    end: datetime,
) -> Measure:
    traders = trades.count_traders_in(connection, (market.id for market in markets))
    every = [_line(connection, decision, m, found[m.metric_id], traders[m.id], now, end) for m in markets]
    drawn_in = {market.id for market in markets if decision.is_drawn_in(market.branch_id)}
    lines = tuple(line for line in every if line.market_id not in drawn_in)
    drawn = tuple(line for line in every if line.market_id in drawn_in)
    by_id = {market.id: market for market in markets}
    definitions = [found[each].definition for each in dict.fromkeys(m.metric_id for m in markets)]
    return Measure(
        number=number,
        metric=" / ".join(definition.name for definition in definitions),
        unit=definitions[0].unit,
        wording="\n".join(definition.wording for definition in definitions),
        low=min(definition.low for definition in definitions),
        high=max(definition.high for definition in definitions),
        options=lines,
        spread=_spread(lines, by_id),
        drawn=drawn,
        drawn_spread=_spread(drawn, by_id) if drawn else None,
        traded_apart=trades.count_apart(connection, by_id) if drawn else 0,
    )


def _line(
    connection: Connection,
    decision: Decision,
    market: Market,
    metric: Metric,
    traders: int,
    now: datetime,
    end: datetime,
) -> OptionLine:
    option = decision.option_of(market.branch_id or 0)
    if option is None:
        raise AssertionError(f"{market.name} hangs on no option")
    prices = floats(market.tick)
    return OptionLine(
        number=option.number,
        name=option.name,
        market_id=market.id,
        metric_id=metric.id,
        metric=metric.definition.name,
        outcomes=tuple(each.name for each in market.outcomes),
        prices=prices,
        expected=market.expected(prices),
        implied=implied(market, prices),
        average=market.expected(ticks.average_prices(connection, market, end - WINDOW, end)),
        trades=market.trades,
        traders=traders,
        is_settled=market.state == MarketState.SETTLED,
        came_to=_came_to(connection, market),
        is_trading=market.is_trading(now),
        added_at=int(option.added_at.timestamp()) if option.added_at else None,
    )


def _came_to(connection: Connection, market: Market) -> int | None:
    """What the reading was that settled it."""
    if market.state != MarketState.SETTLED:
        return None
    settled_by = readings.find(connection, market.metric_id)
    return settled_by.value if settled_by else None


def implied(market: Market, prices: Sequence[float]) -> Implied | None:
    """What prices of bins say beyond the mean."""
    if len(market.outcomes) == 2:
        return None
    found = distribution.of_hats(prices, market.centres)
    return Implied(found.sd, (found.quantile(0.1), found.quantile(0.5), found.quantile(0.9)))


def _spread(lines: Sequence[OptionLine], markets: Mapping[int, Market]) -> Spread:
    leader, follower = sorted(lines, key=lambda line: -line.average)[:2]
    cost = selection.flip(*(_leg(line, markets[line.market_id]) for line in (leader, follower)))
    return Spread(
        leader.name, follower.name, leader.average - follower.average, cost.outlay, cost.expected_loss
    )


def _leg(line: OptionLine, market: Market) -> selection.Leg:
    """The market as the report prices it, with the expected value that it has on average."""
    return selection.Leg(market.liquidity / MICRO, line.prices, market.centres, line.average)


def floats(tick: Tick) -> tuple[float, ...]:
    """Its prices."""
    return tuple(price / MILLIONTHS for price in tick.prices)
