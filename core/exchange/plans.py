"""What is to be opened, stated whole, and every rule that it must keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import texts
from core.decisions.schedule import Schedule
from core.errors import Invalid
from core.exchange.lottery_plan import LotteryPlan
from core.funding.portfolios import MAIN
from core.markets import outcomes
from core.markets.metrics import Definition
from core.markets.outcomes import Slot
from core.pricing import distribution, lmsr, payout
from core.units import MICRO, MOST, positive, to_credits, within

LEAST_ORDER = 10_000
WIDTH_CAP_OF_LIQUIDITY = (11, 10)
LONG_SHORT, YES_NO = ("LONG", "SHORT"), ("YES", "NO")
LEAST_LIQUIDITY = MICRO  # Below it the micro-units themselves would bend the opening prices.
YES_OR_NO = "yes or no"  # The unit of a metric that is one or the other: its value is the chance of a yes, in percent.
HUNDRED = 100 * MICRO
OPTIONS_MOST, MEASURES_MOST, DECIDERS_MOST = 8, 5, 20
CHALLENGE_MOST_SECONDS = 30 * 86_400


@dataclass(frozen=True)
class BaseRate:
    """What a metric comes to by a stated base rate, and how uncertain that is, in its micro-units.

    Markets open there. The standard deviation serves markets in bins only.
    """

    value: int
    sd: int = 0


@dataclass(frozen=True)
class MetricPlan:
    """A metric, who reads it, and the centres of its bins; without any, it is traded as LONG and SHORT."""

    definition: Definition
    owner: str
    centres: tuple[int, ...] = ()

    def slots(self, rate: BaseRate, field: str) -> list[Slot]:
        """The outcomes of a market on it, at their opening prices. Raises Invalid, naming the field."""
        low, high = self.definition.low, self.definition.high
        is_yes_or_no = self.definition.unit == YES_OR_NO
        if is_yes_or_no and (low, high, self.centres) != (0, HUNDRED, ()):
            raise Invalid("metric_unit", "yes_or_no")
        price = payout.price_of(rate.value, low, high)
        if not lmsr.OPENING_LEAST <= price <= 1 - lmsr.OPENING_LEAST:
            step = (high - low) // 1000 + 1
            raise Invalid(field, "between", f"{to_credits(low + step):f}", f"{to_credits(high - step):f}")
        if not self.centres:
            return outcomes.long_short(low, high, price, YES_NO if is_yes_or_no else LONG_SHORT)
        _check_span(self.centres, self.definition)
        if len(set(self.centres)) < len(self.centres):
            raise Invalid("outcomes", "distinct")
        positive(rate.sd, f"{field}_sd")
        return outcomes.bins(self.centres, distribution.hat_prices(rate.value, rate.sd, self.centres))


@dataclass(frozen=True)
class MeasurePlan:
    """What the options are compared on: one metric for all of them, or one for each, and a base rate for each.

    ``off`` is how far from a base rate the value may well be, one sd in micro-units, if somebody has said it: plans of
    subsidies go by it.
    """

    metrics: tuple[MetricPlan, ...]
    base_rates: tuple[BaseRate, ...]
    off: int | None = None

    def metric(self, option: int) -> MetricPlan:
        """The metric of the option of this index."""
        return self.metrics[option if len(self.metrics) > 1 else 0]

    def slots(self, option: int, measure: int) -> list[Slot]:
        number = f"{option + 1}" if measure == 0 else f"{option + 1}_{measure + 1}"
        return self.metric(option).slots(self.base_rates[option], f"base_rate_{number}")


@dataclass(frozen=True)
class DecisionPlan:
    """Everything that is fixed at opening. People are identities; ``subsidy`` is the portfolio's greatest loss."""

    question: str
    options: tuple[str, ...]
    deciders: tuple[str, ...]
    measures: tuple[MeasurePlan, ...]
    closes_at: datetime
    decide_by: datetime
    freezes_at: datetime
    record_challenge_seconds: int
    reading_challenge_seconds: int
    subsidy: int
    public_address: str
    committee_address: str
    lottery: LotteryPlan | None = None
    reports: Schedule = Schedule()  # noqa: RUF009 - frozen
    portfolio: int = MAIN

    def check(self, now: datetime) -> None:
        """Raises Invalid, naming the field, for what cannot be opened."""
        check_question(self.question, self.options, self.deciders)
        check_measures(self.measures, len(self.options))
        for field in ("record_challenge_seconds", "reading_challenge_seconds"):
            check_challenge(field, getattr(self, field))
        final_by = self.decide_by + timedelta(seconds=self.record_challenge_seconds)
        check_dates(now, self.closes_at, self.decide_by, final_by, self.freezes_at)
        self.reports.check(now)
        positive(self.subsidy, "subsidy")
        texts.check("public", self.public_address, 200)
        texts.check("committee", self.committee_address, 200)
        if self.lottery:
            self.lottery.check(
                len(self.options), self.closes_at, self.decide_by, self.record_challenge_seconds
            )

    def owners(self) -> list[str]:
        return [metric.owner for measure in self.measures for metric in measure.metrics]


@dataclass(frozen=True)
class AddedOption:
    """An option that comes later: a base rate in each measure, and a metric where each option has its own."""

    name: str
    base_rates: tuple[BaseRate, ...]
    metrics: tuple[MetricPlan | None, ...] = ()


@dataclass(frozen=True)
class QuestionPlan:
    """A question quoted in plain credit, on outcomes at stated opening prices, with so much liquidity.

    Without an address it is told nowhere.
    """

    metric: Definition
    metric_owner: str
    outcomes: tuple[Slot, ...]
    liquidity: int
    closes_at: datetime
    reading_challenge_seconds: int
    least_order: int = LEAST_ORDER
    width_cap: int | None = None
    public_address: str | None = None
    portfolio: int = MAIN

    def check(self, now: datetime) -> None:
        """Raises Invalid, naming the field, for what cannot be opened."""
        if self.closes_at <= now:
            raise Invalid("closes_at", "future")
        check_challenge("reading_challenge_seconds", self.reading_challenge_seconds)
        within(self.liquidity, LEAST_LIQUIDITY, MOST, "liquidity")
        within(self.least_order, 0, MOST, "least_order")
        if self.width_cap is not None:
            positive(self.width_cap, "width_cap")
        outcomes.check(self.outcomes)
        _check_span([slot.centre for slot in self.outcomes], self.metric)
        for slot in self.outcomes:
            texts.check("outcomes", slot.name, 32)
        if self.public_address is not None:
            texts.check("public", self.public_address, 200)


def yes_no(price: float) -> tuple[Slot, ...]:
    """The outcomes of a question that is answered by 1 or 0."""
    return tuple(outcomes.long_short(0, MICRO, price, YES_NO))


def question(
    asked: MetricPlan,
    rate: BaseRate,
    subsidy: int,
    closes_at: datetime,
    reading_challenge_seconds: int,
    public_address: str,
    portfolio: int = MAIN,
) -> QuestionPlan:
    """A question as people state one: a base rate for prices, and for liquidity the portfolio's greatest loss.

    Raises Invalid, naming the field.
    """
    slots = asked.slots(rate, "base_rate")
    outcomes.check(slots)
    prices = [slot.price for slot in slots]
    liquidity = lmsr.liquidity_for(positive(subsidy, "subsidy"), prices)
    if liquidity < LEAST_LIQUIDITY:
        raise Invalid("subsidy", "least_subsidy", str(lmsr.reserve(LEAST_LIQUIDITY, prices)))
    return QuestionPlan(
        metric=asked.definition,
        metric_owner=asked.owner,
        outcomes=tuple(slots),
        liquidity=liquidity,
        closes_at=closes_at,
        reading_challenge_seconds=reading_challenge_seconds,
        width_cap=width_cap(liquidity),
        public_address=public_address,
        portfolio=portfolio,
    )


def width_cap(liquidity: int) -> int:
    """By how much a trader's shares of one outcome may exceed those of another, unless somebody says otherwise."""
    times, over = WIDTH_CAP_OF_LIQUIDITY
    return liquidity * times // over


def check_question(question: str, options: Sequence[str], deciders: Sequence[str]) -> None:
    """Raises Invalid for a question, options or deciders that no decision can have."""
    texts.check("question", question, 300)
    if not 2 <= len(options) <= OPTIONS_MOST:
        raise Invalid("options", "count", str(OPTIONS_MOST))
    for name in options:
        texts.check("options", name, 75)
    if len({name.strip().casefold() for name in options}) < len(options):
        raise Invalid("options", "distinct")
    if not deciders:
        raise Invalid("deciders", "empty")
    if len(deciders) > DECIDERS_MOST:
        raise Invalid("deciders", "too_many", str(DECIDERS_MOST))


def check_measures(measures: Sequence[MeasurePlan], options: int) -> None:
    """Raises Invalid unless each option has a metric and a base rate inside its range in every measure."""
    if not 1 <= len(measures) <= MEASURES_MOST:
        raise Invalid("measures", "measures", str(MEASURES_MOST))
    for number, measure in enumerate(measures):
        if len(measure.base_rates) != options or len(measure.metrics) not in (1, options):
            raise Invalid("measures", "per_option", str(number + 1))
        if len({metric.definition.unit for metric in measure.metrics}) > 1:
            raise Invalid("measures", "one_unit", str(number + 1))
        if measure.off is not None:
            positive(measure.off, "off")
        for option in range(options):
            outcomes.check(measure.slots(option, number))


def check_dates(
    now: datetime, closes_at: datetime, decide_by: datetime, final_by: datetime, freezes_at: datetime
) -> None:
    """Raises Invalid unless the dates lie ahead and follow one another."""
    if closes_at <= now:
        raise Invalid("closes_at", "future")
    check_order(closes_at, decide_by, final_by, freezes_at)


def check_order(closes_at: datetime, decide_by: datetime, final_by: datetime, freezes_at: datetime) -> None:
    """Raises Invalid unless the dates follow one another."""
    if decide_by <= closes_at:
        raise Invalid("decide_by", "after_close")
    if freezes_at < final_by:
        raise Invalid("freezes_at", "after_decide_by")


def check_challenge(field: str, seconds: int) -> None:
    if not 0 <= seconds <= CHALLENGE_MOST_SECONDS:
        raise Invalid(field, "challenge")


def _check_span(centres: Sequence[int], of: Definition) -> None:
    """The outer centres are the ends of the range, so that no value in it pays as another one would."""
    if (min(centres), max(centres)) != (of.low, of.high):
        raise Invalid("centres", "span", f"{to_credits(of.low):f}", f"{to_credits(of.high):f}")
