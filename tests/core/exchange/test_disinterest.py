"""Whoever has traded on a metric rules on nothing about it, and is told who may."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import NotAllowed
from core.exchange import board, deciding, defining, resolving, staffing
from core.exchange.trading import Act
from core.units import MICRO

ADMINS = ("zoe", "yan")  # Zoe has traded; Yan has not.


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """Two more admins than the first one; Zoe and the first one have traded on the metric, on either option."""
    exchange.grant("pool", 1_000)
    exchange.open()
    for each in ADMINS:
        exchange.do(staffing.appoint, ADMIN, each, "To help.")
    for market_id, each in ((1, "zoe"), (2, ADMIN)):
        exchange.grant(each, 100)
        exchange.trade(each, market_id, 0, Act.SPEND, 5 * MICRO)
    return exchange


def chosen(exchange: Exchange) -> None:
    exchange.now = START + 7 * DAY
    exchange.run_due()
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()


def objected(exchange: Exchange) -> None:
    chosen(exchange)
    exchange.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    exchange.do(resolving.challenge, "bob", 1, "It is not so.")


def proposed(exchange: Exchange) -> None:
    exchange.do(defining.propose, OWNER, 1, replace(SCORE, wording="Later."), OWNER, "It comes later.")


def rules(exchange: Exchange, by: str) -> None:
    exchange.do(resolving.rule, by, 1, is_upheld=False, ruling="It stands.")


def voids(exchange: Exchange, by: str) -> None:
    exchange.do(resolving.void, by, 1, "Nobody counted.")


def approves(exchange: Exchange, by: str) -> None:
    exchange.do(defining.approve, by, 1, 2)


def turns_down(exchange: Exchange, by: str) -> None:
    exchange.do(defining.turn_down, by, 1, 2, "No.")


@pytest.mark.parametrize(
    ("before", "act", "named"),
    [
        (objected, rules, ("yan",)),
        (chosen, voids, ("yan",)),
        (proposed, approves, (DECIDER, "yan")),
        (proposed, turns_down, (DECIDER, "yan")),
    ],
)
def test_an_admin_who_has_traded_leaves_it_to_another_one(
    opened: Exchange,
    before: Callable[[Exchange], None],
    act: Callable[[Exchange, str], None],
    named: tuple[str, ...],
):
    before(opened)
    for by in ("zoe", ADMIN):
        with pytest.raises(NotAllowed) as refused:
            act(opened, by)
        assert refused.value.because == "has_stake"
        assert sorted(refused.value.who) == sorted(named)
    act(opened, "yan")


@pytest.mark.parametrize(("before", "act"), [(objected, rules), (chosen, voids)])
def test_where_every_admin_has_traded_another_one_is_to_be_appointed(
    opened: Exchange, before: Callable[[Exchange], None], act: Callable[[Exchange, str], None]
):
    opened.do(staffing.dismiss, ADMIN, "yan", "Thank you.")
    before(opened)
    with pytest.raises(NotAllowed, match="sole_stake"):
        act(opened, ADMIN)
    opened.do(staffing.appoint, ADMIN, "new", "To rule.")
    act(opened, "new")


def test_only_who_may_rule_is_asked_to(opened: Exchange):
    objected(opened)
    asked = opened.fetch(select(announcement.c.address).where(announcement.c.kind == "ruling_due"))

    assert [row.address for row in asked] == ["yan"]
    may = {by: opened.read(board.row, by, 1, opened.now).metrics[1].may_rule for by in ("zoe", "yan")}
    assert may == {"zoe": False, "yan": True}
