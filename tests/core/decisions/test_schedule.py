"""Times of a zone: nothing twice and nothing lost in the nights in which clocks change, and what is no schedule is refused."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions.schedule import Schedule
from core.errors import Invalid

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
]
CRONS = ["0 9 * * MON-FRI", "30 2 * * *", "0 0 * * *", "59 1 * * *", "15 * * * *", "0 */6 * * *"]


def utc(*of: int) -> datetime:
    return datetime(*of, tzinfo=UTC)


def test_nine_in_the_morning_is_nine_on_the_committee_s_wall_in_summer_and_in_winter():
    berlin = Schedule("0 9 * * MON-FRI", "Europe/Berlin")

    assert berlin.after(utc(2026, 3, 27, 9)) == utc(
        2026, 3, 30, 7
    )  # From Friday to Monday, across the night.
    assert berlin.after(utc(2026, 3, 27, 7)) == utc(2026, 3, 27, 8)


def test_a_time_that_a_night_skips_comes_at_its_end_and_one_it_has_twice_comes_once():
    half_past_two = Schedule("30 2 * * *", "Europe/Berlin")
    spring = half_past_two.times(utc(2026, 3, 28, 12), 2)
    autumn = half_past_two.times(utc(2026, 10, 24, 12), 2)

    assert spring == [utc(2026, 3, 29, 1), utc(2026, 3, 30, 0, 30)]  # 03:00, and then 02:30 of summer.
    assert autumn == [utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]


def test_what_is_asked_in_the_second_of_two_equal_hours_lies_ahead():
    """On the wall it is 02:10 again: 02:30 was there already, an hour and twenty minutes after it."""
    again = utc(2026, 10, 25, 1, 10)

    assert Schedule("30 2 * * *", "Europe/Berlin").after(again) == utc(2026, 10, 26, 1, 30)


def test_every_hour_is_every_hour_whatever_the_wall_says():
    times = Schedule("15 * * * *", "Europe/Berlin").times(utc(2026, 10, 24, 22), 6)

    assert [later - earlier for earlier, later in pairwise(times)] == [HOUR] * 5


@given(
    st.sampled_from(CRONS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_whoever_goes_from_time_to_time_finds_each_of_them_once(cron: str, zone: str, start: datetime):
    """Asked from each time found, or from any moment before the next, the next is the same; and it lies ahead."""
    schedule = Schedule(cron, zone)
    times = schedule.times(start, 4)

    assert times == sorted(set(times))
    assert times[0] > start
    for earlier, later in pairwise(times):
        assert schedule.after(earlier) == later
        assert schedule.after(later - timedelta(milliseconds=1)) == later


@pytest.mark.parametrize(
    ("schedule", "field", "rule"),
    [
        (Schedule("every morning"), "cron", "cron"),
        (Schedule("0 9 * * * *"), "cron", "cron"),
        (Schedule("0 24 * * *"), "cron", "cron"),
        (Schedule("*/5 * * * *"), "cron", "hourly"),
        (Schedule("0 9 31 2 *"), "cron", "cron"),
        (Schedule("0 9 */31 2 MON#5"), "cron", "cron"),  # The first day of a month is no fifth Monday.
        (Schedule(zone="Berlin"), "zone", "zone"),
        (Schedule(zone="../UTC"), "zone", "zone"),
        (Schedule(step=500), "step", "between"),
    ],
)
def test_what_is_no_schedule_is_refused_where_it_was_typed(schedule: Schedule, field: str, rule: str):
    with pytest.raises(Invalid) as no:
        schedule.check(START)

    assert (no.value.field, no.value.rule) == (field, rule)


@pytest.mark.parametrize(
    ("lives_in", "zone"), [("Asia/Kathmandu", "Asia/Kathmandu"), ("Mars", "UTC"), (None, "UTC")]
)
def test_a_decision_is_reported_where_its_opener_lives_if_that_is_anywhere(lives_in: str | None, zone: str):
    assert Schedule.usual_in(lives_in) == Schedule("0 9 * * MON-FRI", zone, 50_000)


def test_without_an_expression_there_is_no_time():
    never = Schedule(cron=None, step=None)
    never.check(START)

    assert never.after(START) is None
    assert Schedule("0 9 1 1 *").times(START, 2) == [utc(2027, 1, 1, 9), utc(2028, 1, 1, 9)]
