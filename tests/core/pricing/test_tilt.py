"""An order "I believe it is X" moves the mean toward X by the smallest change of belief, and no further than allowed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import opened, states
from scipy.optimize import minimize

from core.pricing import lmsr
from core.pricing.lmsr import State

UNLIMITED = 10**14


@dataclass(frozen=True)
class Belief:
    """Levels of the outcomes, the least of them 0, and the mean that is believed."""

    state: State
    levels: list[int]
    target: float


@st.composite
def beliefs(draw: st.DrawFn) -> Belief:
    """In any order of the levels; the target may lie outside of them."""
    state = draw(states(most=10**12))
    count = len(state.shares)
    raw = draw(st.lists(st.integers(0, 10**9), min_size=count, max_size=count, unique=True))
    levels = [level - min(raw) for level in raw]
    return Belief(state, levels, draw(st.floats(-0.5, 1.5)) * max(levels))


def mean(prices: Sequence[float], levels: Sequence[int]) -> float:
    return math.fsum(price * level for price, level in zip(prices, levels, strict=True))


@given(beliefs(), st.integers(0, UNLIMITED))
def test_the_mean_moves_toward_the_target_and_never_beyond(belief: Belief, spend: int):
    before = mean(belief.state.prices, belief.levels)
    bought = lmsr.tilt(belief.state, belief.levels, belief.target, spend)
    after = mean(belief.state.after(bought).prices, belief.levels)
    nearly = (
        1 + 1e-15
    )  # Where nothing can be bought for the spend, the mean is the same but for its last digit.

    assert before <= after * nearly <= belief.target * nearly or belief.target <= after <= before * nearly


@given(beliefs(), st.integers(0, UNLIMITED))
def test_a_tilt_only_buys_and_never_costs_more_than_the_spend(belief: Belief, spend: int):
    bought = lmsr.tilt(belief.state, belief.levels, belief.target, spend)

    assert min(bought) == 0
    assert lmsr.cost(belief.state, bought) <= spend


@given(beliefs(), st.integers(0, UNLIMITED))
def test_a_tilt_never_goes_past_the_price_bound(belief: Belief, spend: int):
    bought = lmsr.tilt(belief.state, belief.levels, belief.target, spend)
    after = belief.state.after(bought).prices

    assert lmsr.keeps_bound(belief.state.prices, after)


@given(beliefs(), st.integers(0, UNLIMITED))
def test_a_tilt_ends_at_the_target_or_with_the_spend_or_at_the_bound(belief: Belief, spend: int):
    """It stops for one of three reasons: a little more of the same would pass one of them."""
    state, top = belief.state, max(belief.levels)
    bought = lmsr.tilt(state, belief.levels, belief.target, spend)
    before = state.prices
    up = mean(before, belief.levels) < belief.target
    heights = belief.levels if up else [top - level for level in belief.levels]
    shares = max(bought) + 1
    further = [shares * height // top for height in heights]
    after = state.after(further).prices
    reached = mean(after, belief.levels)

    assert (
        (reached > belief.target if up else reached < belief.target)
        or lmsr.cost(state, further) > spend
        or not lmsr.keeps_bound(before, after)
    )


@given(states(most=10**12, outcomes=2), st.floats(0.001, 0.999), st.sampled_from([0, 1]))
def test_of_two_outcomes_a_tilt_buys_the_shares_to_that_price(state: State, target: float, outcome: int):
    levels = lmsr.only(state, [outcome], 1)
    bought = lmsr.tilt(state, levels, target, UNLIMITED)
    up = lmsr.shares_to(state, outcome, target)
    down = lmsr.shares_to(state, 1 - outcome, 1 - target)

    assert bought[outcome] == pytest.approx(up, abs=1 + 1e-11 * state.liquidity)
    assert bought[1 - outcome] == pytest.approx(down, abs=1 + 1e-11 * state.liquidity)


@pytest.mark.parametrize(
    ("prices", "levels", "target"),
    [
        ([0.2, 0.3, 0.5], [0, 1, 2], 1.5),
        ([0.2, 0.3, 0.5], [0, 1, 2], 0.9),
        ([0.25, 0.25, 0.25, 0.25], [0, 10, 20, 40], 27.0),
        ([0.1, 0.4, 0.3, 0.15, 0.05], [4, 3, 2, 1, 0], 1.2),
    ],
    ids=["up", "down", "uneven", "reversed"],
)
def test_of_all_beliefs_with_that_mean_a_tilt_moves_to_the_nearest(
    prices: list[float], levels: list[int], target: float
):
    """The nearest is the one of least divergence sum q ln(q / p) from the prices, found by a general optimiser."""
    state = opened(1_000, prices)
    bought = lmsr.tilt(state, levels, target, UNLIMITED)
    nearest = minimize(
        lambda q: float(np.sum(q * np.log(q / prices))),
        x0=np.full(len(prices), 1 / len(prices)),
        bounds=[(1e-9, 1)] * len(prices),
        constraints=[
            {"type": "eq", "fun": lambda q: np.sum(q) - 1},
            {"type": "eq", "fun": lambda q: np.dot(q, levels) - target},
        ],
        method="SLSQP",
        options={"ftol": 1e-14},
    )

    assert nearest.success
    assert state.after(bought).prices == pytest.approx(list(nearest.x), abs=1e-6)
