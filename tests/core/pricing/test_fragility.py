"""A price without each of its traders, and how many traders it has."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import opened
from vectors import vector

from core.pricing import fragility
from core.units import MICRO

HELD = st.lists(st.lists(st.integers(0, 200), min_size=3, max_size=3), min_size=1, max_size=6)
CENTRES = (0, 10, 40)


def net(shares: list[float]) -> list[list[float]]:
    """Holdings of LONG and SHORT that net to these."""
    return [[max(each, 0), max(-each, 0)] for each in shares]


def test_v39_a_price_and_a_spread_without_each_trader():
    given_, expected = vector("V39")
    prices = {name: expected[f"price_{name}"] for name in "AB"}
    without = {
        name: fragility.without_each(
            given_[f"b_{name}"], [prices[name], 1 - prices[name]], (1, 0), net(given_[f"net_{name}"])
        )
        for name in "AB"
    }
    logits = np.log(without["A"] / (1 - without["A"]))
    whole = np.log(prices["A"] / (1 - prices["A"]))
    error = fragility.jackknife(logits, whole)
    ends = 1 / (1 + np.exp(-(whole + NormalDist().inv_cdf(0.975) * error * np.array([-1, 1]))))
    weights = fragility.widths(net(given_["net_A"]))

    assert error == pytest.approx(expected["se_logit_A"], rel=1e-12)
    assert ends == pytest.approx(expected["interval_A"], rel=1e-9)
    assert prices["A"] - prices["B"] == pytest.approx(expected["spread"], rel=1e-12)
    assert fragility.jackknife(without["A"] - without["B"], expected["spread"]) == pytest.approx(
        expected["se_spread"], rel=1e-12
    )
    assert fragility.effective(weights) == pytest.approx(expected["effective_traders_A"], rel=1e-12)


def test_v48_the_best_of_several_equal_options_looks_better_than_it_is():
    given_, expected = vector("V48")

    assert [fragility.optimism(int(k)) for k in given_["k"]] == pytest.approx(expected["c"], rel=1e-12)
    assert fragility.optimism(1) == pytest.approx(0, abs=1e-12)


@given(HELD)
def test_leaving_a_trader_out_removes_exactly_what_they_bought(held: list[list[int]]):
    """The value without each trader is the one of a maker that sold to all the others only."""
    maker = opened(100, [0.2, 0.5, 0.3])
    bought = [[shares * MICRO for shares in each] for each in held]
    whole = maker.after([sum(column) for column in zip(*bought, strict=True)])
    found = fragility.without_each(100 * MICRO, whole.prices, CENTRES, bought)
    for number in range(len(held)):
        others = [
            sum(column) for column in zip(*bought[:number], *bought[number + 1 :], [0, 0, 0], strict=True)
        ]
        expected = np.dot(maker.after(others).prices, CENTRES)
        assert found[number] == pytest.approx(expected, abs=1e-7)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_the_effective_number_lies_between_one_and_all(weights: list[float]):
    assert 1 - 1e-9 <= fragility.effective(weights) <= len(weights) + 1e-9
    assert 1 / len(weights) - 1e-9 <= fragility.top_share(weights) <= 1


def test_nobody_weighs_nothing():
    assert (fragility.effective([]), fragility.top_share([]), fragility.jackknife([], 3.0)) == (0, 0, 0)


def test_on_a_single_trader_hangs_all_that_they_moved():
    """The jackknife's own formula would say 0."""
    assert fragility.jackknife([0.5], 0.62) == pytest.approx(0.12)
