"""Readings taken from sources: filed once when they are due, tried again when they fail, doubted when they should be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import collecting, deciding, defining, resolving, sourcing, staffing
from core.exchange.sourcing import Found, Seen
from core.exchange.trading import Act
from core.markets import sources
from core.markets.reading_tables import source
from core.markets.tables import reading
from core.units import MICRO

SETTINGS = {"url": "https://example.com/score", "value": "score"}
WHERE = "score of https://example.com/score"
FREEZE = START + 30 * DAY
FRESH = FREEZE.isoformat()


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.open()
    return exchange


@pytest.fixture
def frozen(opened: Exchange) -> Exchange:
    """Release was chosen, trading has ended, and its metric has a source."""
    configure(opened)
    freeze(opened)
    return opened


def configure(exchange: Exchange, found: Found | None = None) -> None:
    exchange.do(sourcing.configure, OWNER, 1, "http", SETTINGS, found)


def freeze(exchange: Exchange) -> None:
    exchange.now = START + 7 * DAY
    exchange.run_due()
    exchange.do(deciding.record, DECIDER, 1, 1, "So it is.")
    exchange.now = FREEZE
    exchange.run_due()


def attempt(exchange: Exchange, raw: Any, as_of: Any = FRESH) -> int:
    """What a collector would do that finds this."""
    assert exchange.read(collecting.due, exchange.now) == [1]
    claim = exchange.do(collecting.claim, 1)
    exchange.do(collecting.take, 1, claim.attempt, Found(raw, as_of, "around it"), WHERE)
    return int(claim.attempt)


def filed(exchange: Exchange) -> list[tuple[int, str]]:
    return [(row.value, row.source) for row in exchange.fetch(select(reading))]


def told(exchange: Exchange, kind: str) -> list[Any]:
    wanted = select(announcement.c.address, announcement.c.facts).where(announcement.c.kind == kind)
    return exchange.fetch(wanted.order_by(announcement.c.id))


def test_before_the_freeze_nothing_is_read_and_then_nobody_is_asked(opened: Exchange):
    configure(opened)
    assert opened.read(collecting.due, opened.now) == []
    freeze(opened)

    assert opened.read(collecting.due, opened.now) == [1]
    assert told(opened, "reading_due") == []


def test_what_a_source_says_is_filed_on_the_word_of_who_set_it_and_settles(frozen: Exchange):
    attempt(frozen, 61.5)

    assert filed(frozen) == [(61_500_000, WHERE)]
    assert [(row.facts["by_itself"], row.facts["filed_by"]) for row in told(frozen, "reading")] == [
        (True, OWNER)
    ] * 2
    assert frozen.read(collecting.due, frozen.now + 9 * DAY) == []
    frozen.advance(DAY)
    assert "settle" in frozen.run_due()


def test_two_processes_read_it_once(frozen: Exchange):
    """The second claims nothing as long as the lease holds; and who comes back after it counts for nothing."""
    first = frozen.do(collecting.claim, 1)
    assert frozen.do(collecting.claim, 1) is None
    frozen.advance(sources.LEASE)
    second = frozen.do(collecting.claim, 1)
    frozen.do(collecting.take, 1, first.attempt, Found(10, FRESH), WHERE)
    assert filed(frozen) == []
    frozen.do(collecting.take, 1, second.attempt, Found(60, FRESH), WHERE)
    frozen.do(collecting.take, 1, second.attempt, Found(60, FRESH), WHERE)

    assert filed(frozen) == [(60 * MICRO, WHERE)]


def test_a_source_that_fails_is_tried_after_longer_and_longer_pauses_and_then_its_owner_is_asked(
    frozen: Exchange,
):
    waited = []
    while frozen.fetch(select(source.c.next_at))[0].next_at:
        begun = frozen.now
        while not frozen.read(collecting.due, frozen.now):
            frozen.advance(timedelta(minutes=1))
        waited.append((frozen.now - begun) // timedelta(minutes=1))
        claim = frozen.do(collecting.claim, 1)
        frozen.do(collecting.fail, 1, claim.attempt, ["status", "503"])

    assert waited == [0, 1, 5, 15, 60, 180]
    ((address, facts),) = told(frozen, "source_failed")
    assert (address, facts["why"], facts["attempts"]) == (OWNER, ["status", "503"], 6)
    frozen.do(sourcing.again, OWNER, 1)
    attempt(frozen, 60)
    assert len(filed(frozen)) == 1


@pytest.mark.parametrize(
    ("raw", "doubts"), [(120, ["out_of_range"]), (-1, ["out_of_range"]), (100, []), (0.5, []), (99, [])]
)
def test_what_is_out_of_range_is_asked_about_and_filed_by_the_owners_word(
    frozen: Exchange, raw: Any, doubts: list[str]
):
    number = attempt(frozen, raw)
    if not doubts:
        assert len(filed(frozen)) == 1
        return
    assert filed(frozen) == []
    ((address, facts),) = told(frozen, "source_doubted")
    assert (address, facts["doubts"], facts["value"]) == (OWNER, doubts, raw * MICRO)
    with pytest.raises(NotAllowed):
        frozen.do(collecting.confirm, ADMIN, 1, number)
    with pytest.raises(NotOpen):
        frozen.do(collecting.confirm, OWNER, 1, number + 1)
    frozen.do(collecting.confirm, OWNER, 1, number)

    assert filed(frozen) == [(raw * MICRO, WHERE)]
    with pytest.raises(NotOpen):
        frozen.do(collecting.confirm, OWNER, 1, number)


def test_what_the_market_thought_absurd_is_asked_about(opened: Exchange):
    configure(opened)
    opened.trade("ann", 1, 0, Act.SPEND, 80 * MICRO)
    freeze(opened)
    attempt(opened, 1)

    assert filed(opened) == []
    assert told(opened, "source_doubted")[0].facts["doubts"] == ["far"]


def test_what_is_no_number_is_tried_again(frozen: Exchange):
    attempt(frozen, "n/a")

    assert filed(frozen) == []
    assert frozen.fetch(select(source.c.error))[0].error == "no_number n/a"
    frozen.advance(timedelta(minutes=1))
    attempt(frozen, 60)
    assert len(filed(frozen)) == 1


def test_an_old_number_is_waited_on_and_at_last_asked_about(frozen: Exchange):
    """It is of before the freeze, so a newer one may come."""
    for span in (0, 1, 5, 15, 60, 180):
        frozen.advance(timedelta(minutes=span))
        assert told(frozen, "source_doubted") == []
        attempt(frozen, 60, (FREEZE - DAY).isoformat())

    assert filed(frozen) == []
    assert told(frozen, "source_doubted")[0].facts["doubts"] == ["stale"]


@pytest.mark.parametrize(
    ("ahead", "is_filed"),
    [(timedelta(days=1), True), (timedelta(days=1, seconds=1), False), (timedelta(days=366), False)],
)
def test_a_number_of_a_time_that_has_not_come_is_asked_about_at_once(
    frozen: Exchange, ahead: timedelta, is_filed: bool
):
    """A day of room, since a date alone is read as its end, in whatever zone."""
    attempt(frozen, 60, (frozen.now + ahead).isoformat())

    assert bool(filed(frozen)) == is_filed
    assert [row.facts["doubts"] for row in told(frozen, "source_doubted")] == [["future"]] * (not is_filed)


@pytest.mark.parametrize(("raw", "is_filed"), [(55, False), (55.1, True)])
def test_without_a_time_the_same_number_as_when_it_was_set_is_doubted(
    opened: Exchange, raw: Any, is_filed: bool
):
    configure(opened, Found(55))
    freeze(opened)
    attempt(opened, raw, None)

    assert bool(filed(opened)) == is_filed


def test_a_look_says_how_it_would_count_and_changes_nothing(opened: Exchange):
    configure(opened)
    before = opened.fetch(select(source))
    seen = opened.read(sourcing.look, OWNER, 1, Found("130.25", "2026-01-01"), opened.now)

    assert seen == Seen(130_250_000, 130_250_000, seen.as_of, ("out_of_range",))
    assert opened.fetch(select(source)) == before
    with pytest.raises(Invalid):
        opened.read(sourcing.look, OWNER, 1, Found("n/a"), opened.now)
    with pytest.raises(NotAllowed):
        opened.read(sourcing.look, "ann", 1, Found("1"), opened.now)


def test_a_reading_filed_by_hand_ends_what_was_to_be_read(frozen: Exchange):
    claim = frozen.do(collecting.claim, 1)
    frozen.do(resolving.file, OWNER, 1, 50 * MICRO, "by hand")
    frozen.do(collecting.take, 1, claim.attempt, Found(60, FRESH), WHERE)

    assert filed(frozen) == [(50 * MICRO, "by hand")]
    for act, inputs in (
        (sourcing.again, ()),
        (sourcing.drop, ()),
        (sourcing.configure, ("http", SETTINGS, None)),
    ):
        with pytest.raises(NotOpen):
            frozen.do(act, OWNER, 1, *inputs)


def test_a_source_set_once_it_is_due_is_read_at_once_and_another_one_takes_its_place(opened: Exchange):
    freeze(opened)
    configure(opened, Found(60))
    claim = opened.do(collecting.claim, 1)
    configure(opened)
    opened.do(collecting.take, 1, claim.attempt, Found(10, FRESH), WHERE)
    assert filed(opened) == []
    attempt(opened, 60, None)

    assert filed(opened) == [(60 * MICRO, WHERE)]


def test_a_source_that_is_dropped_is_read_no_more(frozen: Exchange):
    claim = frozen.do(collecting.claim, 1)
    frozen.do(sourcing.drop, OWNER, 1)
    frozen.do(collecting.take, 1, claim.attempt, Found(60, FRESH), WHERE)

    assert filed(frozen) == []
    assert frozen.read(collecting.due, frozen.now) == []


def redefine(exchange: Exchange, owner: str = OWNER, **changes: str) -> None:
    number = exchange.do(defining.propose, ADMIN, 1, replace(SCORE, **changes), owner, "It has to be.")
    exchange.advance(timedelta(hours=1))
    exchange.do(defining.approve, DECIDER, 1, number)


@pytest.mark.parametrize(
    ("owner", "changes", "is_asked"),
    [
        ("new", {}, True),
        (OWNER, {"source": "The other dashboard."}, True),
        (OWNER, {"name": "The score"}, False),
    ],
)
def test_a_source_of_before_the_metric_is_read_otherwise_waits_for_the_owners_word(
    opened: Exchange, owner: str, changes: dict[str, str], is_asked: bool
):
    """Else an owner who gave the metric away would go on settling it. All are told which source stands."""
    configure(opened)
    redefine(opened, owner, **changes)
    for kind in ("definition_proposed", "definition_changed"):
        said = told(opened, kind)[0].facts["taken"]
        assert (said["set_by"], said["settings"], said["is_to_confirm"]) == (OWNER, SETTINGS, is_asked)
    freeze(opened)
    number = attempt(opened, 60)
    assert bool(filed(opened)) != is_asked
    if is_asked:
        ((address, facts),) = told(opened, "source_doubted")
        assert (address, facts["doubts"]) == (owner, ["unconfirmed"])
        opened.do(collecting.confirm, owner, 1, number)
        assert filed(opened) == [(60 * MICRO, WHERE)]


def test_a_source_that_the_new_owner_sets_anew_is_used_unasked(opened: Exchange):
    configure(opened)
    redefine(opened, "new")
    opened.advance(timedelta(hours=1))
    opened.do(sourcing.configure, "new", 1, "http", SETTINGS, None)
    freeze(opened)
    attempt(opened, 60)

    assert told(opened, "reading")[0].facts["filed_by"] == "new"


def test_what_a_trader_set_is_asked_about(opened: Exchange):
    """An admin may set a source and trade: then it is the owner's word that counts."""
    opened.do(staffing.appoint, ADMIN, "ann", "To help.")
    opened.do(sourcing.configure, "ann", 1, "http", SETTINGS, None)
    opened.trade("ann", 2, 0, Act.SPEND, 5 * MICRO)
    freeze(opened)
    attempt(opened, 60)

    assert filed(opened) == []
    assert [(row.address, row.facts["doubts"]) for row in told(opened, "source_doubted")] == [
        (OWNER, ["stake"])
    ]
