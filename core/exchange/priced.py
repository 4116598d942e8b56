"""What options are priced at, measure by measure, as facts of a report; and, where it is wanted, how far to trust that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.decisions.decision import Decision, State
from core.exchange import trust
from core.exchange.facts import Implied, Measure, OptionLine
from core.exchange.stakes import stakes
from core.exchange.trust import YEAR, Basis
from core.markets import readings, ticks, trades
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.metrics import Metric
from core.pricing import distribution
from core.pricing.lottery import SURE
from core.pricing.twap import MILLIONTHS, Tick

WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Wanted:
    """How much of a report is wanted: the course and the ranking, which cards draw; all that a full report says.

    ``before`` are averages by market in the report that this one is compared with, ``declared`` the deciders' chances.
    """

    with_course: bool = False
    in_full: bool = False
    before: Mapping[int, float] = field(default_factory=dict)
    declared: tuple[float, ...] | None = None


def measures(
    connection: Connection,
    decision: Decision,
    markets: Mapping[int, Market],
    found: Mapping[int, Metric],
    now: datetime,
    end: datetime,
    wanted: Wanted,
    basis: Basis | None,
) -> tuple[Measure, ...]:
    """One for each number that markets share, with averages up to an end; ``found`` are the markets' metrics."""
    numbers = sorted({market.measure for market in markets.values()})
    compared = [[m for m in markets.values() if m.measure == number] for number in numbers]
    return tuple(_measure(connection, decision, each, found, now, end, wanted, basis) for each in compared)


def basis(
    connection: Connection,
    decision: Decision,
    markets: Mapping[int, Market],
    found: Iterable[Metric],
    end: datetime,
    wanted: Wanted,
) -> Basis | None:
    """What trust rests on, where it is wanted and the books still say it: dead options' shares are gone."""
    if not (wanted.with_course or wanted.in_full) or decision.state not in {State.OPEN, State.CLOSED}:
        return None
    restricted = decision.deciders | {metric.owner for metric in found}
    drawn = decision.lottery.probability / SURE if decision.lottery and decision.awaits_draw else 0.0
    chances = trust.chances(wanted.declared, len(decision.options), 1 - drawn)
    if decision.is_always_drawn and decision.lottery:
        chances = tuple(float(chance) for chance in decision.lottery.chances)
    return Basis(
        chances=chances,
        stakes=stakes(connection, markets, restricted),
        years=(decision.terms.freezes_at - end) / YEAR,
    )


def _if_drawn(decision: Decision, basis: Basis | None) -> Basis | None:
    """The same for the options as a lottery may draw them, whose chances are fixed."""
    if basis is None or decision.lottery is None:
        return None
    return replace(basis, chances=tuple(float(chance) for chance in decision.lottery.chances))


def _measure(
    connection: Connection,
    decision: Decision,
    markets: Sequence[Market],
    found: Mapping[int, Metric],
    now: datetime,
    end: datetime,
    wanted: Wanted,
    basis: Basis | None,
) -> Measure:
    by_id = {market.id: market for market in markets}
    every = _lines(connection, decision, markets, found, now, end, wanted)
    drawn = tuple(line for line in every if decision.is_drawn_in(by_id[line.market_id].branch_id))
    lines = tuple(line for line in every if line not in drawn)
    if decision.is_always_drawn:
        lines, drawn = drawn, ()
    definitions = [found[each].definition for each in dict.fromkeys(m.metric_id for m in markets)]
    return Measure(
        number=markets[0].measure,
        metric=" / ".join(definition.name for definition in definitions),
        unit=definitions[0].unit,
        wording="\n".join(definition.wording for definition in definitions),
        low=min(definition.low for definition in definitions),
        high=max(definition.high for definition in definitions),
        options=lines,
        spread=trust.spread(lines, by_id, basis),
        drawn=drawn,
        drawn_spread=trust.spread(drawn, by_id, _if_drawn(decision, basis)) if drawn else None,
        traded_apart=trades.count_apart(connection, by_id) if drawn else 0,
        is_drawn=decision.is_always_drawn,
        trust=trust.trust(lines, by_id, basis, trades.count_traders(connection, by_id))
        if wanted.in_full and basis is not None
        else None,
    )


def _lines(
    connection: Connection,
    decision: Decision,
    markets: Sequence[Market],
    found: Mapping[int, Metric],
    now: datetime,
    end: datetime,
    wanted: Wanted,
) -> list[OptionLine]:
    """One for each market; in full, also over time."""
    traders = trades.count_traders_in(connection, (market.id for market in markets))
    lines = [_line(connection, decision, m, found[m.metric_id], traders[m.id], now, end) for m in markets]
    if not wanted.in_full:
        return lines
    window = (end - WINDOW, end)
    pairs = zip(lines, markets, strict=True)
    return [trust.over_time(connection, line, market, window, wanted.before) for line, market in pairs]


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


def floats(tick: Tick) -> tuple[float, ...]:
    """Its prices."""
    return tuple(price / MILLIONTHS for price in tick.prices)
