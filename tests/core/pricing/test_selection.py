"""What erasing a spread would take."""

import pytest

from core.pricing import selection


def test_moving_a_price_nowhere_takes_nothing():
    assert selection.move(100, 0.4, 0.4) == selection.Flip(0, 0)


def test_moving_a_price_down_costs_what_buying_the_other_outcome_costs():
    down, up = selection.move(100, 0.6, 0.3), selection.move(100, 0.4, 0.7)

    assert down.outlay == pytest.approx(up.outlay)
    assert down.expected_loss == pytest.approx(up.expected_loss)


def test_erasing_a_small_gap_takes_about_b_d_squared_over_4_p_times_1_less_p():
    """The rule of thumb that is printed beside a spread: b 500 and 5 points make 1.25 credits (THEORY 10)."""
    found = selection.flip((500, 0.525), (500, 0.475))

    assert found.expected_loss == pytest.approx(500 * 0.05**2 / (4 * 0.5 * 0.5), rel=0.01)


def test_erasing_a_gap_takes_more_in_a_deeper_market():
    thin, deep = selection.flip((100, 0.6), (100, 0.5)), selection.flip((300, 0.6), (300, 0.5))

    assert deep.outlay == pytest.approx(3 * thin.outlay)
