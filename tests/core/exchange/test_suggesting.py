"""What the policy would set aside for decisions that are about to be opened."""

from collections.abc import Sequence
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, START, Exchange, measure, plan

from core.errors import Invalid, NotAllowed
from core.exchange import opening, suggesting
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.suggesting import Prospect, Suggested
from core.units import MICRO

SHIPPED = MetricPlan(Definition("Shipped", YES_OR_NO, 0, HUNDRED, "Whether it was shipped."), "own")


def asked(
    stake: int = 1000, yes: tuple[int, ...] = (52, 48), gap_sd: float = 0.7, **changes: Any
) -> Prospect:
    """A question of yes or no, a close call unless it is said otherwise."""
    rates = tuple(BaseRate(each * MICRO) for each in yes)
    options = tuple(f"Option {number}" for number in range(len(yes)))
    made = plan(**{"options": options, "measures": (MeasurePlan((SHIPPED,), rates),)} | changes)
    return Prospect(made, stake * MICRO, round(gap_sd * MICRO))


def suggest(exchange: Exchange, *prospects: Prospect, budget: int = 300, **more: Any) -> Sequence[Suggested]:
    inputs = {"now": exchange.now} | more
    found: Sequence[Suggested] = exchange.read(suggesting.suggest, ADMIN, prospects, budget * MICRO, **inputs)
    return found


def test_the_budget_is_shared_out_and_never_exceeded(exchange: Exchange):
    found = suggest(exchange, asked(), asked(3000), asked(500))

    assert 299 * MICRO < sum(each.subsidy for each in found) <= 300 * MICRO
    assert found[1].subsidy > found[0].subsidy > found[2].subsidy


def test_a_foregone_conclusion_gets_the_least_that_could_be_opened(exchange: Exchange):
    """However much is at stake: nothing that could be learned would change what is decided."""
    _, sure = suggest(exchange, asked(), asked(100_000, yes=(95, 5), gap_sd=0.31))

    assert sure.subsidy == sure.least
    assert sure.why == "below"
    exchange.grant("pool", 300)
    for subsidy, opens in ((sure.least, True), (sure.least - 10, False)):
        made = asked(yes=(95, 5), subsidy=subsidy).plan
        if opens:
            exchange.do(opening.open_decision, ADMIN, made)
            continue
        with pytest.raises(Invalid) as refused:
            exchange.do(opening.open_decision, ADMIN, made)
        assert refused.value.rule == "least_subsidy"


def test_what_is_settled_late_or_pays_little_is_dearer_to_learn(exchange: Exchange):
    """Alike but for that: where there is little to share, the first credits go where a nat takes fewest of them."""
    soon, late = asked(), asked(freezes_at=START + 700 * DAY)
    numbers = Prospect(plan(measures=(measure(52, 48),)), 1000 * MICRO, MICRO // 7)
    found = suggest(exchange, soon, late, numbers, budget=12)

    assert found[0].subsidy > found[1].subsidy
    assert found[2].subsidy == found[2].least


def test_no_market_is_made_so_deep_that_its_opening_price_would_rule(exchange: Exchange):
    """A tenth of the weight for the maker, nine for traders with 900 credits: b = 100, which takes 100 ln(1 / 0.48)."""
    (found,) = suggest(exchange, asked(5000), capital=900 * MICRO)

    assert found.why == "capped"
    assert found.subsidy == pytest.approx(73.4 * MICRO, rel=1e-3)


def test_nothing_is_set_aside_by_asking(exchange: Exchange):
    before = exchange.digest()
    suggest(exchange, asked(), asked())

    assert exchange.digest() == before


def test_a_budget_that_opens_nothing_is_refused_with_what_would(exchange: Exchange):
    with pytest.raises(Invalid) as refused:
        suggest(exchange, asked(), asked(), budget=1)
    least = suggest(exchange, asked(), asked())

    assert (refused.value.field, refused.value.rule) == ("subsidy", "least_subsidy")
    assert int(refused.value.value) == sum(each.least for each in least)


def test_only_who_may_open_may_ask(exchange: Exchange):
    with pytest.raises(NotAllowed):
        exchange.read(suggesting.suggest, "ann", (asked(),), 300 * MICRO, now=exchange.now)
