"""Dates move later and never earlier, those that are over not at all, and everybody is told why."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import board, deciding, postponing, reporting, resolving
from core.exchange.postponing import Dates
from core.exchange.trading import Act
from core.markets import registry
from core.units import MICRO

WHY = "The evaluation takes longer."
CLOSES, DECIDE, FREEZES = START + 7 * DAY, START + 9 * DAY, START + 30 * DAY
USUAL = Dates(CLOSES, DECIDE, FREEZES)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    for name in ("pool", "ann"):
        exchange.grant(name, 1_000)
    exchange.open()
    exchange.trade("ann", 1, 0, Act.SPEND, 30 * MICRO)
    return exchange


def postpone(exchange: Exchange, by: str = ADMIN, reason: str = WHY, **changes: datetime) -> Any:
    return exchange.do(postponing.postpone, by, 1, replace(USUAL, **changes), reason)


def decide(exchange: Exchange) -> None:
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()


def test_trading_goes_on_until_the_new_close(opened: Exchange):
    postpone(opened, closes_at=CLOSES + DAY)
    opened.now = CLOSES
    assert "close" not in opened.run_due()
    assert opened.trade("ann", 2, 0, Act.SPEND, MICRO).shares > 0
    opened.advance(DAY)
    assert "close" in opened.run_due()
    with pytest.raises(NotOpen):
        opened.trade("ann", 2, 0, Act.SPEND, MICRO)


def test_the_window_that_settles_what_is_never_measured_stays(opened: Exchange):
    """Who can move it once prices are known could choose the prices that pay."""
    before = opened.read(registry.get, 1)
    postpone(opened, closes_at=CLOSES + DAY)
    after = opened.read(registry.get, 1)

    assert (after.void_from, after.void_until) == (before.void_from, before.void_until)
    assert after.closes_at == CLOSES + DAY


def test_there_is_more_time_to_decide(opened: Exchange):
    opened.now = CLOSES
    opened.run_due()
    postpone(opened, decide_by=DECIDE + DAY)
    opened.now = DECIDE
    assert "lapse" not in opened.run_due()
    opened.do(deciding.record, DECIDER, 1, 1, "It is better.")


def test_what_was_chosen_trades_until_the_new_freeze(opened: Exchange):
    opened.now = CLOSES
    decide(opened)
    postpone(opened, freezes_at=FREEZES + 5 * DAY)
    opened.now = FREEZES + 4 * DAY
    assert opened.run_due() == []
    assert opened.trade("ann", 1, 0, Act.SPEND, MICRO).shares > 0
    opened.advance(DAY)
    assert "freeze" in opened.run_due()


def test_all_dates_move_at_once_and_it_is_told_and_kept(opened: Exchange):
    later = {name: getattr(USUAL, name) + DAY for name in postponing.FIELDS}
    postpone(opened, **later)
    told = opened.fetch(select(announcement).where(announcement.c.kind == "postponed"))
    found = opened.read(reporting.report, "ann", 1, opened.now)
    dates = {name: [int(getattr(USUAL, name).timestamp()), int(at.timestamp())] for name, at in later.items()}

    assert {name: getattr(found, name) for name in dates} == {name: new for name, (_, new) in dates.items()}
    assert {row.address for row in told} == {"public", "committee"}
    assert told[0].facts == {
        "decision_id": 1,
        "question": "Release?",
        "by": ADMIN,
        "reason": WHY,
        "dates": dates,
    }
    act = opened.read(board.acts, ADMIN)[0]
    assert (act.kind, act.about, act.reason, act.facts) == ("postponed", "D-1", WHY, dates)
    assert opened.audit() == []


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({}, "closes_at", "no_change"),
        ({"closes_at": CLOSES + timedelta(microseconds=400)}, "closes_at", "no_change"),
        ({"closes_at": CLOSES - DAY}, "closes_at", "earlier"),
        ({"decide_by": DECIDE - DAY}, "decide_by", "earlier"),
        ({"freezes_at": FREEZES - DAY}, "freezes_at", "earlier"),
        ({"closes_at": DECIDE}, "decide_by", "after_close"),
        ({"decide_by": FREEZES}, "freezes_at", "after_decide_by"),
    ],
)
def test_dates_that_make_no_sense_are_refused(
    opened: Exchange, changes: dict[str, datetime], field: str, rule: str
):
    with pytest.raises(Invalid) as refused:
        postpone(opened, **changes)

    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert opened.read(board.acts, ADMIN)[0].kind == "granted"


def test_a_date_that_is_over_stays(opened: Exchange):
    def over(**changes: datetime) -> str:
        with pytest.raises(Invalid) as refused:
            postpone(opened, **changes)
        assert refused.value.rule == "over"
        return refused.value.field

    opened.now = CLOSES
    assert over(closes_at=CLOSES + DAY) == "closes_at"
    opened.run_due()
    assert over(closes_at=CLOSES + DAY) == "closes_at"
    opened.do(deciding.record, DECIDER, 1, 1, "It is better.")
    assert over(decide_by=DECIDE + DAY) == "decide_by"
    opened.advance(DAY)
    opened.run_due()
    opened.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    assert over(freezes_at=FREEZES + DAY) == "freezes_at"
    opened.advance(DAY)
    opened.run_due()
    with pytest.raises(NotOpen):
        postpone(opened, freezes_at=FREEZES + DAY)


def test_only_admins_do_it_to_what_is_there_and_say_why(opened: Exchange):
    for by in ("ann", DECIDER, OWNER, "stranger"):
        with pytest.raises(NotAllowed):
            postpone(opened, by, closes_at=CLOSES + DAY)
    with pytest.raises(Invalid):
        postpone(opened, reason=" ", closes_at=CLOSES + DAY)
    with pytest.raises(Unknown):
        opened.do(postponing.postpone, ADMIN, 99, replace(USUAL, closes_at=CLOSES + DAY), WHY)
