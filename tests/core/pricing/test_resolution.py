"""What differences a market can resolve, and how far capital and the maker pull its price."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import opened
from vectors import vector

from core.pricing import lmsr, manipulation, resolution
from core.units import MICRO


def logistic(theta: float) -> float:
    return 1 / (1 + math.exp(-theta))


def test_v37_differences_below_the_band_are_not_worth_anybodys_attention():
    given_, expected = vector("V37")
    b, p, cost = given_["b"], given_["p"], given_["c_a"]

    assert resolution.band(b, [p, 1 - p], (1, 0), cost) == pytest.approx(expected["d_exact"], rel=1e-9)
    assert math.sqrt(2 * p * (1 - p) * cost / b) == pytest.approx(expected["d_approx"], rel=1e-12)


def test_v38_the_opening_price_keeps_the_makers_weight():
    given_, expected = vector("V38")
    beliefs = [logistic(theta) for theta in given_["theta"]]
    found = resolution.settled_price(given_["b"], logistic(given_["theta0"]), given_["t"], beliefs)

    assert found == pytest.approx(expected["price"], rel=1e-12)
    assert resolution.maker_weight(given_["b"], given_["t"]) == pytest.approx(expected["maker_weight"])


def test_v50_how_far_capital_reaches_is_what_the_maker_s_own_arithmetic_says():
    given_, expected = vector("V50")
    b, p, capital = given_["b"], given_["p"], given_["M"]
    state = opened(b, [p, 1 - p])
    reached = state.after((lmsr.shares_for(state, [0], round(capital * MICRO)), 0))

    assert resolution.reach(b, p, capital) == pytest.approx(expected["p_max"], rel=1e-12)
    assert reached.prices[0] == pytest.approx(expected["p_max"], abs=1e-8)
    assert resolution.capital_to(b, p, given_["q"]) == pytest.approx(expected["M_needed"], rel=1e-12)


@given(st.floats(50, 5_000), st.floats(0.05, 0.95), st.floats(0.1, 3))
def test_moving_a_price_as_far_as_the_band_loses_what_attention_costs(b: float, p: float, cost: float):
    """In the direction of the wider side; the other one costs as much sooner."""
    found = resolution.band(b, [p, 1 - p], (1, 0), cost)
    ends = [end for end in (p - found, p + found) if 0.001 < end < 0.999]
    losses = [manipulation.move(b, p, end).expected_loss for end in ends]

    assert not losses or min(losses) == pytest.approx(cost, rel=1e-3)


def test_a_deeper_market_resolves_less_and_one_of_values_counts_in_their_unit():
    prices, centres = [0.1, 0.2, 0.4, 0.2, 0.1], (0, 10, 20, 30, 40)
    thin, deep = (resolution.band(b, prices, centres, 1) for b in (100, 400))

    assert thin == pytest.approx(2 * deep, rel=0.02)
    assert thin == pytest.approx(math.sqrt(2 * 120 / 100), rel=0.02)  # The variance at these prices is 120.


def test_what_no_price_would_make_worth_looking_at_is_resolved_nowhere():
    """At so little liquidity the band is the whole way to an end of the range."""
    assert resolution.band(1e-6, [0.25, 0.75], (1, 0), 1) == pytest.approx(0.75)
