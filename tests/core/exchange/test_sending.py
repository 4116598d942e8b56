"""Every report that was sent is kept as it was, and can be listed, shown and asked for as a file, by whoever may see it."""

import pytest
from exchange_driver import DAY, DECIDER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions import registry as decisions
from core.errors import Invalid, Unknown
from core.exchange import audit, deciding, reported, scheduling, sending
from core.exchange.scheduling import Schedule
from core.exchange.sending import PAGE
from core.exchange.trading import Act
from core.units import MICRO


@pytest.fixture
def reported_on(exchange: Exchange) -> Exchange:
    """A decision that was reported on one morning after another, more often than a page holds, and traded meanwhile."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 500)
    exchange.open(reports=Schedule("0 9 * * *", step=None))
    for day in range(PAGE + 1):
        exchange.now = (START + (day + 1) * DAY).replace(hour=9)
        exchange.trade("ann", 1, 0, Act.SPEND, 5 * MICRO)
        exchange.do(scheduling.send_scheduled, 1)
    return exchange


def test_a_report_stays_what_it_was_and_knows_the_journal_of_its_moment(reported_on: Exchange):
    """What was sent to the committee is what is kept, to the letter, whatever happens afterwards."""
    head = reported_on.read(audit.head)
    before = reported_on.read(sending.sent, "ann", 1, PAGE + 1, reported_on.now)
    assert before.head == head
    reported_on.trade("ann", 2, 0, Act.SPEND, 50 * MICRO)
    reported_on.advance(DAY)
    told = select(announcement.c.facts).where(announcement.c.kind == "report").order_by(announcement.c.id)

    assert reported_on.read(audit.head) != head
    assert reported_on.read(sending.sent, "ann", 1, PAGE + 1, reported_on.now) == before
    assert [row.facts for row in reported_on.fetch(told)][-1] == before.facts


def test_what_the_report_at_the_close_asked_for_is_taken_back_in_its_place_once_that_is_done(
    reported_on: Exchange,
):
    """By a record, and only once; what is kept stays as it was, and other reports ask for nothing."""
    reported_on.now = START + 7 * DAY
    reported_on.run_due()
    closing = select(announcement).where(announcement.c.key == "report:D-1:close")
    (asking,) = reported_on.fetch(closing)
    reported_on.do(deciding.record, DECIDER, 1, 1, "So it is.")
    (answered,) = reported_on.fetch(closing)
    reported_on.do(sending.answer, reported_on.read(decisions.get, 1))
    told = reported_on.fetch(select(announcement.c.facts).where(announcement.c.kind == "report"))

    assert answered.facts == asking.facts | {"is_answered": True}
    assert (answered.state, answered.version) == ("waiting", asking.version + 1)
    assert reported_on.fetch(closing) == [answered]
    assert sum("is_answered" in facts for (facts,) in told) == 1
    assert reported_on.read(sending.sent, "ann", 1, PAGE + 2, reported_on.now).facts == asking.facts


def test_they_are_listed_page_by_page_the_newest_first(reported_on: Exchange):
    """A page comes with the first of the next one, so that it is known whether there is one."""
    now = reported_on.now
    first = reported_on.read(sending.history, "ann", 1, now)
    second = reported_on.read(sending.history, "ann", 1, now, first[PAGE - 1].number)

    assert [kept.number for kept in first] == list(range(PAGE + 1, 0, -1))
    assert [kept.number for kept in second] == [1]
    assert reported_on.read(sending.history, "ann", 1, now, 1) == []


def test_what_the_newest_said_of_each_market_is_what_the_next_one_compares_with(reported_on: Exchange):
    newest = reported_on.read(reported.newest, 1)
    said = {line["market_id"]: line["average"] for line in newest.facts["measures"][0]["options"]}

    assert newest.number == PAGE + 1
    assert reported.averages(newest) == said
    assert set(said) == {1, 2}
    assert reported.averages(None) == {}


def test_a_file_is_asked_for_once_a_key_and_sent_to_the_asker_alone(reported_on: Exchange):
    for form, key in (("pdf", "k"), ("pdf", "k"), ("csv", "l")):
        reported_on.do(sending.ask_file, "bob", 1, 2, form, key)
    asked = reported_on.fetch(select(announcement).where(announcement.c.kind == "file"))

    assert [(row.address, row.facts["number"], row.facts["form"]) for row in asked] == [
        ("bob", 2, "pdf"),
        ("bob", 2, "csv"),
    ]
    with pytest.raises(Unknown):
        reported_on.do(sending.ask_file, "bob", 1, PAGE + 2, "pdf", "m")
    with pytest.raises(Invalid):
        reported_on.do(sending.ask_file, "bob", 1, 2, "docx", "m")
