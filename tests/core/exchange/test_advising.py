"""A range that is set too wide is told, with one that would be right; all by the numbers of THEORY 4."""

import pytest

from core.errors import Invalid
from core.exchange.advising import on_range
from core.units import MICRO


def test_a_range_of_ten_deviations_pays_34_times_less_than_a_yes_or_no():
    found = on_range(0, 100 * MICRO, [50 * MICRO], 10 * MICRO)

    assert found.is_too_wide
    assert round(found.times_less) == 34
    assert (round(found.low / MICRO, 1), round(found.high / MICRO, 1)) == (33.6, 66.4)
    assert found.times_less_there < 6
    assert found.outside < 1e-6


def test_the_range_that_was_right_is_right():
    wide = on_range(0, 100 * MICRO, [50 * MICRO], 10 * MICRO)
    found = on_range(wide.low, wide.high, [50 * MICRO], 10 * MICRO)

    assert not found.is_too_wide
    assert (found.low, found.high) == (wide.low, wide.high)
    assert round(found.outside, 3) == 0.1


def test_one_range_is_for_all_options_and_never_reaches_beyond_the_one_that_was_set():
    found = on_range(0, 100 * MICRO, [8 * MICRO, 40 * MICRO], 10 * MICRO)

    assert found.low == 0
    assert round(found.high / MICRO, 1) == 56.4
    assert found.times_less >= on_range(0, 100 * MICRO, [40 * MICRO], 10 * MICRO).times_less


@pytest.mark.parametrize(
    ("low", "high", "values", "sd", "field"),
    [
        (0, 40, [50], 1, "base_rate_1"),
        (0, 40, [20, 40], 1, "base_rate_2"),
        (40, 0, [20], 1, "high"),
        (0, 40, [20], 0, "sd"),
    ],
)
def test_what_cannot_be_advised_on_names_its_field(
    low: int, high: int, values: list[int], sd: int, field: str
):
    with pytest.raises(Invalid) as no:
        on_range(low * MICRO, high * MICRO, [value * MICRO for value in values], sd * MICRO)

    assert no.value.field == field
