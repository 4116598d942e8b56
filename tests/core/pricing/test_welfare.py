"""Weights by the median, and one spread of several."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.pricing.welfare import by_rank, median_weights, welfare

WORTHS = st.floats(-1000, 1000)


@given(st.lists(WORTHS, min_size=3, max_size=9).filter(lambda worths: len(worths) % 2 == 1), WORTHS)
def test_one_ballot_of_three_or_more_moves_a_median_no_further_than_to_its_neighbours(
    worths: list[float], shouted: float
):
    """So nobody gains by overstating."""
    before = sorted(worths)
    middle = len(before) // 2
    (after,) = median_weights([[each] for each in [*before[:-1], shouted]])

    assert before[middle - 1] <= after <= before[middle + 1]


@given(st.lists(st.tuples(WORTHS, WORTHS), min_size=2, max_size=8), WORTHS, st.floats(0.1, 10))
def test_units_do_not_change_who_leads(expected: list[tuple[float, float]], worth: float, scale: float):
    """A metric in another unit is worth as much less as its numbers are larger."""
    plain = welfare([1, worth], expected)
    scaled = welfare([1, worth / scale], [(first, second * scale) for first, second in expected])

    assert scaled == pytest.approx(plain, abs=1e-6, rel=1e-9)


def test_equal_options_stand_in_their_order():
    assert by_rank([1.0, 2.0, 2.0]) == (1, 2, 0)
