"""What can be opened, and what a person is told about what cannot."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, OWNER, SCORE, START, Exchange, measure, plan, question
from sqlalchemy import select

from core.errors import InsufficientFunds, Invalid, KeyReused, NotAllowed
from core.exchange import opening
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan, Slot, yes_no
from core.markets.metrics import Definition
from core.markets.tables import market
from core.pricing import lmsr
from core.units import MICRO, MOST

FIFTY = 50 * MICRO


def rates(*values: int) -> dict[str, Any]:
    """So many options, at these base rates in micro-units of the metric."""
    names = tuple(f"Option {number}" for number in range(len(values)))
    of = MeasurePlan((MetricPlan(SCORE, OWNER),), tuple(BaseRate(each) for each in values))
    return {"options": names, "measures": (of,)}


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"question": " "}, "question", "empty"),
        ({"question": "x" * 301}, "question", "too_long"),
        (rates(FIFTY), "options", "count"),
        (rates(*[FIFTY] * 9), "options", "count"),
        ({"options": ("", "b")}, "options", "empty"),
        ({"options": ("x" * 76, "b")}, "options", "too_long"),
        ({"options": ("Hold", " hold ")}, "options", "distinct"),
        ({"deciders": ()}, "deciders", "empty"),
        ({"deciders": tuple(f"d{number}" for number in range(21))}, "deciders", "too_many"),
        (rates(99_999, FIFTY), "base_rate_1", "between"),
        (rates(FIFTY, 100 * MICRO), "base_rate_2", "between"),
        (rates(FIFTY, -1), "base_rate_2", "between"),
        ({"closes_at": START}, "closes_at", "future"),
        ({"decide_by": START + 7 * DAY}, "decide_by", "after_close"),
        ({"freezes_at": START + 8 * DAY}, "freezes_at", "after_decide_by"),
        ({"record_challenge_seconds": -1}, "record_challenge_seconds", "challenge"),
        ({"reading_challenge_seconds": 31 * 86_400}, "reading_challenge_seconds", "challenge"),
        ({"subsidy": 0}, "subsidy", "positive"),
        ({"subsidy": 1}, "subsidy", "least_subsidy"),
        ({"subsidy": 10**16}, "subsidy", "too_large"),
        ({"public_address": ""}, "public", "empty"),
        ({"committee_address": "x" * 201}, "committee", "too_long"),
        ({"deciders": ("",)}, "person", "identity"),
        ({"measures": (replace(measure(50, 40), metrics=(MetricPlan(SCORE, ""),)),)}, "person", "identity"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else None,
)
def test_a_decision_that_cannot_be_is_refused_with_its_field(
    exchange: Exchange, changes: dict[str, Any], field: str, rule: str
):
    exchange.grant("pool", 1_000)
    before = exchange.digest()
    with pytest.raises(Invalid) as refused:
        exchange.do(opening.open_decision, ADMIN, plan(**changes))

    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert exchange.digest() == before
    assert exchange.fetch(select(market)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "metric_name"),
        ({"unit": "x" * 33}, "metric_unit"),
        ({"wording": " "}, "metric_wording"),
        ({"low": 100 * MICRO}, "high"),
        ({"low": -MOST - 1}, "low"),
        ({"high": MOST + 1}, "high"),
    ],
)
def test_a_metric_says_what_is_measured_on_a_range_that_is_one(changes: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        replace(SCORE, **changes)

    assert refused.value.field == field


def test_nobody_but_an_admin_opens(exchange: Exchange):
    exchange.grant("pool", 1_000)
    for by in ("dee", "stranger"):
        with pytest.raises(NotAllowed):
            exchange.do(opening.open_decision, by, plan())
        with pytest.raises(NotAllowed):
            exchange.do(opening.open_question, by, question())


def test_a_pool_without_the_subsidy_opens_nothing(exchange: Exchange):
    """No half decision: not even its question is kept."""
    exchange.grant("pool", 199)
    for use_case, wanted in (
        (opening.open_decision, plan()),
        (opening.open_question, question(liquidity=300 * MICRO)),
    ):
        with pytest.raises(InsufficientFunds):
            exchange.do(use_case, ADMIN, wanted)

    assert exchange.fetch(select(market)) == []
    assert exchange.held("pool:main", "credit") == 199 * MICRO


def test_markets_open_at_the_stated_base_rates_with_the_same_liquidity(exchange: Exchange):
    exchange.grant("pool", 1_000)
    opened = exchange.open(**rates(10 * MICRO, 53_839_350, 90 * MICRO))
    rows = exchange.fetch(select(market).order_by(market.c.id))

    assert [row.prices[0] / MICRO for row in rows] == pytest.approx([0.1, 0.5383935, 0.9], abs=1e-6)
    assert len({row.liquidity for row in rows}) == 1
    assert [row.id for row in rows] == list(opened.market_ids)
    assert exchange.audit() == []


def test_one_deposit_backs_the_makers_of_all_options(exchange: Exchange):
    """The reserve is that of the dearest market, and within the subsidy by less than a micro of liquidity."""
    exchange.grant("pool", 1_000)
    opened = exchange.open(**rates(10 * MICRO, FIFTY))
    row = exchange.fetch(select(market))[0]

    assert opened.reserve == max(lmsr.weights(row.liquidity, [0.1, 0.9])) <= 200 * MICRO
    assert exchange.held("pool:main", "credit") == 1_000 * MICRO - opened.reserve
    assert exchange.held("escrow:D-1", "credit") == opened.reserve


def test_a_question_is_funded_in_plain_credit(exchange: Exchange):
    exchange.grant("pool", 1_000)
    opened = exchange.ask(outcomes=yes_no(0.2), liquidity=100 * MICRO)

    assert (opened.decision_id, opened.name) == (None, "M-1")
    assert exchange.held("maker:M-1", "credit") == opened.reserve == 160_943_792


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": START}, "closes_at"),
        ({"outcomes": yes_no(0.0001)}, "base_rate"),
        ({"outcomes": yes_no(1.0)}, "base_rate"),
        ({"liquidity": 0}, "liquidity"),
    ],
)
def test_a_question_that_cannot_be_is_refused_with_its_field(
    exchange: Exchange, changes: dict[str, Any], field: str
):
    exchange.grant("pool", 1_000)
    with pytest.raises(Invalid) as refused:
        exchange.ask(**changes)

    assert refused.value.field == field


def test_a_definition_at_the_ends_of_what_the_ledger_carries_can_be_opened(exchange: Exchange):
    """Prices speak of the place in the range, so wide ranges and negative ones are as good as any."""
    exchange.grant("pool", 1_000)
    wide = Definition("Revenue", "euro", -MOST, MOST, "What it came to.")
    exchange.open(measures=(MeasurePlan((MetricPlan(wide, OWNER),), (BaseRate(0), BaseRate(-MOST // 10))),))

    assert exchange.audit() == []


@pytest.mark.parametrize("prices", [(0.9, 0.9), (0.5, 0.1)])
def test_opening_prices_sum_to_one(exchange: Exchange, prices: tuple[float, float]):
    """If they summed to more, the reserve would be less than the maker can lose."""
    exchange.grant("pool", 1_000)
    slots = tuple(Slot(f"{centre}", centre, price) for centre, price in zip((MICRO, 0), prices, strict=True))
    with pytest.raises(Invalid) as refused:
        exchange.ask(outcomes=slots)

    assert (refused.value.field, refused.value.rule) == ("outcomes", "sum")


def test_a_key_opens_one_decision_and_no_other(exchange: Exchange):
    """Delivered twice, it answers with what was opened, also where dates are finer than what is kept of them."""
    exchange.grant("pool", 1_000)
    asked = plan(closes_at=START + 7 * DAY + timedelta(microseconds=1))
    first = exchange.do(opening.open_decision, ADMIN, asked, key="k")
    before = exchange.digest()

    assert exchange.do(opening.open_decision, ADMIN, asked, key="k") == first
    with pytest.raises(KeyReused):
        exchange.do(opening.open_decision, ADMIN, plan(closes_at=START + 8 * DAY), key="k")
    assert exchange.digest() == before
    assert exchange.do(opening.open_decision, ADMIN, plan(), key="other").decision_id == 2


def test_a_void_window_is_the_day_before_the_close_whatever_the_later_dates_are(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.ask(closes_at=START + DAY)
    windows = exchange.fetch(select(market.c.void_from, market.c.void_until).order_by(market.c.id))

    assert [tuple(row) for row in windows] == [
        (START + 6 * DAY, START + 7 * DAY),
        (START + 6 * DAY, START + 7 * DAY),
        (START, START + DAY),
    ]


def test_several_measures_of_a_branch_are_funded_by_one_deposit_of_the_dearest_branch(exchange: Exchange):
    """Each maker has its reserve; what the cheaper branch leaves stays with the pool, in that branch's credit."""
    exchange.grant("pool", 1_000)
    opened = exchange.open(measures=(measure(50, 10), measure(50, 40)), subsidy=400 * MICRO)
    reserves = [exchange.held(f"maker:M-{n}", f"credit@D-1:chosen:{2 - n % 2}") for n in opened.market_ids]
    by_branch = [reserves[0] + reserves[2], reserves[1] + reserves[3]]

    assert opened.reserve == max(by_branch) == by_branch[1] <= 400 * MICRO
    assert exchange.held("pool:main", "credit") == 1_000 * MICRO - opened.reserve
    assert exchange.held("pool:main", "credit@D-1:chosen:1") == by_branch[1] - by_branch[0]
    assert exchange.held("pool:main", "credit@D-1:none") == opened.reserve
    assert exchange.audit() == []
