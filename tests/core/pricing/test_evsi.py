"""What information is worth, how much a market can learn, and what range a scalar should have."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import distribution, evsi

SDS, GAPS, NATS = st.floats(0.1, 3), st.floats(-3, 3), st.floats(0.01, 3)


def test_v33_what_information_about_a_close_call_is_worth():
    given_, expected = vector("V33")

    assert evsi.evsi(given_["D"], given_["s"], given_["I_nats"]) == pytest.approx(expected["evsi"], rel=1e-12)


@given(SDS, GAPS, NATS)
def test_information_is_worth_something_and_never_more_than_knowing_all(sd: float, gap: float, nats: float):
    assert -1e-12 <= evsi.evsi(gap, sd, nats) <= evsi.evsi(gap, sd, math.inf) + 1e-12


def test_knowing_all_of_an_even_call_is_worth_four_tenths_of_its_sd():
    """E|X| / 2 of a Normal gap: half of the time the other option would have been taken."""
    assert evsi.evsi(0, 2, math.inf) == pytest.approx(2 / math.sqrt(2 * math.pi))


@given(SDS, st.floats(0.2, 2.5), NATS)
@example(sd=1.0, distance=0.765625, nats=1.0)  # Where the bisection meets numbers without digits.
def test_no_other_amount_is_worth_more_a_nat_than_the_steepest(sd: float, distance: float, nats: float):
    best, worth = evsi.steepest(distance * sd, sd)

    assert evsi.evsi(distance * sd, sd, best) == pytest.approx(worth * best, rel=1e-9)
    assert evsi.evsi(distance * sd, sd, nats) / nats <= worth * (1 + 1e-6)


def test_close_calls_earn_the_money_and_foregone_conclusions_none():
    needed, worth = evsi.steepest(np.array([0.0, 0.3, 1, 3, 6]), 1.0)

    assert np.all(np.diff(needed) > 0)
    assert np.all(np.diff(worth) < 0)
    assert worth[-1] < 1e-9


def test_v49_a_scalar_pays_little_for_information():
    given_, expected = vector("V49")
    found = [evsi.learnable([0.5, 0.5], [1, 0], sd, is_one_hot=False) for sd in given_["sd"]]

    assert found == pytest.approx(expected["e"], rel=1e-8)
    assert found == pytest.approx(expected["approx"], rel=0.1)
    assert [round(evsi.pays(sd)) for sd in (0.1, 0.2)] == [34, 8]


def test_hats_leave_half_a_nat_of_their_entropy_between_two_centres():
    centres = list(range(0, 101, 5))
    prices = distribution.hat_prices(50, 15, centres)
    entropy = -sum(p * math.log(p) for p in prices)

    assert evsi.learnable(prices, centres, 15, is_one_hot=False) == pytest.approx(entropy - 0.5, abs=1e-3)
    assert evsi.learnable(prices, centres, 15, is_one_hot=True) == pytest.approx(entropy)


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.5))
def test_a_market_never_pays_more_than_the_entropy_of_its_prices(price: float, sd: float):
    prices, centres = [price, 1 - price], [10.0, -30.0]
    most = evsi.learnable(prices, centres, sd, is_one_hot=True)

    assert evsi.learnable(prices, centres, sd * 40, is_one_hot=False) > 0
    if 2 * sd <= min(prices):  # Else clipping moves the mean away from the price.
        assert evsi.learnable(prices, centres, sd * 40, is_one_hot=False) <= most


def test_a_range_is_too_wide_where_the_right_one_would_pay_twice_as_much():
    wide, right = evsi.advise(0, 1000, 500, 50), evsi.advise(418, 582, 500, 50)

    assert wide.is_too_wide
    assert (round(wide.low), round(wide.high)) == (418, 582)
    assert wide.times_less == pytest.approx(evsi.pays(0.05))
    assert not right.is_too_wide
    assert right.times_less == pytest.approx(right.times_less_there, rel=0.01)
    assert right.outside == pytest.approx(0.1, abs=0.002)
