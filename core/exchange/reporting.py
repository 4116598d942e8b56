"""The spread report and the outcome summary: facts from the books, posted when they are due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.exchange import telling
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
    "floats",
    "implied",
    "post_answer",
    "post_outcome",
    "report",
]

WINDOW = timedelta(hours=24)


def report(
    connection: Connection, by: str, decision_id: int, now: datetime, *, with_course: bool = False
) -> Report:
    """The facts of the spread report as of now; averages end when the options stopped trading together.

    The course is what a chart shows, and costs as much as all else.
    """
    del by  # No decision is confidential yet: who asks makes no difference.
    return _report(connection, decisions.get(connection, decision_id), now, with_course=with_course)


def post_outcome(connection: Connection, decision_id: int, now: datetime) -> None:
    """The summary once the decision is settled: what was priced, what happened."""
    decision = decisions.get(connection, decision_id)
    made = decision.record
    if made is None or made.option_id is None:
        raise AssertionError("an outcome without a choice")
    markets = registry.in_branches(connection, [branch.id for branch in decision.live])
    facts = {
        "chosen": decision.option(made.option_id).name,
        "reason": made.reason,
        "measures": [_outcome(connection, market, decision.terms.closes_at) for market in markets.values()],
        "traders": trades.count_traders(connection, markets),
        "trades": sum(market.trades for market in markets.values()),
    }
    telling.everywhere(connection, decision, "outcome", facts, now)


def post_answer(connection: Connection, market: Market, now: datetime) -> None:
    """The summary of a question that hangs on no decision, once it is settled."""
    facts = {
        "measures": [_outcome(connection, market, market.closes_at)],
        "traders": trades.count_traders(connection, [market.id]),
        "trades": market.trades,
    }
    telling.question(connection, market, "answer", facts, now)


def _outcome(connection: Connection, market: Market, closed_at: datetime) -> dict[str, Any]:
    """What it was priced at and what happened; ``closed_at`` is when trading ended as far as it is compared."""
    definition = metrics.get(connection, market.metric_id).definition
    filed = readings.find(connection, market.metric_id)
    if filed is None:
        raise AssertionError("an outcome without a reading")
    at_close = ticks.average_prices(connection, market, closed_at - WINDOW, closed_at)
    return {
        "metric": definition.name,
        "unit": definition.unit,
        "low": definition.low,
        "high": definition.high,
        "value": filed.value,
        "source": filed.source,
        "opened_at_value": market.expected(floats(ticks.opening(connection, market).tick)),
        "closed_at_value": market.expected(at_close),
        "frozen_at_value": market.expected(floats(market.tick)),
    }


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
    made = decision.record
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
        chosen=decision.option(made.option_id).name if made and made.option_id else None,
        recorded=made is not None,
        final_at=int(made.final_at.timestamp()) if made else None,
        is_trading=any(line.is_trading for measure in measures for line in measure.options),
        halted_at=_halted_at(markets.values()),
        traders=trades.count_traders(connection, markets),
        course=course(connection, list(markets.values()), end) if with_course else None,
    )


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
    lines = tuple(
        _line(connection, decision, m, found[m.metric_id], traders[m.id], now, end) for m in markets
    )
    definitions = [found[each].definition for each in dict.fromkeys(m.metric_id for m in markets)]
    return Measure(
        number=number,
        metric=" / ".join(definition.name for definition in definitions),
        unit=definitions[0].unit,
        wording="\n".join(definition.wording for definition in definitions),
        low=min(definition.low for definition in definitions),
        high=max(definition.high for definition in definitions),
        options=lines,
        spread=_spread(lines, {market.id: market for market in markets}),
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
