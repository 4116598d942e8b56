"""One budget over many markets: the published vectors, the conditions of an optimum, and another solver's answer."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolios import by_slsqp, portfolio
from vectors import VECTORS, vector

from core.pricing import allocation
from core.pricing.allocation import Problem, Why

LOGS = {"ln2": math.log(2), "ln10": math.log(10)}
OF_V29 = [[40.0, 10, 3], [0.6, 0.4, 0.5], [30.0, 20, 60], [LOGS[each] for each in ("ln2", "ln2", "ln10")]]
SEEDS = st.integers(0, 2**32 - 1)


def columns(name: str) -> list[np.ndarray]:
    found, _ = vector(name)
    reserves = [LOGS[each] for each in VECTORS[name]["inputs"].get("c", [])]
    return [np.array(found[each]) for each in ("v", "H", "beta")] + ([np.array(reserves)] if reserves else [])


def test_v29_a_budget_of_reserve_goes_where_a_nat_costs_least():
    given_, expected = vector("V29")
    of = columns("V29")
    depth, price = allocation.by_reserve(*of, given_["R"])

    assert depth == pytest.approx(expected["b"], rel=1e-12)
    assert price == pytest.approx(expected["mu"], rel=1e-12)
    assert of[1] * depth / (depth + of[2]) == pytest.approx(expected["info_nats"], rel=1e-12)


def test_v30_the_same_where_learning_is_exponential():
    _, expected = vector("V30")
    depth, price = allocation.by_reserve_exponential(*OF_V29, 100)

    assert depth == pytest.approx(expected["b"], rel=1e-12)
    assert price == pytest.approx(expected["mu"], rel=1e-12)


def test_v31_a_budget_of_expected_loss_reaches_every_market():
    given_, expected = vector("V31")
    v, known, beta = columns("V31")
    depth, price = allocation.by_spend(v, known, beta, given_["E"])

    assert depth == pytest.approx(expected["b"], rel=1e-9)
    assert price == pytest.approx(expected["mu"], rel=1e-9)
    assert depth * known * depth / (depth + beta) == pytest.approx(expected["spend"], rel=1e-9)


def test_v32_a_reserve_is_a_public_good_for_the_branches():
    given_, expected = vector("V32")
    of = columns("V32")
    reserves, price = allocation.shared(*of, [0, 0, 1], given_["R"])

    assert reserves == pytest.approx([expected["R_1"], expected["R_2"]], rel=1e-10)
    assert reserves[[0, 0, 1]] / of[3] == pytest.approx(expected["b"], rel=1e-10)
    assert price == pytest.approx(expected["mu"], rel=1e-10)


def test_what_the_product_allocates_is_the_closed_forms_where_they_apply():
    alone = Problem(*map(np.array, OF_V29), np.arange(3))
    reserve, _ = allocation.by_reserve(*OF_V29, 100)
    spend, _ = allocation.by_spend(*OF_V29[:3], 20)

    found = allocation.allocate(replace(alone, budget=100.0))
    assert alone.whole().liquidity_at(found.reserves) == pytest.approx(reserve, rel=1e-9, abs=1e-9)
    found = allocation.allocate(replace(alone, spend=20.0))
    assert alone.whole().liquidity_at(found.reserves) == pytest.approx(spend, rel=1e-9)


@given(SEEDS, st.integers(1, 12), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_what_is_allocated_is_an_optimum_and_keeps_the_budgets(seed: int, groups: int, branches: int):
    """Whatever is held already, capped, or needed at least."""
    of = portfolio(seed, groups, branches)
    found, whole = allocation.allocate(of), of.whole()

    assert allocation.kkt(of, found).largest < 1e-6
    assert np.all(found.reserves >= whole.held)
    assert np.all((found.reserves <= whole.most) | (found.reserves == whole.held))
    assert found.reserves.sum() <= max(whole.budget, whole.held.sum()) * (1 + 1e-9)
    held = whole.spend_at(whole.held).sum()
    assert whole.spend_at(found.reserves).sum() <= max(whole.spend, held) * (1 + 1e-9)


@given(SEEDS, st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_a_group_gets_what_it_needs_or_nothing_more(seed: int, groups: int):
    of = portfolio(seed, groups, 2)
    found, whole = allocation.allocate(of), of.whole()
    added = found.reserves > whole.held * (1 + 1e-9) + 1e-9

    assert np.all(whole.value_at(found.reserves)[added] >= whole.least[added] * (1 - 1e-6))
    assert all(
        (why is Why.NOTHING) == (worth == 0)
        for why, worth in zip(found.why, whole.sum(whole.value), strict=True)
    )


@given(SEEDS, st.integers(1, 8), st.floats(1, 3), st.floats(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_larger_budget_never_buys_less(seed: int, groups: int, times: float, over: float):
    of = replace(portfolio(seed, groups, 2), least=np.zeros(1))
    more = replace(of, budget=of.budget * times, spend=of.spend * over)
    small, large = (each.whole().value_at(allocation.allocate(each).reserves).sum() for each in (of, more))

    assert large >= small * (1 - 1e-9)


@pytest.mark.parametrize(("seed", "groups", "branches"), [(1, 6, 2), (2, 20, 3), (3, 50, 4)])
def test_another_solver_finds_nothing_better(seed: int, groups: int, branches: int):
    """SLSQP, on portfolios of up to 200 markets: the value is the same, and so are the reserves, as far as it goes."""
    of = replace(portfolio(seed, groups, branches), least=np.zeros(1))
    found, other = allocation.allocate(of), by_slsqp(of)
    whole = of.whole()

    assert whole.value_at(found.reserves).sum() == pytest.approx(whole.value_at(other).sum(), rel=1e-6)
    assert found.reserves == pytest.approx(other, rel=0.02, abs=0.002 * whole.budget)


@pytest.mark.parametrize("of", [lambda x: x * 1.1, lambda x: x * 0.9, lambda x: x[::-1].copy()])
def test_what_is_no_optimum_is_told_from_one(of: Callable[[np.ndarray], np.ndarray]):
    wanted = replace(portfolio(5, 8, 2), least=np.zeros(1), held=np.zeros(1), backed=np.zeros(1))
    found = allocation.allocate(wanted)

    assert allocation.kkt(wanted, replace(found, reserves=of(found.reserves))).largest > 1e-3


def even(groups: int, least: float, **given_: float) -> Problem:
    one = np.ones(groups)
    return Problem(40 * one, 0.6 * one, 30 * one, 0.7 * one, np.arange(groups), least=least * one, **given_)


def test_equal_groups_are_funded_as_many_as_can_be_made_useful():
    """Each needs 31.5: of ten, a budget of 100 makes three useful, and all of it goes to them."""
    found = allocation.allocate(even(10, 14.4, budget=100.0))

    assert found.why.count(Why.FUNDED) == 3
    assert found.reserves.sum() == pytest.approx(100)
    assert found.needed == pytest.approx([31.5] * 10)


def test_what_no_reserve_makes_useful_gets_nothing():
    found = allocation.allocate(even(1, 24.1, budget=1e6))

    assert found.why == (Why.BELOW,)
    assert found.reserves == [0]
    assert math.isinf(found.needed[0])


def test_a_small_group_that_fits_is_funded_beside_a_better_one_that_does_not():
    of = even(2, 0, budget=50.0)
    of = replace(of, value=np.array([400, 40.0]), least=np.array([200.0, 12.0]))

    assert allocation.allocate(of).why == (Why.BELOW, Why.FUNDED)


def test_what_is_held_stays_and_says_so():
    of = replace(even(2, 0, budget=100.0), held=np.array([80.0, 0.0]))
    found = allocation.allocate(of)

    assert found.reserves == pytest.approx([80, 20])
    assert found.why == (Why.HELD, Why.FUNDED)
    assert allocation.allocate(replace(of, budget=60.0)).reserves == pytest.approx([80, 0])


def test_liquidity_that_a_reserve_does_not_bind_costs_nothing():
    """A branch whose market takes less of the reserve that another branch needs is deepened for nothing."""
    of = Problem(
        *map(np.array, ([40.0, 40], [0.6, 0.6], [30.0, 30], [1.0, 2])),
        np.array([0, 0]),
        budget=100.0,
        liquidity=np.array([50.0, 50]),
        backed=np.array([50.0, 100]),
        held=np.array([100.0]),
    )
    found = allocation.allocate(of)

    assert of.whole().liquidity_at(found.reserves) == pytest.approx([100, 50])
