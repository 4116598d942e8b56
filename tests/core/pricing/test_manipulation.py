"""What erasing a spread would take."""

import pytest

from core.pricing import lmsr, manipulation
from core.pricing.manipulation import Leg


def leg(liquidity: float, price: float) -> Leg:
    """A market of LONG and SHORT on [0, 1]."""
    return Leg(liquidity, (price, 1 - price), (1, 0), price)


def test_moving_a_price_nowhere_takes_nothing():
    found = manipulation.move(100, 0.4, 0.4)

    assert (found.outlay, found.expected_loss) == pytest.approx((0, 0), abs=1e-9)


def test_moving_a_price_down_costs_what_buying_the_other_outcome_costs():
    down, up = manipulation.move(100, 0.6, 0.3), manipulation.move(100, 0.4, 0.7)

    assert down.outlay == pytest.approx(up.outlay)
    assert down.expected_loss == pytest.approx(up.expected_loss)


def test_erasing_a_small_gap_takes_about_b_d_squared_over_4_p_times_1_less_p():
    """The rule of thumb that is printed beside a spread: b 500 and 5 points make 1.25 credits (THEORY 10)."""
    found = manipulation.flip(leg(500, 0.525), leg(500, 0.475))

    assert sum(each.expected_loss for each in found) == pytest.approx(
        500 * 0.05**2 / (4 * 0.5 * 0.5), rel=0.01
    )


def test_erasing_a_gap_takes_more_in_a_deeper_market():
    thin, deep = (manipulation.flip(leg(b, 0.6), leg(b, 0.5)) for b in (100, 300))

    assert [each.outlay for each in deep] == pytest.approx([3 * each.outlay for each in thin])


def test_moving_the_mean_of_bins_ends_at_the_target_and_loses_less_than_it_puts_at_stake():
    """The outlay is what the purchase costs a maker of bins: the same as the maker's own arithmetic says."""
    prices, centres, b = [0.1, 0.2, 0.4, 0.2, 0.1], (0, 10, 20, 30, 40), 100_000_000
    maker = lmsr.State(b, (0,) * 5, lmsr.weights(b, prices))
    bought = lmsr.tilt(maker, centres, 25, 10**12)
    found = manipulation.move_mean(100, prices, centres, 25)

    assert found.outlay * 1e6 == pytest.approx(lmsr.cost(maker, bought), abs=10)
    assert found.outlay > found.expected_loss > 0


def test_the_gap_between_metrics_of_different_ranges_is_erased_at_the_same_value():
    """Ours on [0, 100] at 60, the competitor's on [40, 80] at 50: both go to 55."""
    ours, theirs = Leg(100, (0.6, 0.4), (100, 0), 60), Leg(100, (0.25, 0.75), (80, 40), 50)
    moved = [manipulation.move(100, 0.6, 0.55), manipulation.move(100, 0.25, 0.375)]

    assert [each.outlay for each in manipulation.flip(ours, theirs)] == pytest.approx(
        [each.outlay for each in moved]
    )
