"""Reserves by what they are worth to decisions, not by nats."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolios import portfolio

from core.pricing import decisions, evsi
from core.pricing.allocation import Problem, Why, allocate


def value(of: Problem, reserves: np.ndarray, stake: np.ndarray, gap: np.ndarray, sd: np.ndarray) -> float:
    """What the decisions gain by what is learned at these reserves."""
    part = decisions.learned(of.whole(), np.maximum(reserves, 1e-12))
    return float(np.sum(stake * evsi.evsi(gap, sd, -np.log1p(-part) / 2)))


def calls(seed: int, groups: int) -> tuple[Problem, np.ndarray, np.ndarray, np.ndarray]:
    """A portfolio of decisions with a budget of reserve, and their stakes, gaps and sds."""
    random = np.random.default_rng(seed)
    of = replace(portfolio(seed, groups, 2), spend=np.inf, least=np.zeros(1), most=np.full(1, np.inf))
    sd = random.uniform(0.05, 0.3, groups)
    return of, random.uniform(500, 50_000, groups), random.uniform(0, 1.5, groups) * sd, sd


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_no_credit_would_be_worth_more_elsewhere(seed: int, groups: int):
    """Between any two decisions that are funded beyond their least, moving some reserve gains nothing to speak of."""
    of, *about = calls(seed, groups)
    found = decisions.by_value(of, *about)
    free = [number for number, why in enumerate(found.why) if why is Why.FUNDED]
    best = value(of, found.reserves, *about)

    for giver in free:
        for taker in set(free) - {giver}:
            moved = found.reserves.copy()
            moved[giver] -= 0.02 * moved[giver]
            moved[taker] += 0.02 * found.reserves[giver]
            assert value(of, moved, *about) <= best * (1 + 1e-4)


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_what_is_funded_gets_what_makes_it_useful_and_the_budget_is_kept(seed: int, groups: int):
    of, *about = calls(seed, groups)
    found, whole = decisions.by_value(of, *about), of.whole()
    _, least = decisions.mean_value(*about)
    added = found.reserves > whole.held * (1 + 1e-9) + 1e-9

    assert found.reserves.sum() <= max(whole.budget, whole.held.sum()) * (1 + 1e-9)
    assert np.all(found.reserves >= whole.held)
    assert np.all(
        decisions.learned(whole, np.maximum(found.reserves, 1e-12))[added] >= least[added] * (1 - 1e-6)
    )


def test_it_is_worth_more_than_sharing_out_equally_or_by_nats():
    of, *about = calls(3, 6)
    of = replace(of, held=np.zeros(1), backed=np.zeros(1), liquidity=np.zeros(1), budget=600.0)
    ours = value(of, decisions.by_value(of, *about).reserves, *about)
    equal = value(of, np.full(6, 100.0), *about)
    nats = value(of, allocate(replace(of, value=np.ones(12))).reserves, *about)

    assert ours > equal
    assert ours > nats


def test_a_foregone_conclusion_gets_nothing_and_an_even_call_no_infinite_value():
    one = np.ones(2)
    of = Problem(one, 0.6 * one, 30 * one, 0.7 * one, np.array([0, 1]), budget=100.0)
    worth, least = decisions.mean_value(1000 * one, np.array([0.0, 5]), one)
    found = decisions.by_value(of, 1000 * one, np.array([0.0, 5]), one)

    assert worth[0] == pytest.approx(1000 * 0.5642, rel=1e-3)
    assert least[0] < 1e-6
    assert found.reserves == pytest.approx([100, 0])
    assert found.why == (Why.FUNDED, Why.BELOW)
