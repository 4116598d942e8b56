"""Admins make admins; whoever left does nothing any more, and keeps what they hold."""

from collections.abc import Callable
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange, plan
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, Unknown
from core.exchange import (
    board,
    cancelling,
    deciding,
    forecasting,
    granting,
    opening,
    resolving,
    staffing,
    trading,
)
from core.exchange.trading import Act, Order
from core.markets.resting import State
from core.units import MICRO

WHY = "She runs the programme now."


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """A decision and a question; Ann holds shares and waits with an order in each, Bob with one."""
    for name in ("pool", "ann", "bob"):
        exchange.grant(name, 1_000)
    exchange.open()
    exchange.ask()
    for market in (1, 3):
        exchange.trade("ann", market, 0, Act.SPEND, 20 * MICRO)
        exchange.trade("ann", market, 0, Act.SPEND, 10 * MICRO, price=300_000)
    exchange.trade("bob", 3, 0, Act.SPEND, 10 * MICRO, price=300_000)
    return exchange


def rule_broken(exchange: Exchange, use_case: Callable[..., Any], *args: Any) -> str:
    with pytest.raises(Invalid) as refused:
        exchange.do(use_case, *args)
    return refused.value.rule


def test_an_admin_makes_another_one_and_is_no_admin_any_more(opened: Exchange):
    opened.do(staffing.appoint, ADMIN, "ann", WHY)
    opened.do(staffing.dismiss, "ann", ADMIN, "Thank you.")

    assert opened.read(board.admins) == ["ann"]
    with pytest.raises(NotAllowed):
        opened.do(granting.grant, ADMIN, "bob", MICRO, "k", "more")
    people = announcement.c.about == "people"
    told = opened.fetch(select(announcement).where(people).order_by(announcement.c.id))
    assert [(row.kind, row.address, row.facts) for row in told] == [
        ("appointed", "ann", {"by": ADMIN, "reason": WHY}),
        ("dismissed", ADMIN, {"by": "ann", "reason": "Thank you."}),
    ]
    assert [(act.kind, act.about, act.by) for act in opened.read(board.acts, "ann")][:2] == [
        ("dismissed", ADMIN, "ann"),
        ("appointed", "ann", ADMIN),
    ]


def test_admins_see_how_somebody_stands(opened: Exchange):
    opened.do(staffing.leave, ADMIN, "ann", "Left in June.")
    ann, stranger = (opened.read(board.person, ADMIN, who) for who in ("ann", "stranger"))

    assert (ann.is_known, ann.is_admin, ann.left_at) == (True, False, int(START.timestamp()))
    assert [(act.kind, act.reason) for act in ann.acts] == [
        ("left", "Left in June."),
        ("granted", "for the test"),
    ]
    assert (ann.balance, ann.in_decisions) == (opened.held("person:ann", "credit"), 30 * MICRO)
    assert stranger == board.PersonRow("stranger", False, False, None, 0, 0, ())
    with pytest.raises(NotAllowed):
        opened.read(board.person, "ann", "bob")


def test_there_is_always_an_admin(opened: Exchange):
    for use_case in (staffing.dismiss, staffing.leave):
        assert rule_broken(opened, use_case, ADMIN, ADMIN, WHY) == "last_admin"


def test_whoever_left_keeps_shares_and_credit_and_their_orders_end(opened: Exchange):
    shares, free = opened.shares("ann", 1), opened.held("person:ann", "credit")
    opened.do(staffing.leave, ADMIN, "ann", "Left in June.")
    assert "retire" in opened.run_due()

    assert [order.state for order in opened.orders()] == [State.CANCELLED, State.CANCELLED, State.RESTING]
    assert opened.shares("ann", 1) == shares
    assert opened.held("person:ann", "credit") == free + 2 * 10 * MICRO
    opened.settle_by_reading(60 * MICRO)
    assert opened.shares("ann", 1) == [0, 0]
    assert opened.held("person:ann", "credit") > free + 2 * 10 * MICRO


def test_whoever_left_does_nothing_any_more(opened: Exchange):
    opened.do(staffing.appoint, ADMIN, "ann", WHY)
    for who in ("ann", DECIDER, OWNER):
        opened.do(staffing.leave, ADMIN, who, "Left in June.")
    before = opened.digest()
    order = Order("k", "ann", 1, (0,), Act.SPEND, MICRO)
    refused = [
        (trading.execute, order),
        (granting.grant, "ann", "bob", MICRO, "k", "more"),
        (granting.grant, ADMIN, "ann", MICRO, "k", "more"),
        (forecasting.forecast, "ann", 1, 0.5),
        (deciding.withdraw, DECIDER, 1, "It is moot."),
        (resolving.file, OWNER, 1, 60 * MICRO, "the dashboard"),
        (staffing.appoint, ADMIN, "ann", WHY),
    ]
    for use_case, *args in refused:
        with pytest.raises((NotAllowed, Invalid)):
            opened.do(use_case, *args)
    with pytest.raises(NotAllowed):
        opened.read(trading.quote, "ann", order, opened.now)
    assert rule_broken(opened, opening.open_decision, ADMIN, plan()) == "left"
    assert opened.digest() == before


def test_whoever_comes_back_takes_part_again(opened: Exchange):
    opened.do(staffing.leave, ADMIN, "ann", "Left in June.")
    opened.do(staffing.come_back, ADMIN, "ann", "Back in July.")

    assert opened.trade("ann", 1, 0, Act.SPEND, MICRO).shares > 0
    assert opened.run_due() == []


def test_an_order_that_slipped_in_while_somebody_left_ends_too(opened: Exchange):
    """Whoever left is looked for whenever orders wait."""
    opened.do(staffing.leave, ADMIN, "bob", "Left in June.")
    opened.do(cancelling.cancel_all, "ann")
    opened.advance(DAY)
    assert opened.run_due()[0] == "retire"
    assert {order.state for order in opened.orders()} == {State.CANCELLED}


def test_what_makes_no_sense_is_refused(opened: Exchange):
    acts = (staffing.appoint, staffing.dismiss, staffing.leave, staffing.come_back)
    for use_case in acts:
        with pytest.raises(NotAllowed):
            opened.do(use_case, "ann", "bob", WHY)
    for use_case in acts[1:]:
        with pytest.raises(Unknown):
            opened.do(use_case, ADMIN, "stranger", WHY)
    assert rule_broken(opened, staffing.appoint, ADMIN, ADMIN, WHY) == "is_admin"
    assert rule_broken(opened, staffing.dismiss, ADMIN, "ann", WHY) == "no_admin"
    assert rule_broken(opened, staffing.come_back, ADMIN, "ann", WHY) == "not_left"
    assert rule_broken(opened, staffing.leave, ADMIN, "ann", " ") == "empty"
    opened.do(staffing.leave, ADMIN, "ann", WHY)
    assert rule_broken(opened, staffing.leave, ADMIN, "ann", WHY) == "left"
    assert opened.now == START
