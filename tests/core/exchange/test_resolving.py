"""Readings and settlements: filed by the owner, final after a window, paid once to each holder."""

from datetime import timedelta

import pytest
from exchange_driver import DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import decision
from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import deciding, resolving, settling
from core.exchange.trading import Act
from core.markets.tables import market
from core.units import MICRO, MOST

PEOPLE = [f"p{number}" for number in range(7)]


@pytest.fixture
def chosen(exchange: Exchange) -> Exchange:
    """Release was chosen; seven people hold one or the other side of it."""
    exchange.grant("pool", 1_000)
    market_id = exchange.open().market_ids[0]
    for number, person in enumerate(PEOPLE):
        exchange.grant(person, 20)
        exchange.trade(person, market_id, number % 2, Act.SPEND, 10 * MICRO + number)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()
    return exchange


def states(exchange: Exchange) -> tuple[str, str]:
    """Of the decision, and of the market of the option taken."""
    made, traded = (
        exchange.fetch(select(decision.c.state)),
        exchange.fetch(select(market.c.state).order_by(market.c.id)),
    )
    return made[0].state, traded[0].state


def test_filing_a_reading_stops_trading_in_the_same_moment(chosen: Exchange):
    chosen.do(resolving.file, OWNER, 1, 64 * MICRO, " the dashboard ")

    assert states(chosen) == ("chosen", "frozen")
    with pytest.raises(NotOpen):
        chosen.trade("p0", 1, 0, Act.SPEND, MICRO)


def test_a_reading_is_settled_after_its_challenge_window_and_not_before(chosen: Exchange):
    filed = chosen.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")

    assert filed.final_at == chosen.now + DAY
    chosen.advance(DAY - timedelta(milliseconds=1))
    chosen.do(settling.settle, 1)
    assert states(chosen) == ("chosen", "frozen")
    chosen.advance(timedelta(milliseconds=1))
    assert chosen.run_due() == ["settle"]
    assert states(chosen) == ("settled", "settled")


def test_settling_twice_pays_once(chosen: Exchange):
    chosen.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    chosen.advance(DAY)
    chosen.run_due()
    before = chosen.digest()
    chosen.do(settling.settle, 1)

    assert chosen.digest() == before


@pytest.mark.usefixtures("slices_of_two")
def test_holders_are_paid_in_slices_and_each_once(chosen: Exchange):
    """Seven holders in slices of two get what they would have got at once; the maker's rest goes to the pool."""
    sides = [("LONG", 64), ("SHORT", 36)]
    due = [
        chosen.held(f"person:{person}", "credit")
        + chosen.held(f"person:{person}", f"share:M-1:{sides[number % 2][0]}") * sides[number % 2][1] // 100
        for number, person in enumerate(PEOPLE)
    ]
    chosen.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    chosen.advance(DAY)

    assert chosen.run_due() == ["settle"] * 4
    assert [chosen.held(f"person:{person}", "credit") for person in PEOPLE] == due
    assert chosen.held("pool:main", "credit") == 1_140 * MICRO - sum(due)


def test_everybody_who_held_shares_is_told_what_they_were_paid(chosen: Exchange):
    chosen.do(resolving.file, OWNER, 1, 0, "the dashboard")
    chosen.advance(DAY)
    chosen.run_due()
    told = {
        row.address: row.facts["credits"]
        for row in chosen.fetch(select(announcement).where(announcement.c.kind == "paid"))
    }

    assert set(told) == set(PEOPLE)
    assert [told[person] for person in PEOPLE[::2]] == [0, 0, 0, 0]
    assert all(told[person] > 10 * MICRO for person in PEOPLE[1::2])


def test_only_the_owner_files_and_not_once_the_reading_is_final(chosen: Exchange):
    for by in ("p0", DECIDER, "root", "stranger"):
        with pytest.raises(NotAllowed):
            chosen.do(resolving.file, by, 1, 64 * MICRO, "the dashboard")
    chosen.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    chosen.advance(DAY)
    with pytest.raises(NotOpen) as refused:
        chosen.do(resolving.file, OWNER, 1, 65 * MICRO, "the dashboard")

    assert refused.value.state == "read"


@pytest.mark.parametrize(
    ("value", "source", "field"),
    [(MOST + 1, "x", "value"), (-(10**18), "x", "value"), (1, " ", "source"), (1, "x" * 3_001, "source")],
)
def test_a_reading_has_a_value_and_a_source(chosen: Exchange, value: int, source: str, field: str):
    with pytest.raises(Invalid) as refused:
        chosen.do(resolving.file, OWNER, 1, value, source)

    assert refused.value.field == field
    assert states(chosen) == ("chosen", "open")


def test_nothing_is_read_before_the_decision_is_made(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    with pytest.raises(NotOpen) as refused:
        exchange.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    with pytest.raises(Unknown):
        exchange.do(resolving.file, OWNER, 9, 64 * MICRO, "the dashboard")

    assert refused.value.state == "undecided"


def test_at_the_freeze_the_owner_is_asked_for_the_reading_once(chosen: Exchange):
    chosen.do(resolving.freeze, 1)
    assert states(chosen)[1] == "open"
    chosen.now = START + 30 * DAY
    chosen.run_due()
    chosen.do(resolving.freeze, 1)
    asked = chosen.fetch(select(announcement).where(announcement.c.kind == "reading_due"))

    assert [(row.address, row.about) for row in asked] == [(OWNER, "M-1")]


def test_the_outcome_says_what_was_priced_and_what_happened(chosen: Exchange):
    chosen.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    chosen.advance(DAY)
    chosen.run_due()
    told = chosen.fetch(select(announcement).where(announcement.c.kind == "outcome"))
    facts = told[0].facts

    assert sorted(row.address for row in told) == ["committee", "public"]
    assert (facts["chosen"], facts["traders"], facts["trades"]) == ("Release", 7, 7)
    (measured,) = facts["measures"]
    assert measured["value"] == 64 * MICRO
    assert measured["opened_at_value"] == pytest.approx(50 * MICRO)
    assert measured["closed_at_value"] == measured["frozen_at_value"]


@pytest.mark.usefixtures("slices_of_two")
def test_a_settlement_may_come_before_the_last_dead_stake_is_back(exchange: Exchange):
    """Without challenge windows, and the sweep still under way: both end well."""
    exchange.grant("pool", 1_000)
    opened = exchange.open(record_challenge_seconds=0, reading_challenge_seconds=0)
    for number, person in enumerate(PEOPLE):
        exchange.grant(person, 20)
        exchange.trade(person, opened.market_ids[number % 2], number % 2, Act.SPEND, 10 * MICRO)
    exchange.now = START + 7 * DAY
    exchange.do(deciding.close, 1)
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    for act in (deciding.take_effect, deciding.sweep):
        exchange.do(act, 1)
    exchange.do(resolving.file, OWNER, 1, 100 * MICRO, "the dashboard")
    while states(exchange)[1] != "settled":
        exchange.do(settling.settle, 1)

        assert exchange.audit() == []
    assert "sweep" in exchange.run_due()
    assert exchange.held("person:p1", "credit") == 20 * MICRO
    assert exchange.held("escrow:D-1", "credit") == 0
