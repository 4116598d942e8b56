"""Between which liquidities a market is of use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import resolution, window

PRICES = st.floats(0.05, 0.95)


def test_v37_what_resolves_a_difference():
    given_, expected = vector("V37")
    p, cost = given_["p"], given_["c_a"]

    assert window.least(p, given_["target_d"], cost) == pytest.approx(expected["b_needed_unconditional"])
    assert window.least(p, given_["target_d"], cost, given_["lam"]) == pytest.approx(
        expected["b_needed_lottery"]
    )
    assert window.least_exact(p, expected["d_exact"], cost) == pytest.approx(given_["b"], rel=1e-12)


@given(PRICES, st.floats(0.01, 0.3), st.floats(0.1, 10))
def test_at_the_least_liquidity_the_band_is_the_difference(price: float, difference: float, cost: float):
    needed = window.least_exact(price, difference, cost)
    prices, centres = [price, 1 - price], [1, 0]

    if price - difference > 0.01 and price + difference < 0.99:
        assert resolution.band(needed, prices, centres, cost) == pytest.approx(difference, rel=1e-6)


@given(PRICES, st.floats(0.001, 0.01))
def test_the_short_form_is_right_for_small_differences(price: float, difference: float):
    exact = window.least_exact(price, difference, 1)

    assert window.least(price, difference, 1) == pytest.approx(exact, rel=0.2)


def test_a_difference_that_leads_out_of_the_range_on_one_side_asks_what_the_other_takes():
    assert window.least_exact(0.02, 0.1, 5) > 0
    assert window.least_exact(0.5, 0.6, 5) == 0


@given(PRICES, st.floats(10, 10_000))
def test_v50_the_most_liquidity_is_what_the_capital_just_moves(price: float, capital: float):
    conviction = price + (1 - price) * 0.6
    found = window.most(capital, price, conviction)

    assert resolution.capital_to(found, price, conviction) == pytest.approx(capital)
    assert resolution.reach(found, price, capital) == pytest.approx(conviction)


def test_v50_as_published():
    given_, expected = vector("V50")

    assert window.most(expected["M_needed"], given_["p"], given_["q"]) == pytest.approx(given_["b"])


def test_the_opening_price_keeps_a_tenth():
    assert resolution.maker_weight(window.most_by_weight([600, 300]), [600, 300]) == pytest.approx(0.1)
