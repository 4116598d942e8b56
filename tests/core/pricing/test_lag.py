"""Lagged observations in closed form, against a loop that takes every step."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import lag
from core.pricing.lag import INTERVAL, STEP, Observation

OPENED = 1_700_000_000_123
waits = (
    st.integers(0, 3 * INTERVAL)
    | st.integers(0, 200 * INTERVAL)
    | st.sampled_from([0, 1, INTERVAL - 1, INTERVAL])
)
levels = st.integers(0, 1_000_000)
walks = st.lists(st.tuples(waits, levels), min_size=1, max_size=12)


@dataclass
class Loop:
    """The same, one interval after the other: what the closed form must equal."""

    at: int
    level: int
    value: int
    integral: int = 0

    def run(self, until: int) -> None:
        while (next_at := OPENED + ((self.at - OPENED) // INTERVAL + 1) * INTERVAL) <= until:
            self.integral += self.value * (next_at - self.at)
            self.value += max(-STEP, min(STEP, self.level - self.value))
            self.at = next_at
        self.integral += self.value * (until - self.at)
        self.at = until


@given(levels, walks, waits)
def test_the_closed_form_is_the_loop_over_every_interval(
    opening: int, walk: list[tuple[int, int]], rest: int
):
    seen, loop = lag.opening(OPENED, opening), Loop(OPENED, opening, opening)
    for wait, level in walk:
        seen = lag.follow(seen, seen.at + wait, level)
        loop.run(loop.at + wait)
        loop.level = level
        assert (seen.at, seen.level, seen.value, seen.integral) == (loop.at, level, loop.value, loop.integral)
    end = lag.later(seen, seen.at + rest)
    loop.run(loop.at + rest)

    assert (end.at, end.value, end.integral) == (loop.at, loop.value, loop.integral)


@given(levels, levels, st.lists(waits, min_size=1, max_size=6))
def test_looking_at_it_on_the_way_changes_nothing(opening: int, level: int, stops: list[int]):
    start = lag.follow(lag.opening(OPENED, opening), OPENED + 7, level)
    seen = start
    for wait in stops:
        seen = lag.later(seen, seen.at + wait)

    assert seen == lag.later(start, seen.at)


@given(levels, walks, st.data())
def test_the_average_of_any_window_is_two_seeks(
    opening: int, walk: list[tuple[int, int]], data: st.DataObject
):
    ticks = [lag.opening(OPENED, opening)]
    for wait, level in walk:
        ticks.append(lag.follow(ticks[-1], ticks[-1].at + wait, level))
    end_of_all = ticks[-1].at + 2 * INTERVAL
    start = data.draw(st.integers(OPENED, end_of_all - 1))
    end = data.draw(st.integers(start + 1, end_of_all))
    loop, sums, rest = Loop(OPENED, opening, opening), {}, list(ticks[1:])
    for stop in sorted({start, end, *(tick.at for tick in rest)}):
        loop.run(stop)
        sums[stop] = loop.integral
        while rest and rest[0].at == stop:
            loop.level = rest.pop(0).level
    first, last = ([tick for tick in ticks if tick.at <= at][-1] for at in (start, end))

    assert lag.average(first, start, last, end) == pytest.approx(
        (sums[end] - sums[start]) / (end - start) / 1e6, abs=1e-12
    )


@given(levels, levels, waits)
def test_the_value_moves_toward_the_level_and_never_beyond(opening: int, level: int, wait: int):
    seen = lag.follow(lag.opening(OPENED, opening), OPENED + 1, level)
    now = lag.later(seen, seen.at + wait)

    assert min(opening, level) <= now.value <= max(opening, level)
    assert abs(now.value - opening) <= STEP * -(-wait // INTERVAL)


def test_a_push_shorter_than_an_interval_moves_it_by_one_step_at_most():
    """Ten hours at one half, a minute at 0.95 and back: one point, or none where no interval ended in that minute."""
    for began_at in (10 * 4 * INTERVAL - 30_000, 10 * 4 * INTERVAL + 30_000):
        pushed = lag.follow(lag.opening(0, 500_000), began_at, 950_000)
        back = lag.follow(pushed, began_at + 60_000, 500_000)

        assert back.value == (510_000 if began_at < 10 * 4 * INTERVAL else 500_000)
        assert lag.later(back, back.at + INTERVAL).value == 500_000


def test_a_level_that_comes_at_the_very_end_of_an_interval_counts_from_the_next_one_on():
    """Whoever trades at that millisecond does not move what is observed at it."""
    seen = lag.follow(lag.opening(0, 500_000), INTERVAL, 950_000)

    assert seen.value == 500_000
    assert lag.later(seen, 2 * INTERVAL - 1).value == 500_000
    assert lag.later(seen, 2 * INTERVAL).value == 510_000


def test_time_never_runs_back_within_a_market():
    late = lag.follow(lag.opening(OPENED, 500_000), OPENED + 5_000, 900_000)
    after = lag.follow(late, OPENED + 3_000, 200_000)

    assert after == Observation(OPENED, late.at, 200_000, late.value, late.integral)


def test_a_window_of_no_length_has_the_value_at_its_end():
    seen = lag.follow(lag.opening(0, 500_000), 0, 600_000)

    assert lag.average(seen, 3 * INTERVAL, seen, 3 * INTERVAL) == 0.53


@given(levels, st.integers(10**9, 10**12))
def test_years_take_no_longer_than_an_hour_and_stay_exact(level: int, intervals: int):
    """A market nobody trades in: the value has long arrived, and the integral is a whole number."""
    seen = lag.follow(lag.opening(0, 0), 0, level)
    end = lag.later(seen, intervals * INTERVAL)
    whole, rest = divmod(level, STEP)
    lost = sum(level - STEP * number for number in range(1, whole + 1)) + level

    assert end.value == level
    assert rest < STEP
    assert end.integral == INTERVAL * (level * intervals - lost)


@pytest.mark.parametrize("updates", [10, 20])
def test_v35_a_lagged_average_follows_in_steps(updates: int):
    """From 500 toward 550 by at most 5 an update, drawn to our step of one point: the mean over so many updates."""
    expected = vector("V35")[1][f"lagged_{updates}"]
    scale = STEP // 5
    seen = lag.follow(lag.opening(0, 0), 0, 50 * scale)
    found = lag.average(seen, INTERVAL, seen, (updates + 1) * INTERVAL) * 1e6 / scale

    assert 500 + found == pytest.approx(expected)
