"""A halt stops trading in a whole decision and nothing else, until somebody lets it go on; why stands for all to read."""

from collections.abc import Callable
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import (
    adding,
    board,
    cancelling,
    deciding,
    halting,
    reporting,
    resolving,
    subsidising,
    trading,
)
from core.exchange.adding import AddedOption, BaseRate
from core.exchange.trading import Act, Order
from core.markets import registry
from core.markets.resting import State
from core.units import MICRO

WHY = "The numbers leaked."
LONG, SHORT = 0, 1


@pytest.fixture
def halted(exchange: Exchange) -> Exchange:
    """A decision in which Ann holds shares and has a bid, halted an hour after it was opened; a question beside it."""
    for name in ("pool", "ann", "bob"):
        exchange.grant(name, 1_000)
    exchange.open()
    exchange.ask()
    exchange.trade("ann", 1, LONG, Act.SPEND, 30 * MICRO)
    exchange.trade("ann", 1, LONG, Act.SPEND, 20 * MICRO, price=400_000)
    exchange.do(halting.halt, ADMIN, 1, WHY)
    return exchange


def report(exchange: Exchange) -> reporting.Report:
    return exchange.read(reporting.report, "ann", 1, exchange.now)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda e: e.trade("bob", 1, LONG, Act.SPEND, MICRO),
        lambda e: e.trade("bob", 2, SHORT, Act.SPEND, MICRO),
        lambda e: e.trade("ann", 1, LONG, Act.SELL, MICRO),
        lambda e: e.trade("bob", 1, SHORT, Act.SPEND, MICRO, price=100_000),
        lambda e: e.read(trading.quote, "bob", Order("k", "bob", 1, (0,), Act.SPEND, MICRO), e.now),
        lambda e: e.do(subsidising.deepen, ADMIN, 1, MICRO),
        lambda e: e.do(subsidising.withdraw, ADMIN, 1, MICRO),
        lambda e: e.do(adding.add_option, ADMIN, 1, AddedOption("Wait", (BaseRate(60 * MICRO),))),
    ],
)
def test_nothing_trades_in_any_of_its_markets(halted: Exchange, attempt: Callable[[Exchange], Any]):
    before = halted.digest()
    with pytest.raises(NotOpen) as refused:
        attempt(halted)

    assert (refused.value.state, refused.value.since) == ("halted", START)
    assert halted.digest() == before


def test_other_markets_go_on_and_orders_wait_and_can_be_cancelled(halted: Exchange):
    assert halted.trade("bob", 3, LONG, Act.SPEND, MICRO).shares > 0
    (order,) = halted.orders()
    assert order.state == State.RESTING
    assert halted.do(cancelling.cancel, "ann", order.id).back == order.left
    assert halted.audit() == []


def test_trading_goes_on_where_it_stood(halted: Exchange):
    before = report(halted).measures
    halted.advance(DAY)
    halted.do(halting.resume, ADMIN, 1, "It was nothing.")
    after = report(halted)

    assert [line.prices for line in after.measures[0].options] == [line.prices for line in before[0].options]
    assert (after.is_trading, after.halted_at) == (True, None)
    assert halted.trade("bob", 1, SHORT, Act.SPEND, 100 * MICRO).shares > 0
    assert halted.orders()[0].shares > 0


def test_everybody_is_told_by_whom_and_why_each_time(halted: Exchange):
    halted.advance(DAY)
    halted.do(halting.resume, ADMIN, 1, " It was nothing. ")
    halted.advance(DAY)
    halted.do(halting.halt, ADMIN, 1, WHY)
    kinds = announcement.c.kind.in_(["halted", "resumed"])
    told = halted.fetch(select(announcement).where(kinds).order_by(announcement.c.id))

    assert [(row.kind, row.address) for row in told] == [
        (kind, address) for kind in ("halted", "resumed", "halted") for address in ("committee", "public")
    ]
    assert told[0].facts == {"decision_id": 1, "question": "Release?", "by": ADMIN, "reason": WHY}
    assert [(act.kind, act.about, act.by, act.reason) for act in halted.read(board.acts, ADMIN)][:3] == [
        ("halted", "D-1", ADMIN, WHY),
        ("resumed", "D-1", ADMIN, "It was nothing."),
        ("halted", "D-1", ADMIN, WHY),
    ]


def test_the_report_says_since_when(halted: Exchange):
    assert (report(halted).is_trading, report(halted).halted_at) == (False, int(START.timestamp()))
    assert not any(line.is_trading for line in report(halted).measures[0].options)


def test_a_halted_decision_is_closed_and_decided_as_any_other_and_stays_halted(halted: Exchange):
    """What was chosen would trade on; it does once somebody lets it."""
    halted.now = START + 7 * DAY
    halted.run_due()
    halted.do(deciding.record, DECIDER, 1, 1, "It is better.")
    assert report(halted).halted_at is None  # Trading is closed, halted or not.
    halted.advance(DAY)
    halted.run_due()
    assert report(halted).halted_at == int(START.timestamp())
    with pytest.raises(NotOpen) as refused:
        halted.trade("bob", 1, LONG, Act.SPEND, MICRO)
    assert refused.value.state == "halted"
    halted.do(halting.resume, ADMIN, 1, "It was nothing.")
    assert halted.trade("bob", 1, LONG, Act.SPEND, MICRO).shares > 0
    halted.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")
    halted.advance(DAY)
    halted.run_due()
    for act in (halting.halt, halting.resume):
        with pytest.raises(NotOpen) as refused:
            halted.do(act, ADMIN, 1, WHY)
        assert refused.value.state == "settled"


def test_what_drips_in_waits(halted: Exchange):
    halted.do(halting.resume, ADMIN, 1, "It was nothing.")
    halted.do(subsidising.deepen, ADMIN, 1, 50 * MICRO, chance=lambda: 0.5)
    halted.do(halting.halt, ADMIN, 1, WHY)
    before = halted.read(registry.get, 1).liquidity
    for _ in range(3):
        halted.advance(DAY)
        halted.run_due()

    assert halted.read(registry.get, 1).liquidity == before
    halted.do(halting.resume, ADMIN, 1, "It was nothing.")
    halted.advance(DAY)
    halted.run_due()
    assert halted.read(registry.get, 1).liquidity > before


def test_who_may_not_and_what_makes_no_sense_is_refused(halted: Exchange):
    before = halted.digest()
    for by in ("ann", DECIDER, OWNER, "stranger"):
        for act in (halting.halt, halting.resume):
            with pytest.raises(NotAllowed):
                halted.do(act, by, 1, WHY)
    with pytest.raises(NotOpen) as refused:
        halted.do(halting.halt, ADMIN, 1, WHY)
    assert (refused.value.state, refused.value.since) == ("halted", START)
    halted.do(halting.resume, ADMIN, 1, "It was nothing.")
    with pytest.raises(NotOpen) as refused:
        halted.do(halting.resume, ADMIN, 1, WHY)
    assert refused.value.state == "not_halted"
    with pytest.raises(Unknown):
        halted.do(halting.halt, ADMIN, 99, WHY)
    with pytest.raises(Invalid):
        halted.do(halting.halt, ADMIN, 1, "  ")
    assert halted.digest() == before
