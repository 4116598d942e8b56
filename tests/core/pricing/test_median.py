"""Time-weighted medians, exact and from histograms of an hour each."""

import json
import statistics
from bisect import bisect_left
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import VECTORS, vector

from core.pricing import median
from core.pricing.median import POINT, Dwell

HOUR = 3_600_000
levels = st.integers(0, 1_000_000)
stretches = st.lists(st.tuples(levels, st.integers(0, 3 * HOUR)), max_size=10)


def lasting(least: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Stretches at a level each, one of which lasts so many milliseconds or more."""
    long = st.tuples(levels, st.integers(least, 3 * HOUR))
    return st.builds(lambda before, found, after: [*before, found, *after], stretches, long, stretches)


spans = lasting(0)


def dwell(spent: list[tuple[int, int]]) -> Dwell:
    found = Dwell()
    for level, time in spent:
        found = found.add(level, time)
    return found


def test_v35_a_median_weighs_levels_by_their_time():
    """Four hours at 0.95 do not move it, and the histogram of whole points tells it exactly."""
    given_, expected = VECTORS["V35"]["inputs"], vector("V35")[1]
    spent = [(round(float(price) * 1e6), int(span.split()[0]) * HOUR) for price, span in given_["segments"]]

    assert median.median(spent) / 1e6 == pytest.approx(expected["tw_median"])
    assert dwell(spent).median() / 1e6 == pytest.approx(expected["tw_median"])


@given(st.lists(st.tuples(levels, st.integers(1, 20)), min_size=1, max_size=10))
def test_a_weighted_median_is_the_median_of_the_levels_written_out(spent: list[tuple[int, int]]):
    written = [level for level, time in spent for _ in range(time)]

    assert median.median(spent) == statistics.median(written)


@given(lasting(2), levels)
def test_a_push_of_less_than_half_of_the_window_cannot_take_a_median_where_it_never_was(
    spent: list[tuple[int, int]], pushed: int
):
    total = sum(time for _, time in spent)
    found = median.median([*spent, (pushed, total - 1)])
    held = [level for level, time in spent if time]

    assert min(held) <= found <= max(held)


@given(lasting(1))
def test_the_median_of_the_other_side_is_one_less_this_one(spent: list[tuple[int, int]]):
    assert median.median([(1_000_000 - level, time) for level, time in spent]) == 1e6 - median.median(spent)


def test_of_no_time_there_is_no_median():
    with pytest.raises(IndexError):
        median.median([(500_000, 0)])


@given(lasting(1))
def test_a_histogram_s_median_is_within_half_a_point_of_the_exact_one(spent: list[tuple[int, int]]):
    assert abs(dwell(spent).median() - median.median(spent)) <= POINT / 2


@given(st.integers(0, 100), st.integers(1, HOUR))
def test_a_level_that_stays_at_a_whole_point_has_exactly_that_median(point: int, time: int):
    """A market that opened at one half and was not traded says 50, not 50.5."""
    assert Dwell().add(point * POINT, time).median() == point * POINT


@given(spans)
def test_there_are_101_points_and_no_time_is_lost(spent: list[tuple[int, int]]):
    found = dwell(spent)

    assert found.total == sum(time for _, time in spent)
    assert set(found.spent) <= set(range(101))
    assert all(time > 0 for time in found.spent.values())


@given(spans, spans)
def test_merged_histograms_are_the_histogram_of_both(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
):
    assert dwell(one).merge(dwell(other)) == dwell([*one, *other])
    assert dwell(one).merge(Dwell()) == dwell(one)


@given(spans)
def test_a_histogram_survives_json(spent: list[tuple[int, int]]):
    numbers = dwell(spent).to_list()

    assert Dwell.from_list(json.loads(json.dumps(numbers))) == dwell(spent)
    assert all(type(number) is int for number in numbers)


def hours(walk: list[tuple[int, int]]) -> list[tuple[int, Dwell]]:
    """A dwell for each hour that the levels lasted, the last one shorter, from moment 0 on."""
    found: dict[int, Dwell] = {}
    at = 0
    for level, time in walk:
        end = at + time
        while at < end:
            stop = min(end, (at // HOUR + 1) * HOUR)
            begun = at // HOUR * HOUR
            found[begun] = found.get(begun, Dwell()).add(level, stop - at)
            at = stop
    return list(found.items())


def inside(walk: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """What of each level's time lies in the window."""
    found, at = [], 0
    for level, time in walk:
        found.append((level, max(0, min(end, at + time) - max(start, at))))
        at += time
    return found


@given(lasting(HOUR + 1), st.data())
def test_a_window_of_whole_hours_is_exact_to_half_a_point(walk: list[tuple[int, int]], data: st.DataObject):
    total = sum(time for _, time in walk)
    start = data.draw(st.integers(0, total // HOUR - 1)) * HOUR
    end = data.draw(st.integers(start // HOUR + 1, total // HOUR)) * HOUR
    found = median.over(hours(walk), start, end)

    assert found == dwell(inside(walk, start, end))
    assert abs(found.median() - median.median(inside(walk, start, end))) <= POINT / 2


@given(lasting(HOUR + 1), st.data())
def test_a_window_that_cuts_two_hours_misplaces_at_most_a_quarter_of_each(
    walk: list[tuple[int, int]], data: st.DataObject
):
    """So its median lies between the exact quantiles that far from one half, to half a point."""
    total = sum(time for _, time in walk)
    start = data.draw(st.integers(0, total - HOUR))
    end = data.draw(st.integers(start + HOUR, total))
    exact = dwell(inside(walk, start, end))
    found = median.over(hours(walk), start, end)
    points = {*exact.spent, *found.spent}
    wrong = sum(max(0, exact.spent.get(point, 0) - found.spent.get(point, 0)) for point in points)

    assert (
        end - start - len(points) - 101 <= found.total <= end - start
    )  # Less than a millisecond a point is cut off.
    assert wrong <= 2 * HOUR / 4 + 2 * 101
    low, high = (quantile(exact, share) for share in (0.5 - wrong / exact.total, 0.5 + wrong / exact.total))
    assert low <= found.median() <= high


def quantile(exact: Dwell, share: float) -> float:
    """The level at and below which so much of the time was spent, the least or the greatest at the ends."""
    points = sorted(exact.spent)
    until = list(accumulate(exact.spent[point] for point in points))
    return points[min(bisect_left(until, share * until[-1]), len(points) - 1)] * POINT


@given(levels, st.integers(0, 50 * HOUR), st.integers(1, 50 * HOUR))
def test_where_the_level_stayed_a_cut_misplaces_nothing(level: int, start: int, length: int):
    """However long the stretch that is one histogram."""
    found = median.over([(0, Dwell().add(level, 100 * HOUR))], start, start + length)

    assert found == Dwell().add(level, length)


def test_what_lies_outside_the_window_does_not_count():
    stretches = [(0, Dwell({50: HOUR})), (HOUR, Dwell({60: HOUR})), (2 * HOUR, Dwell({70: HOUR}))]

    assert median.over(stretches, HOUR, 2 * HOUR).spent == {60: HOUR}
    assert median.over(stretches, HOUR // 2, HOUR).spent == {50: HOUR // 2}
    assert median.over(stretches, 5 * HOUR, 6 * HOUR) == Dwell()
