"""What selection can do to a spread: published numbers, and what holds of any."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import selection

CHANCES = st.floats(0.01, 0.99)
LEVELS = st.floats(0, 1)


def test_v24_a_small_lottery_leaves_most_of_the_bias():
    given_, expected = vector("V24")
    shares = [
        selection.randomised_share(given_["eps"], int(given_["k"]), given_[chance])
        for chance in ("h_A", "h_B")
    ]

    assert shares == pytest.approx([expected["w_A"], expected["w_B"]], rel=1e-12)


def test_v25_biases_by_selection_and_the_correlations_that_explain_a_spread():
    given_, expected = vector("V25")
    rho, sd = given_["rho"], given_["sigma"]
    chances = (given_["h_A"], given_["h_B"])
    gaussian = [selection.bias_gaussian(rho, sd, chance) for chance in chances]
    most = [selection.bias_most(rho, sd, chance) for chance in chances]

    assert gaussian == pytest.approx([expected["heckman_A"], expected["heckman_B"]], rel=1e-9)
    assert most == pytest.approx([expected["cs_A"], expected["cs_B"]], rel=1e-12)
    assert sum(most) == pytest.approx(expected["cs_spread"], rel=1e-12)
    assert most[0] - most[1] == pytest.approx(expected["same_sign_spread_bias"], rel=1e-12)
    assert selection.breakdown(given_["spread"], (sd, sd), chances) == pytest.approx(
        expected["rho_breakdown"], rel=1e-12
    )
    assert selection.breakdown_same_sign(given_["spread"], (sd, sd), chances) == pytest.approx(
        expected["rho_breakdown_same_sign"], rel=1e-12
    )


def test_v26_without_assumptions_the_sign_of_the_effect_is_open():
    given_, expected = vector("V26")
    first = selection.without_assumptions(given_["pA"], given_["h_A"])
    second = selection.without_assumptions(given_["pB"], 1 - given_["h_A"])

    assert first == pytest.approx(expected["theta_A"], rel=1e-12)
    assert second == pytest.approx(expected["theta_B"], rel=1e-12)
    assert selection.difference(first, second) == pytest.approx(expected["effect"], rel=1e-12)


def test_v27_the_worse_coin_is_priced_higher_once_its_nature_comes_out_often_enough():
    given_, expected = vector("V27")
    least = selection.revealed_least(given_["fair"], given_["good"])

    assert least == pytest.approx(expected["r_star"], rel=1e-12)
    assert given_["good"] / (1 - (1 - given_["good"]) * least) == pytest.approx(given_["fair"])


@given(LEVELS, LEVELS, CHANCES)
def test_without_assumptions_the_effect_between_two_options_is_one_range_wide_and_holds_zero(
    first: float, second: float, chance: float
):
    low, high = selection.difference(
        selection.without_assumptions(first, chance), selection.without_assumptions(second, 1 - chance)
    )

    assert high - low == pytest.approx(1)
    assert low <= 1e-12
    assert high >= -1e-12


@given(st.floats(-1, 1), st.floats(0.01, 2), st.floats(0.01, 2), CHANCES, CHANCES)
def test_at_the_breakdown_correlation_the_worst_biases_are_the_whole_spread(
    spread: float, sd: float, other: float, chance: float, second: float
):
    rho = selection.breakdown(spread, (sd, other), (chance, second))
    biases = selection.bias_most(rho, sd, chance) + selection.bias_most(rho, other, second)

    assert biases == pytest.approx(abs(spread), abs=1e-12)


@given(st.floats(0, 1), st.floats(0.01, 2), CHANCES)
def test_normal_selection_is_never_worse_than_the_worst(rho: float, sd: float, chance: float):
    assert selection.bias_gaussian(rho, sd, chance) <= selection.bias_most(rho, sd, chance) + 1e-12


def test_where_nothing_varies_no_correlation_explains_anything():
    assert selection.breakdown(0.1, (0, 0), (0.5, 0.5)) == math.inf
    assert selection.breakdown_same_sign(0.1, (0.2, 0.2), (0.5, 0.5)) == math.inf


def test_choice_by_merit_flatters_the_option_that_is_less_likely_to_be_chosen():
    assert selection.flatters((0.2, 0.2), (0.1, 0.9))
    assert not selection.flatters((0.2, 0.2), (0.9, 0.1))
