"""Definitions have versions: one proposes other words, another one approves them, and all are told what changed."""

from dataclasses import replace

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, NotOpen, Refusal
from core.exchange import cancelling, deciding, defining, redefining, resolving, staffing
from core.exchange.defining import Defined
from core.exchange.trading import Act
from core.units import MICRO

OTHER = replace(SCORE, wording="The score two months later.", decimals=1)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.open()
    return exchange


def versions(exchange: Exchange, by: str = "ann", metric_id: int = 1) -> Defined:
    found: Defined = exchange.read(defining.versions, by, metric_id)
    return found


def propose(exchange: Exchange, by: str = OWNER, owner: str = OWNER, definition: object = OTHER) -> int:
    made: int = exchange.do(defining.propose, by, 1, definition, owner, "It comes later.")
    return made


def told(exchange: Exchange, kind: str) -> list[tuple[str, dict[str, object]]]:
    wanted = select(announcement.c.address, announcement.c.facts).where(announcement.c.kind == kind)
    return [tuple(row) for row in exchange.fetch(wanted.order_by(announcement.c.id))]


def test_what_is_opened_has_one_version_in_force(opened: Exchange):
    (first,) = versions(opened).versions

    assert (first.number, first.definition, first.owner, first.state) == (1, SCORE, OWNER, "in force")
    assert (first.proposed_by, first.proposed_at) == (ADMIN, int(START.timestamp()))


def test_a_change_takes_effect_by_a_second_word_and_is_told_word_by_word(opened: Exchange):
    number = propose(opened)
    assert versions(opened).in_force.number == 1
    assert [address for address, _ in told(opened, "definition_proposed")] == [ADMIN, DECIDER]
    opened.advance(DAY)
    opened.do(defining.approve, DECIDER, 1, number)
    found = versions(opened)

    assert [each.state for each in found.versions] == ["replaced", "in force"]
    assert (found.in_force.definition, found.in_force.ended_by) == (OTHER, DECIDER)
    assert found.in_force.ended_at == int(opened.now.timestamp())
    changed = told(opened, "definition_changed")
    assert [address for address, _ in changed] == ["committee", "public"]
    facts = changed[0][1]
    assert facts["changes"] == {"wording": [SCORE.wording, OTHER.wording], "decimals": [None, 1]}
    assert (facts["by"], facts["approved_by"], facts["reason"]) == (OWNER, DECIDER, "It comes later.")
    assert opened.read(redefining.redefined, [1]) == ((int(opened.now.timestamp()), "Score"),)


@pytest.mark.parametrize(("proposer", "owner"), [(OWNER, OWNER), (ADMIN, "new"), (OWNER, "new")])
def test_nobody_approves_what_they_proposed_or_read_by(opened: Exchange, proposer: str, owner: str):
    """Neither the owner, old or new, nor who proposed it, though they be admins."""
    for who in ("zoe", "new", OWNER):
        opened.do(staffing.appoint, ADMIN, who, "To help.")
    number = propose(opened, proposer, owner)
    for by in {proposer, owner, OWNER, "ann", "stranger"}:
        with pytest.raises(NotAllowed):
            opened.do(defining.approve, by, 1, number)
        with pytest.raises(NotAllowed):
            opened.do(defining.turn_down, by, 1, number, "No.")
    opened.do(defining.approve, "zoe", 1, number)

    assert versions(opened).in_force.owner == owner


@pytest.mark.parametrize("by", ["ann", DECIDER, "stranger"])
def test_only_the_owner_and_admins_propose(opened: Exchange, by: str):
    with pytest.raises(NotAllowed):
        propose(opened, by)


@pytest.mark.parametrize("change", [{"unit": "%"}, {"low": -MICRO}, {"high": 90 * MICRO}])
def test_what_shares_pay_by_stays_as_it_was_opened(opened: Exchange, change: dict[str, object]):
    with pytest.raises(Invalid) as refused:
        propose(opened, definition=replace(SCORE, **change))

    assert refused.value.rule == "fixed"


def test_a_change_that_changes_nothing_is_none(opened: Exchange):
    with pytest.raises(Invalid) as refused:
        propose(opened, definition=SCORE)

    assert refused.value.rule == "same_definition"


def test_one_change_waits_at_a_time_and_a_turned_down_one_makes_room(opened: Exchange):
    number = propose(opened)
    with pytest.raises(NotOpen) as refused:
        propose(opened)
    assert refused.value.state == "change_waits"
    opened.do(defining.turn_down, DECIDER, 1, number, "It would be too late.")
    with pytest.raises(NotOpen):
        opened.do(defining.approve, ADMIN, 1, number)

    assert propose(opened) == 3
    assert [each.state for each in versions(opened).versions] == ["in force", "turned down", "proposed"]
    assert told(opened, "definition_kept")[0][0] == OWNER


def test_where_nobody_else_can_approve_it_is_not_proposed(exchange: Exchange):
    """Of a question that hangs on no decision only admins approve."""
    exchange.grant("pool", 1_000)
    exchange.ask(public_address="here")
    said = versions(exchange).in_force.definition
    with pytest.raises(Invalid) as refused:
        exchange.do(defining.propose, ADMIN, 1, replace(said, wording="Other."), OWNER, "Why not.")

    assert refused.value.rule == "second_approver"


def test_who_has_traded_here_does_not_come_to_read_it(opened: Exchange):
    """Nor who trades between the proposal and its approval."""
    number = propose(opened, owner="ann")
    opened.trade("ann", 1, 0, Act.SPEND, MICRO)
    with pytest.raises(Invalid) as refused:
        opened.do(defining.approve, DECIDER, 1, number)
    assert refused.value.rule == "has_traded"
    opened.do(defining.turn_down, DECIDER, 1, number, "She holds some.")
    with pytest.raises(Invalid):
        propose(opened, owner="ann")


def test_whose_limit_order_waits_here_does_not_come_to_read_it(opened: Exchange):
    """It would be met when they read what it bought."""
    number = propose(opened, owner="ann")
    opened.trade("ann", 1, 0, Act.SPEND, MICRO, price=300_000)
    with pytest.raises(Invalid) as refused:
        opened.do(defining.approve, DECIDER, 1, number)
    assert refused.value.rule == "has_traded"

    opened.do(cancelling.cancel_all, "ann")
    opened.do(defining.approve, DECIDER, 1, number)


def test_a_new_owner_may_not_trade_and_the_old_one_may(opened: Exchange):
    opened.grant("new", 100)
    opened.grant(OWNER, 100)
    opened.do(defining.approve, DECIDER, 1, propose(opened, owner="new"))
    with pytest.raises(Refusal):
        opened.trade("new", 1, 0, Act.SPEND, MICRO)

    opened.trade(OWNER, 1, 0, Act.SPEND, MICRO)


def test_once_a_reading_is_filed_its_words_stand(opened: Exchange):
    opened.now = START + 7 * DAY
    opened.run_due()
    opened.do(deciding.record, DECIDER, 1, 1, "So it is.")
    opened.advance(DAY)
    opened.run_due()
    number = propose(opened)
    opened.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    for act in (lambda: propose(opened), lambda: opened.do(defining.approve, ADMIN, 1, number)):
        with pytest.raises(NotOpen) as refused:
            act()
        assert refused.value.state == "defined_for_good"


def test_a_reading_counts_as_its_definition_rounds(opened: Exchange):
    opened.do(defining.approve, DECIDER, 1, propose(opened))
    opened.now = START + 7 * DAY
    opened.run_due()
    opened.do(deciding.record, DECIDER, 1, 1, "So it is.")
    opened.advance(DAY)
    opened.run_due()

    assert opened.do(resolving.file, OWNER, 1, 71_250_000, "the dashboard").value == 71_300_000


def test_half_a_unit_goes_up_also_below_zero():
    rounds = replace(SCORE, low=-100 * MICRO, decimals=0).rounded

    assert [rounds(each * MICRO // 2) for each in (-3, -1, 1, 3)] == [-MICRO, 0, MICRO, 2 * MICRO]
    assert [rounds(each) for each in (71_499_999, 71_500_000)] == [71 * MICRO, 72 * MICRO]
    assert SCORE.rounded(71_250_001) == 71_250_001
