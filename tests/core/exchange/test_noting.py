"""A record says what the market did not know, is never edited and only added to; what arrived late is logged by anybody."""

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, START, Exchange, measure
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.announcements.tables import announcement
from core.database import writing
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import deciding, declaring, noting, reporting, valuing
from core.exchange.deciders import OnRecord
from core.exchange.declaring import Declaration
from core.exchange.noting import Kind
from core.units import MICRO

LINKS = ("https://notes.example/1", "http://b.example/x?a=1&b=2#c")


@pytest.fixture
def closed(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.now = START + 7 * DAY
    exchange.run_due()
    return exchange


@pytest.fixture
def said(exchange: Exchange) -> Exchange:
    """A decision of which a row stands in each table of what people said."""
    exchange.grant("pool", 1_000)
    exchange.open(measures=(measure(50, 40),) * 2)
    exchange.do(declaring.declare, DECIDER, 1, Declaration((60, 40), 0, ((60 * MICRO,) * 2,) * 2))
    exchange.do(valuing.cast, DECIDER, 1, (MICRO, MICRO))
    exchange.now = START + 7 * DAY
    record(exchange)
    exchange.do(noting.note, DECIDER, 1, Kind.ADDENDUM, "One more.", ())
    return exchange


def on_record(exchange: Exchange) -> OnRecord | None:
    return exchange.read(reporting.report, "ann", 1, exchange.now).on_record


def record(exchange: Exchange) -> None:
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.", unpriced=" The vendor called. ", links=LINKS)


def test_a_record_says_what_the_market_did_not_know_and_where_to_read_it(closed: Exchange):
    record(closed)
    found = on_record(closed)
    told = closed.fetch(select(announcement.c.facts).where(announcement.c.kind == "recorded"))
    assert found

    assert (found.reason, found.unpriced, found.links) == ("It is better.", "The vendor called.", LINKS)
    assert (found.by, found.at) == (DECIDER, int(closed.now.timestamp()))
    assert [(each.facts["unpriced"], each.facts["links"]) for each in told] == [
        ("The vendor called.", list(LINKS))
    ] * 2


def test_a_record_that_says_nothing_of_it_says_so(closed: Exchange):
    closed.do(deciding.record, DECIDER, 1, 1, "It is better.")

    assert on_record(closed).unpriced == "Nothing."


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "a.example",
        "https://",
        "https://a.example/<b>",
        "https://a b",
        "https://a.example/|x",
        "https://a.example\u202e",
        "https://[",
        "https://a.example/" + "x" * 500,
    ],
)
def test_what_is_no_link_to_the_web_is_refused(closed: Exchange, link: str):
    with pytest.raises(Invalid) as refused:
        closed.do(deciding.record, DECIDER, 1, 1, "It is better.", links=("https://a.example", link))

    assert refused.value.field == "links"


def test_ten_links_are_taken_and_eleven_are_not(closed: Exchange):
    with pytest.raises(Invalid) as refused:
        closed.do(noting.note, "ann", 1, Kind.LATE, "Many.", ("https://a.example",) * 11)
    assert refused.value.rule == "many_links"
    closed.do(noting.note, "ann", 1, Kind.LATE, "Many.", ("https://a.example",) * 10)

    assert len(on_record(closed).notes[0].links) == 10


def test_a_record_is_added_to_by_deciders_for_good(closed: Exchange):
    """As long as the decision is kept: also once it is final."""
    with pytest.raises(NotOpen) as refused:
        closed.do(noting.note, DECIDER, 1, Kind.ADDENDUM, "Not yet.", ())
    assert refused.value.state == "unrecorded"
    record(closed)
    for by in ("ann", ADMIN):
        with pytest.raises(NotAllowed):
            closed.do(noting.note, by, 1, Kind.ADDENDUM, "Mine.", ())
    closed.do(noting.note, DECIDER, 1, Kind.ADDENDUM, " We forgot one. ", LINKS[:1])
    closed.advance(2 * DAY)
    closed.run_due()
    closed.do(noting.note, DECIDER, 1, Kind.ADDENDUM, "And another.", ())
    found = on_record(closed)
    assert found

    assert (found.reason, found.unpriced) == ("It is better.", "The vendor called.")
    assert [(each.by, each.text, each.links) for each in found.notes] == [
        (DECIDER, "We forgot one.", LINKS[:1]),
        (DECIDER, "And another.", ()),
    ]
    assert [each.at for each in found.notes] == [int((START + day * DAY).timestamp()) for day in (7, 9)]


def test_anybody_logs_what_arrived_after_the_close(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    with pytest.raises(NotOpen) as refused:
        exchange.do(noting.note, "ann", 1, Kind.LATE, "A rumour.", ())
    assert refused.value.state == "not_closed"
    exchange.now = START + 7 * DAY
    exchange.run_due()
    exchange.do(noting.note, "ann", 1, Kind.LATE, "The audit is out.", LINKS)
    exchange.do(noting.note, "stranger", 1, Kind.LATE, "So is the second.", ())
    found = on_record(exchange)
    told = exchange.fetch(select(announcement).where(announcement.c.kind == "noted"))
    assert found

    assert found.reason is None
    assert [(each.kind, each.by) for each in found.notes] == [("late", "ann"), ("late", "stranger")]
    assert sorted((row.address, row.facts["text"]) for row in told) == [
        (address, text)
        for address in ("committee", "public")
        for text in ("So is the second.", "The audit is out.")
    ]


@pytest.mark.parametrize("table", ["record", "note", "declaration", "ballot"])
@pytest.mark.parametrize("change", ["UPDATE {} SET decision_id = decision_id", "DELETE FROM {}"])
def test_what_deciders_said_is_changed_by_nobody_not_even_past_the_program(
    said: Exchange, table: str, change: str
):
    with pytest.raises(DBAPIError, match="the journal is never changed"), writing(said.engine) as connection:
        connection.execute(text(change.format(table)))
