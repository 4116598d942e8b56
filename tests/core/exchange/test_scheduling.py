"""When reports come: at the times of a schedule and when the spread has moved by a step, each exactly once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import report, schedule
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import adding, agenda, deciding, scheduling
from core.exchange.adding import AddedOption, BaseRate
from core.exchange.scheduling import Schedule
from core.exchange.trading import Act
from core.units import MICRO

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEVER = Schedule(cron=None, step=None)
HOLD = 2


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 500)
    dates = {"closes_at": START + 20 * DAY, "decide_by": START + 22 * DAY, "freezes_at": START + 30 * DAY}
    exchange.open(**dates, reports=Schedule(step=None))
    return exchange


def sent(exchange: Exchange) -> list[tuple[str, datetime]]:
    """Occasion and time of each report that is kept; each of them was announced, and no other one."""
    kept = exchange.fetch(select(report).order_by(report.c.number))
    told = select(announcement).where(announcement.c.kind == "report").order_by(announcement.c.id)
    announced = exchange.fetch(told)
    assert [row.facts for row in announced] == [row.facts for row in kept]
    assert {row.address for row in announced} <= {"committee"}
    assert [row.number for row in kept] == list(range(1, len(kept) + 1))
    return [(row.occasion, row.at) for row in kept]


def scheduled(exchange: Exchange, **changes: object) -> None:
    exchange.do(scheduling.schedule_reports, ADMIN, 1, Schedule(**{"cron": None, "step": None, **changes}))


def live(exchange: Exchange, until: datetime) -> None:
    """Time goes by, from each moment at which something is due to the next."""
    while (due := next_due(exchange)) is not None and due <= until:
        exchange.now = max(exchange.now, due)
        beat(exchange)
    exchange.now = until


def next_due(exchange: Exchange) -> datetime | None:
    rows = exchange.fetch(select(schedule.c.next_at, schedule.c.look_at))
    return min((at for row in rows for at in row if at is not None), default=None)


def beat(exchange: Exchange) -> None:
    for each in exchange.read(agenda.due, exchange.now):
        exchange.do(each.act, each.about)


def push(exchange: Exchange, points: float, by: str = "ann", market_id: int = HOLD) -> None:
    exchange.trade(by, market_id, (), Act.MOVE, 400 * MICRO, estimate=round(points * MICRO))


def test_a_decision_is_reported_on_weekdays_at_nine_unless_somebody_says_otherwise(opened: Exchange):
    """It opened on a Thursday at noon."""
    live(opened, START + 5 * DAY)

    nine = START.replace(hour=9)
    assert sent(opened) == [("schedule", nine + n * DAY) for n in (1, 4, 5)]


def test_times_that_were_missed_share_one_report(opened: Exchange):
    opened.now = START + 12 * DAY
    opened.run_due()
    opened.run_due()

    assert sent(opened) == [("schedule", START + 12 * DAY)]
    live(opened, START + 13 * DAY)
    assert sent(opened)[1:] == [("schedule", (START + 13 * DAY).replace(hour=9))]


def test_a_night_that_skips_the_time_and_one_that_has_it_twice_bring_one_report_each(opened: Exchange):
    """Havana puts its clocks forward at midnight, and back at one."""
    for night, came_at in (
        (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 4, 30, tzinfo=UTC)),
    ):
        opened.now = night
        opened.open(closes_at=night + 9 * DAY, decide_by=night + 10 * DAY, freezes_at=night + 30 * DAY)
        (number,) = [row.decision_id for row in opened.fetch(select(schedule))][-1:]
        half_past_midnight = Schedule("30 0 * * *", "America/Havana", None)
        opened.do(scheduling.schedule_reports, DECIDER, number, half_past_midnight)
        live(opened, night + DAY / 2)
        found = opened.fetch(select(report.c.at).where(report.c.decision_id == number))
        assert [row.at for row in found] == [came_at]


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["an hour", "a day"])
def test_a_clock_that_jumps_on_and_back_reports_nothing_twice(opened: Exchange, jump: timedelta):
    """What it had reported too early is not reported again, and then each time comes as if nothing had been."""
    opened.now = START.replace(day=2, hour=8, minute=30)
    opened.advance(jump)
    beat(opened)
    opened.advance(-jump)
    live(opened, START + 6 * DAY)

    nine = START.replace(day=2, hour=9)
    ahead = [at for at in (nine, nine + DAY) if at <= START.replace(day=2, hour=8, minute=30) + jump]
    assert sent(opened)[0] == ("schedule", START.replace(day=2, hour=8, minute=30) + jump)
    due = [nine + n * DAY for n in (0, 3, 4, 5) if nine + n * DAY not in ahead]
    assert sent(opened)[1:] == [("schedule", at) for at in due]


def test_a_clock_that_jumps_back_an_hour_repeats_nothing(opened: Exchange):
    opened.now = START.replace(day=2, hour=9)
    beat(opened)
    for _ in range(3):
        opened.advance(-HOUR)
        live(opened, START.replace(day=2, hour=9, minute=50))

    assert len(sent(opened)) == 1


def test_a_spread_that_moved_by_the_step_is_reported_when_it_had(opened: Exchange):
    """Hold goes from 40 to 60: ten points of a day's average are reached after twelve hours, and not before."""
    opened.now = START + 2 * DAY
    scheduled(opened, step=100_000)
    push(opened, 60)
    live(opened, START + 4 * DAY)
    ((occasion, at),) = sent(opened)

    assert occasion == "move"
    assert timedelta(0) <= at - (START + 2 * DAY + 12 * HOUR) <= 15 * MINUTE


def test_a_push_of_an_hour_is_no_move(opened: Exchange):
    """Whoever wants to call the committee has to hold the price."""
    opened.now = START + 2 * DAY
    scheduled(opened, step=50_000)
    push(opened, 80)
    opened.advance(HOUR)
    push(opened, 40, by="bob")
    live(opened, START + 5 * DAY)

    assert sent(opened) == []


def test_both_options_moving_together_are_no_move_of_the_spread(opened: Exchange):
    opened.now = START + 2 * DAY
    scheduled(opened, step=50_000)
    push(opened, 60)
    push(opened, 70, market_id=1)
    live(opened, START + 4 * DAY)

    assert sent(opened) == []


def test_a_spread_that_moves_on_and_on_is_reported_at_most_once_an_hour(opened: Exchange):
    """Each report counts from the one before it, whatever brought that."""
    opened.now = START + 2 * DAY
    scheduled(opened, step=1_000)
    push(opened, 90)
    live(opened, START + 2 * DAY + 6 * HOUR)
    times = [at for _, at in sent(opened)]

    assert len(times) == 6
    assert all(later - earlier >= HOUR for earlier, later in pairwise(times))


def test_a_report_by_the_clock_is_what_the_next_move_counts_from(opened: Exchange):
    """The clock's comes after eight of the ten points; two more are no step."""
    opened.now = START + 2 * DAY
    scheduled(opened, cron="0 22 3 1 *", step=100_000)
    push(opened, 60)
    live(opened, START + 2 * DAY + 13 * HOUR)
    assert [occasion for occasion, _ in sent(opened)] == ["schedule"]
    live(opened, START + 4 * DAY)

    assert [occasion for occasion, _ in sent(opened)] == ["schedule", "move"]


def test_an_option_that_is_added_counts_from_its_opening(opened: Exchange):
    opened.now = START + 2 * DAY
    scheduled(opened, step=50_000)
    opened.do(adding.add_option, ADMIN, 1, AddedOption("Delay", (BaseRate(90 * MICRO),)))
    live(opened, START + 3 * DAY)

    assert sent(opened) == []


def test_the_close_is_reported_and_nothing_after_it(opened: Exchange):
    opened.now = START + 20 * DAY
    opened.run_due()
    opened.advance(DAY)
    opened.run_due()

    assert [occasion for occasion, _ in sent(opened)] == ["close"]
    assert [(row.next_at, row.look_at) for row in opened.fetch(select(schedule))] == [(None, None)]


def test_a_withdrawn_decision_is_reported_no_more(opened: Exchange):
    opened.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    opened.advance(3 * DAY)
    opened.run_due()

    assert sent(opened) == []


def test_its_deciders_and_admins_say_when_and_the_committee_is_told(opened: Exchange):
    """Nobody else, and not once it is closed."""
    fridays = Schedule("0 17 * * FRI", "Europe/Berlin", 20_000)
    opened.do(scheduling.schedule_reports, DECIDER, 1, fridays)
    assert opened.read(scheduling.standing, ADMIN, 1, opened.now) == fridays
    for asked in (scheduling.standing, scheduling.schedule_reports):
        with pytest.raises(NotAllowed) as no:
            opened.do(asked, "ann", 1, *([fridays] if asked is scheduling.schedule_reports else []))
        assert no.value.who == (ADMIN,)
    told = opened.fetch(select(announcement).where(announcement.c.kind == "scheduled"))
    assert [(row.address, row.facts["by"], row.facts["zone"]) for row in told] == [
        ("committee", DECIDER, "Europe/Berlin")
    ]
    assert told[0].facts["times"][0] == int(datetime(2026, 1, 2, 16, tzinfo=UTC).timestamp())
    live(opened, START + 3 * DAY)
    assert sent(opened) == [("schedule", datetime(2026, 1, 2, 16, tzinfo=UTC))]
    opened.now = START + 20 * DAY
    opened.run_due()
    with pytest.raises(NotOpen):
        opened.do(scheduling.schedule_reports, ADMIN, 1, NEVER)


def test_a_new_schedule_does_not_bring_a_second_move_within_the_hour(opened: Exchange):
    opened.now = START + 2 * DAY
    scheduled(opened, step=1_000)
    push(opened, 90)
    live(opened, START + 2 * DAY + 20 * MINUTE)
    assert len(sent(opened)) == 1
    scheduled(opened, step=2_000)
    live(opened, START + 2 * DAY + 50 * MINUTE)

    assert len(sent(opened)) == 1


def test_a_decision_opens_with_the_schedule_of_its_plan(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open(reports=Schedule("0 9 * * *", "Asia/Kathmandu", None))
    assert [row.next_at for row in exchange.fetch(select(schedule))] == [
        datetime(2026, 1, 2, 3, 15, tzinfo=UTC)
    ]

    with pytest.raises(Invalid) as no:
        exchange.open(reports=Schedule(zone="Mars/Olympus"))
    assert no.value.field == "zone"
