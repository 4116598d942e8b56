"""Readings that can be filed anew until they are final, and that others may doubt."""

from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import decision
from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import board, deciding, granting, resolving, settling
from core.exchange.trading import Act
from core.markets.tables import market, objection, reading
from core.units import MICRO

MILLISECOND = timedelta(milliseconds=1)
SECOND_ADMIN = "ria"


@pytest.fixture
def chosen(exchange: Exchange) -> Exchange:
    """Release was chosen, and Ann holds 100 of its LONG."""
    exchange.do(granting.appoint_first_admins, [SECOND_ADMIN])
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.trade("ann", exchange.open().market_ids[0], 0, Act.BUY, 100 * MICRO)
    exchange.now = START + 7 * DAY
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()
    return exchange


def file(exchange: Exchange, value: int) -> Any:
    return exchange.do(resolving.file, OWNER, 1, value * MICRO, "the dashboard")


def challenge(exchange: Exchange, by: str = "ann") -> Any:
    return exchange.do(resolving.challenge, by, 1, "That is last month's.")


def rule(exchange: Exchange, *, is_upheld: bool, by: str = ADMIN) -> Any:
    return exchange.do(resolving.rule, by, 1, is_upheld=is_upheld, ruling="I looked.")


def settled_at(exchange: Exchange) -> float | None:
    """What a share of LONG paid; None while nothing was settled."""
    if exchange.fetch(select(market.c.state).where(market.c.id == 1))[0].state != "settled":
        return None
    told = exchange.fetch(select(announcement.c.facts).where(announcement.c.key.like("paid:M-1:%")))
    return told[0].facts["credits"] / 100 / MICRO


def test_a_reading_filed_anew_takes_the_place_of_the_one_before_and_restarts_the_window(chosen: Exchange):
    first = file(chosen, 20)
    chosen.advance(DAY - MILLISECOND)
    second = file(chosen, 70)

    assert (first.number, second.number) == (1, 2)
    assert second.final_at == chosen.now + DAY
    chosen.advance(MILLISECOND)
    assert (chosen.run_due(), settled_at(chosen)) == ([], None)
    chosen.advance(DAY - 2 * MILLISECOND)
    chosen.do(settling.settle, 1)
    assert settled_at(chosen) is None
    chosen.advance(MILLISECOND)
    assert (chosen.run_due(), settled_at(chosen)) == (["settle"], 0.7)
    assert len(chosen.fetch(select(reading))) == 2


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_final_reading_is_not_filed_anew_voided_or_doubted(chosen: Exchange, is_settled: bool):
    """From the first moment on, whether or not it was settled by."""
    file(chosen, 20)
    chosen.advance(DAY)
    if is_settled:
        chosen.run_due()
    before = chosen.digest()
    for act in (
        lambda: file(chosen, 70),
        lambda: chosen.do(resolving.void, OWNER, 1, "It broke."),
        lambda: challenge(chosen),
    ):
        with pytest.raises(NotOpen) as refused:
            act()
        assert refused.value.state in {"read", "settled"}
    with pytest.raises(NotOpen) as refused:
        rule(chosen, is_upheld=True)
    assert refused.value.state in {"no_objection", "settled"}
    chosen.run_due()

    assert (settled_at(chosen), before == chosen.digest()) == (0.2, is_settled)


def test_nothing_is_settled_while_an_objection_is_open(chosen: Exchange):
    """However long that takes; nor is it read anew meanwhile, nor doubted twice."""
    file(chosen, 20)
    made = challenge(chosen)
    assert (made.number, made.reason, made.is_upheld) == (1, "That is last month's.", None)
    chosen.advance(30 * DAY)
    chosen.do(settling.settle, 1)
    assert (chosen.run_due(), settled_at(chosen)) == ([], None)

    for act in (
        lambda: file(chosen, 70),
        lambda: chosen.do(resolving.void, OWNER, 1, "It broke."),
        lambda: challenge(chosen, "bob"),
    ):
        with pytest.raises(NotOpen) as refused:
            act()
        assert refused.value.state == "objected"


def test_a_dismissed_objection_makes_the_reading_final_at_once(chosen: Exchange):
    file(chosen, 20)
    challenge(chosen)
    assert rule(chosen, is_upheld=False).is_upheld is False

    assert (chosen.run_due(), settled_at(chosen)) == (["settle"], 0.2)
    with pytest.raises(NotOpen):
        rule(chosen, is_upheld=True)


def test_an_upheld_objection_sets_the_reading_aside_until_the_metric_is_read_anew(chosen: Exchange):
    """The new reading has its window, can be doubted too, and is what counts."""
    file(chosen, 20)
    challenge(chosen)
    assert rule(chosen, is_upheld=True).is_upheld is True
    chosen.advance(30 * DAY)
    assert chosen.run_due() == ["nudge_reading"]
    with pytest.raises(NotOpen) as refused:
        challenge(chosen)
    assert refused.value.state == "set_aside"

    assert file(chosen, 70).number == 2
    chosen.advance(DAY - MILLISECOND)
    assert challenge(chosen).number == 2
    rule(chosen, is_upheld=False)
    assert (chosen.run_due(), settled_at(chosen)) == (["settle"], 0.7)


def test_what_became_of_an_objection_is_said_with_the_reading(chosen: Exchange):
    """None, one that waits, one that was upheld, one that was dismissed: and who may rule now."""

    def state() -> tuple[bool, bool | None, bool, bool, str | None]:
        found = chosen.read(board.row, SECOND_ADMIN, 1, chosen.now).metrics[1]
        upheld = found.reading.objection.is_upheld if found.reading.objection else None
        made = found.reading.objection is not None
        return made, upheld, found.reading.is_objected, found.reading.is_set_aside, found.objected_by

    file(chosen, 20)
    assert state() == (False, None, False, False, None)
    challenge(chosen)
    assert state() == (True, None, True, False, "ann")
    rule(chosen, is_upheld=True)
    assert state() == (True, True, False, True, "ann")
    file(chosen, 70)
    assert state() == (False, None, False, False, None)
    challenge(chosen, "bob")
    rule(chosen, is_upheld=False)
    assert state() == (True, False, False, False, "bob")


def test_the_board_says_who_may_rule(chosen: Exchange):
    """Admins who are no party, and only while an objection waits."""
    everybody = (ADMIN, SECOND_ADMIN, OWNER, "ann", DECIDER, "stranger")

    def may_rule() -> list[str]:
        return [by for by in everybody if chosen.read(board.row, by, 1, chosen.now).metrics[1].may_rule]

    assert may_rule() == []
    chosen.do(resolving.void, ADMIN, 1, "It broke.")
    assert may_rule() == []
    challenge(chosen)
    assert may_rule() == [SECOND_ADMIN]
    rule(chosen, is_upheld=True, by=SECOND_ADMIN)
    file(chosen, 70)
    challenge(chosen, SECOND_ADMIN)
    assert may_rule() == [ADMIN]
    rule(chosen, is_upheld=True)
    assert may_rule() == []


def test_an_upheld_objection_may_end_in_a_void(chosen: Exchange):
    file(chosen, 20)
    challenge(chosen)
    rule(chosen, is_upheld=True)
    chosen.do(resolving.void, OWNER, 1, "It cannot be measured.")
    chosen.advance(DAY)

    assert chosen.run_due() == ["settle"]
    assert settled_at(chosen) == pytest.approx(0.6126, abs=1e-4)


def test_who_filed_a_reading_does_not_doubt_it(chosen: Exchange):
    file(chosen, 20)
    with pytest.raises(NotAllowed) as refused:
        challenge(chosen, OWNER)

    assert refused.value.because == "own_reading"
    assert chosen.fetch(select(objection)) == []


@pytest.mark.parametrize("by", ["ann", "bob", DECIDER, ADMIN, "stranger"])
def test_anybody_else_may_doubt_a_reading(chosen: Exchange, by: str):
    file(chosen, 20)
    challenge(chosen, by)

    assert len(chosen.fetch(select(objection))) == 1


def test_only_an_admin_who_is_not_a_party_rules(chosen: Exchange):
    """Who objected does not rule, nor who filed, nor anybody without the office."""
    chosen.do(resolving.void, ADMIN, 1, "It broke.")
    challenge(chosen, SECOND_ADMIN)
    for by in (OWNER, "ann", DECIDER, "stranger", ADMIN, SECOND_ADMIN):
        with pytest.raises(NotAllowed):
            rule(chosen, is_upheld=False, by=by)
    chosen.do(granting.appoint_first_admins, ["bob"])

    assert rule(chosen, is_upheld=False, by="bob").is_upheld is False


def test_there_is_nothing_to_rule_on_without_an_objection(chosen: Exchange):
    with pytest.raises(NotOpen) as refused:
        rule(chosen, is_upheld=True)
    assert refused.value.state == "no_objection"
    file(chosen, 20)
    with pytest.raises(NotOpen):
        rule(chosen, is_upheld=True)


def test_there_is_nothing_to_doubt_before_a_reading(chosen: Exchange):
    with pytest.raises(NotOpen) as refused:
        challenge(chosen)
    assert refused.value.state == "unread"
    with pytest.raises(Unknown):
        chosen.do(resolving.challenge, "ann", 99, "It is wrong.")


@pytest.mark.parametrize("text", ["", "  ", "x" * 3_001])
def test_an_objection_and_a_ruling_have_their_reasons(chosen: Exchange, text: str):
    file(chosen, 20)
    with pytest.raises(Invalid) as refused:
        chosen.do(resolving.challenge, "ann", 1, text)
    assert refused.value.field == "reason"
    challenge(chosen)
    with pytest.raises(Invalid) as refused:
        chosen.do(resolving.rule, ADMIN, 1, is_upheld=True, ruling=text)
    assert refused.value.field == "ruling"


def test_both_channels_are_told_of_each_reading_objection_and_ruling(chosen: Exchange):
    """Also of the second of each."""
    for value in (20, 70):
        file(chosen, value)
        challenge(chosen)
        rule(chosen, is_upheld=value == 20)
    kinds = ("reading", "objected", "ruled")
    told = chosen.fetch(
        select(announcement).where(announcement.c.kind.in_(kinds)).order_by(announcement.c.id)
    )

    assert [row.kind for row in told if row.address == "public"] == [*kinds, *kinds]
    assert [row.kind for row in told if row.address == "committee"] == [*kinds, *kinds]
    assert [row.facts["is_upheld"] for row in told if row.kind == "ruled"] == [True, True, False, False]


def test_a_question_s_reading_is_doubted_and_ruled_on_as_well(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.ask()
    exchange.trade("ann", 1, 0, Act.BUY, 50 * MICRO)
    file(exchange, 0)
    challenge(exchange)
    rule(exchange, is_upheld=True)
    file(exchange, 1)
    exchange.advance(DAY)

    assert exchange.run_due() == ["settle"]
    assert exchange.held("person:ann", "credit") == 121_907_019


def test_the_metric_of_an_option_not_taken_is_never_read(exchange: Exchange):
    """The decision's own metric is, though a market on it died."""
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    exchange.advance(DAY)
    exchange.run_due()
    for act in (
        lambda: file(exchange, 20),
        lambda: exchange.do(resolving.void, OWNER, 1, "It is moot."),
    ):
        with pytest.raises(NotOpen):
            act()

    assert exchange.fetch(select(decision.c.state))[0].state == "withdrawn"
