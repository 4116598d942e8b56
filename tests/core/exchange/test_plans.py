"""Every rule that what is to be opened must keep, each broken alone."""

from dataclasses import replace
from typing import Any

import pytest
from exchange_driver import DAY, OWNER, SCORE, START, measure, plan, question
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan, Slot, yes_no
from core.exchange.plans import LEAST_LIQUIDITY
from core.markets import outcomes
from core.units import MICRO, MOST

FIFTY, HUNDRED = 50 * MICRO, 100 * MICRO
CENTRES = (0, 25 * MICRO, FIFTY, HUNDRED)
POINTS = Definition("Score", "points", 0, HUNDRED, "The score a month later.")
EUROS = replace(POINTS, unit="euro")


def of(*metrics: MetricPlan, rates: tuple[int, ...] = (50, 40), sd: int = 10 * MICRO) -> MeasurePlan:
    return MeasurePlan(metrics, tuple(BaseRate(rate * MICRO, sd) for rate in rates))


def scalar(**changes: Any) -> MetricPlan:
    return replace(MetricPlan(POINTS, OWNER), **changes)


def slots(*prices: float, centres: tuple[int, ...] = ()) -> tuple[Slot, ...]:
    at = centres or tuple(MICRO * number // (len(prices) - 1) for number in range(len(prices)))
    return tuple(Slot(f"at {centre}", centre, price) for centre, price in zip(at, prices, strict=True))


def refusal(of_plan: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        of_plan.check(START)
    return refused.value.field, refused.value.rule


def test_the_usual_plans_can_be_opened():
    """Or the refusals below would mean nothing."""
    plan().check(START)
    question().check(START)
    plan(measures=(of(scalar(centres=CENTRES)), of(scalar(), scalar(owner="other")))).check(START)
    plan(deciders=tuple(f"d{number}" for number in range(20))).check(START)
    plan(
        options=tuple(f"o{number}" for number in range(8)),
        measures=tuple(measure(*range(20, 100, 10)) for _ in range(5)),
    ).check(START)
    plan(decide_by=START + 9 * DAY, freezes_at=START + 10 * DAY, record_challenge_seconds=86_400).check(START)
    plan(record_challenge_seconds=0, reading_challenge_seconds=30 * 86_400).check(START)
    question(outcomes=slots(*[1 / 12] * 12)).check(START)
    question(least_order=0, width_cap=1, liquidity=LEAST_LIQUIDITY).check(START)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"question": ""}, "question", "empty"),
        ({"question": "x" * 301}, "question", "too_long"),
        ({"options": ("one",)}, "options", "count"),
        ({"options": tuple(f"o{number}" for number in range(9))}, "options", "count"),
        ({"options": ("one", " ")}, "options", "empty"),
        ({"options": ("one", "x" * 76)}, "options", "too_long"),
        ({"options": ("Straße", "STRASSE ")}, "options", "distinct"),
        ({"deciders": ()}, "deciders", "empty"),
        ({"deciders": tuple(f"d{number}" for number in range(21))}, "deciders", "too_many"),
        ({"measures": ()}, "measures", "measures"),
        ({"measures": (of(scalar()),) * 6}, "measures", "measures"),
        ({"measures": (of(scalar(), rates=(50,)),)}, "measures", "per_option"),
        ({"measures": (of(scalar(), rates=(50, 40, 30)),)}, "measures", "per_option"),
        ({"measures": (of(),)}, "measures", "per_option"),
        ({"measures": (of(scalar(), scalar(), scalar()),)}, "measures", "per_option"),
        ({"measures": (of(scalar(), scalar(definition=EUROS)),)}, "measures", "one_unit"),
        ({"measures": (of(scalar(), rates=(0, 50)),)}, "base_rate_1", "between"),
        ({"measures": (of(scalar(), rates=(50, 100)),)}, "base_rate_2", "between"),
        ({"measures": (of(scalar()), of(scalar(), rates=(50, 101)))}, "base_rate_2_2", "between"),
        ({"measures": (of(scalar(centres=CENTRES), rates=(50, -1)),)}, "base_rate_2", "between"),
        ({"measures": (of(scalar(centres=CENTRES), sd=0),)}, "base_rate_1_sd", "positive"),
        ({"measures": (of(scalar()), of(scalar(centres=CENTRES), sd=-1))}, "base_rate_1_2_sd", "positive"),
        ({"measures": (of(scalar(centres=CENTRES), sd=MOST + 1),)}, "base_rate_1_sd", "too_large"),
        ({"measures": (of(scalar(centres=CENTRES[1:])),)}, "centres", "span"),
        ({"measures": (of(scalar(centres=CENTRES[:-1])),)}, "centres", "span"),
        ({"measures": (of(scalar(centres=(*CENTRES, HUNDRED + 1))),)}, "centres", "span"),
        ({"measures": (of(scalar(centres=(FIFTY,))),)}, "centres", "span"),
        ({"measures": (of(scalar(centres=(0, FIFTY, FIFTY, HUNDRED))),)}, "outcomes", "distinct"),
        (
            {"measures": (of(scalar(centres=tuple(HUNDRED * number // 12 for number in range(13)))),)},
            "outcomes",
            "count",
        ),
        ({"closes_at": START}, "closes_at", "future"),
        ({"decide_by": START + 7 * DAY}, "decide_by", "after_close"),
        ({"freezes_at": START + 9 * DAY}, "freezes_at", "after_decide_by"),
        ({"record_challenge_seconds": -1}, "record_challenge_seconds", "challenge"),
        ({"record_challenge_seconds": 30 * 86_400 + 1}, "record_challenge_seconds", "challenge"),
        ({"reading_challenge_seconds": -1}, "reading_challenge_seconds", "challenge"),
        ({"reading_challenge_seconds": 30 * 86_400 + 1}, "reading_challenge_seconds", "challenge"),
        ({"subsidy": 0}, "subsidy", "positive"),
        ({"subsidy": MOST + 1}, "subsidy", "too_large"),
        ({"public_address": " "}, "public", "empty"),
        ({"public_address": "x" * 201}, "public", "too_long"),
        ({"committee_address": ""}, "committee", "empty"),
        ({"committee_address": "x" * 201}, "committee", "too_long"),
    ],
)
def test_a_decision_that_breaks_one_rule_is_refused_with_its_field(
    changes: dict[str, Any], field: str, rule: str
):
    assert refusal(plan(**changes)) == (field, rule)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"closes_at": START}, "closes_at", "future"),
        ({"reading_challenge_seconds": -1}, "reading_challenge_seconds", "challenge"),
        ({"liquidity": LEAST_LIQUIDITY - 1}, "liquidity", "between"),
        ({"liquidity": MOST + 1}, "liquidity", "between"),
        ({"least_order": -1}, "least_order", "between"),
        ({"width_cap": 0}, "width_cap", "positive"),
        ({"outcomes": ()}, "outcomes", "count"),
        ({"outcomes": slots(1.0, centres=(0,))}, "outcomes", "count"),
        ({"outcomes": slots(*[1 / 13] * 13)}, "outcomes", "count"),
        ({"outcomes": slots(0.3, 0.3, 0.4, centres=(0, MICRO, MICRO))}, "outcomes", "distinct"),
        ({"outcomes": yes_no(0.0009)}, "base_rate", "opening_price"),
        ({"outcomes": yes_no(0.9991)}, "base_rate", "opening_price"),
        ({"outcomes": yes_no(float("nan"))}, "base_rate", "opening_price"),
        ({"outcomes": slots(0.5, 0.4)}, "outcomes", "sum"),
        ({"outcomes": slots(0.5, 0.5000001)}, "outcomes", "sum"),
        ({"outcomes": slots(0.4, 0.4, 0.4)}, "outcomes", "sum"),
        ({"outcomes": slots(0.5, 0.5, centres=(0, MICRO - 1))}, "centres", "span"),
        ({"outcomes": slots(0.5, 0.5, centres=(1, MICRO))}, "centres", "span"),
        ({"outcomes": (Slot(" ", 0, 0.5), Slot("b", MICRO, 0.5))}, "outcomes", "empty"),
        ({"outcomes": (Slot("x" * 33, 0, 0.5), Slot("b", MICRO, 0.5))}, "outcomes", "too_long"),
        ({"outcomes": (Slot("a", 0, 0.5), Slot(" A", MICRO, 0.5))}, "outcomes", "distinct"),
    ],
)
def test_a_question_that_breaks_one_rule_is_refused_with_its_field(
    changes: dict[str, Any], field: str, rule: str
):
    assert refusal(question(**changes)) == (field, rule)


@given(
    st.lists(st.integers(1, 10**6), min_size=0, max_size=10, unique=True),
    st.integers(1, 1_000),
    st.floats(0.01, 0.99),
)
def test_whatever_centres_and_base_rate_there_are_the_opening_prices_can_be_opened(
    inner: list[int], sd: int, place: float
):
    """They sum to 1, and none is nearer to the bound than a market may open."""
    high = 2 * 10**6
    bins = MetricPlan(Definition("Count", "pieces", 0, high, "How many."), OWNER, (0, *sorted(inner), high))
    found = bins.slots(BaseRate(round(high * place), sd * high // 1_000), "base_rate_1")
    outcomes.check(found)

    assert sum(slot.price for slot in found) == pytest.approx(1)
    assert [slot.centre for slot in found] == [0, *sorted(inner), high]


def test_a_metric_s_ends_are_its_own():
    for changes, field in (
        ({"low": HUNDRED}, "high"),
        ({"high": MOST + 1}, "high"),
        ({"low": -MOST - 1}, "low"),
    ):
        with pytest.raises(Invalid) as refused:
            replace(SCORE, **changes)
        assert refused.value.field == field
