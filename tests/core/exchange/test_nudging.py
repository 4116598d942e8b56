"""Who is overdue is reminded, once for each date, and nobody who is not."""

from datetime import timedelta

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.exchange import deciding, nudging, postponing, resolving, staffing
from core.exchange.postponing import Dates
from core.units import MICRO

HOUR = timedelta(hours=1)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.open()
    return exchange


def told(exchange: Exchange, kind: str) -> list[tuple[str, int]]:
    """Who was told, and how many hours after the start."""
    wanted = select(announcement.c.address, announcement.c.due_at).where(announcement.c.kind == kind)
    return [
        (row.address, (row.due_at - START) // HOUR)
        for row in exchange.fetch(wanted.order_by(announcement.c.id))
    ]


def live(exchange: Exchange, days: int) -> None:
    """Looks every half day."""
    for _ in range(days * 2):
        exchange.advance(DAY / 2)
        exchange.run_due()


def test_deciders_are_reminded_once_a_day_before_it_is_too_late(opened: Exchange):
    live(opened, 9)

    assert told(opened, "decision_overdue") == [(DECIDER, 8 * 24)]


def test_deciders_who_have_decided_are_left_alone(opened: Exchange):
    live(opened, 7)
    opened.do(deciding.record, DECIDER, 1, 1, "So it is.")
    live(opened, 3)

    assert told(opened, "decision_overdue") == []


def test_deciders_are_reminded_of_another_date_too(opened: Exchange):
    live(opened, 8)
    later = Dates(START + 7 * DAY, START + 12 * DAY, START + 30 * DAY)
    opened.do(postponing.postpone, ADMIN, 1, later, "It takes longer.")
    live(opened, 4)

    assert told(opened, "decision_overdue") == [(DECIDER, 8 * 24), (DECIDER, 11 * 24)]


@pytest.fixture
def frozen(opened: Exchange) -> Exchange:
    live(opened, 7)
    opened.do(deciding.record, DECIDER, 1, 1, "So it is.")
    live(opened, 23)
    return opened


def test_the_owner_is_reminded_after_one_and_three_days_and_after_seven_admins_too(frozen: Exchange):
    frozen.do(staffing.appoint, ADMIN, "zoe", "To help.")
    live(frozen, 20)

    assert told(frozen, "reading_overdue") == [
        (OWNER, 31 * 24),
        (OWNER, 33 * 24),
        (OWNER, 37 * 24),
        (ADMIN, 37 * 24),
        ("zoe", 37 * 24),
    ]


def test_who_has_filed_is_left_alone(frozen: Exchange):
    live(frozen, 2)
    frozen.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    live(frozen, 10)

    assert told(frozen, "reading_overdue") == [(OWNER, 31 * 24)]


def test_whose_reading_was_set_aside_is_reminded_anew(frozen: Exchange):
    frozen.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    frozen.do(resolving.challenge, "ann", 1, "It is not so.")
    live(frozen, 3)
    frozen.do(resolving.rule, ADMIN, 1, is_upheld=True, ruling="Indeed.")
    live(frozen, 2)

    assert told(frozen, "reading_overdue") == [(OWNER, 34 * 24)]


def test_reminders_that_were_missed_share_one(frozen: Exchange):
    """The program was down for a week; and whoever asks twice reminds once."""
    frozen.advance(8 * DAY)
    for _ in range(2):
        frozen.do(nudging.nudge_reading, 1)

    assert told(frozen, "reading_overdue") == [(OWNER, 38 * 24), (ADMIN, 38 * 24)]
