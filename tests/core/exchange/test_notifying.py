"""What one person is told: by topics that they want, gathered into digests, and in time before a decision closes."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from exchange_driver import ADMIN, DAY, START, Exchange
from sqlalchemy import select

from core.announcements import digests
from core.announcements.tables import announcement
from core.exchange import agenda, granting, notifying, postponing
from core.exchange.postponing import Dates
from core.exchange.trading import Act
from core.units import MICRO

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """A decision that closes in a week; Ann holds shares in it, Bob a limit order, Cy nothing."""
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cy"):
        exchange.grant(person, 100)
    exchange.open()
    exchange.trade("ann", 1, 0, Act.SPEND, 20 * MICRO)
    exchange.trade("bob", 1, 0, Act.SPEND, 5 * MICRO, price=300_000)
    return exchange


def told(exchange: Exchange, kind: str) -> list[tuple[str, datetime]]:
    """To whom, and when it is due."""
    rows = exchange.fetch(select(announcement).where(announcement.c.kind == kind).order_by(announcement.c.id))
    return [(row.address, row.due_at) for row in rows]


def whom(exchange: Exchange) -> list[str]:
    return sorted(address for address, _ in told(exchange, "closing"))


def grant(exchange: Exchange, key: str) -> None:
    exchange.do(granting.grant, ADMIN, "dora", MICRO, key, "a test")


def warned(exchange: Exchange) -> list[int]:
    return [each.about for each in exchange.read(agenda.due, exchange.now) if each.act is notifying.warn]


def test_what_happens_at_one_stroke_is_told_together_and_the_rest_an_hour_later(exchange: Exchange):
    """The first after a quiet hour goes out at once; whatever follows waits for the next digest."""
    for number, wait in enumerate((0, 0, 9, 20 * 60, 2 * 3600)):
        exchange.advance(wait * SECOND)
        grant(exchange, f"k{number}")
    gathered = START + digests.GATHERED
    due = [gathered, gathered, gathered + HOUR, gathered + HOUR, exchange.now + digests.GATHERED]

    assert [at for _, at in told(exchange, "granted")] == due


def test_digests_are_an_hour_apart_however_much_happens(exchange: Exchange):
    for number in range(40):
        exchange.advance(timedelta(minutes=7))
        grant(exchange, f"k{number}")
    due = sorted({at for _, at in told(exchange, "granted")})

    assert len(due) > 4
    assert all(after - before >= HOUR for before, after in pairwise(due))


def test_a_topic_that_is_switched_off_is_not_told_and_can_be_switched_on_again(exchange: Exchange):
    exchange.do(notifying.wish, "dora", {"credits": False})
    wanted = dict.fromkeys(notifying.TOPICS, True) | {"credits": False}
    assert exchange.read(notifying.wishes, "dora") == wanted
    grant(exchange, "one")
    assert told(exchange, "granted") == []
    exchange.do(notifying.wish, "dora", {"credits": True})
    grant(exchange, "two")

    assert [address for address, _ in told(exchange, "granted")] == ["dora"]


def test_whoever_holds_something_is_told_once_a_day_before_it_closes(opened: Exchange):
    opened.now = START + 6 * DAY - SECOND
    assert warned(opened) == []
    opened.advance(SECOND)
    assert warned(opened) == [1]
    for _ in range(2):
        opened.do(notifying.warn, 1)

    assert whom(opened) == ["ann", "bob"]
    assert warned(opened) == []


def test_another_close_is_told_anew(opened: Exchange):
    opened.now = START + 6 * DAY
    opened.run_due()
    later = Dates(START + 8 * DAY, START + 12 * DAY, START + 40 * DAY)
    opened.do(postponing.postpone, ADMIN, 1, later, "More time.")
    assert warned(opened) == []
    opened.now = START + 7 * DAY
    opened.run_due()

    assert whom(opened) == ["ann", "ann", "bob", "bob"]


def test_many_holders_are_told_in_slices(opened: Exchange, monkeypatch: pytest.MonkeyPatch):
    """Others act between the slices, and everybody is told once."""
    monkeypatch.setattr("core.ledger.holders.SLICE", 2)
    monkeypatch.setattr("core.exchange.notifying.SLICE", 2)
    for number in range(5):
        opened.grant(f"p{number}", 10)
        opened.trade(f"p{number}", 2, 1, Act.SPEND, MICRO)
    opened.now = START + 6 * DAY

    assert opened.run_due().count("warn") > 2
    assert whom(opened) == ["ann", "bob", *(f"p{n}" for n in range(5))]


def test_a_decision_that_was_over_before_anybody_looked_warns_nobody(opened: Exchange):
    opened.now = START + 8 * DAY
    assert warned(opened) == []
    opened.do(notifying.warn, 1)

    assert whom(opened) == []
