"""What is foreseen of an act that nobody can undo is what then happens, in people and credits."""

from datetime import timedelta

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange, question

from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import deciding, foreseeing, resolving
from core.exchange.trading import Act
from core.units import MICRO

TRADERS = ("ann", "bob", "cy")


@pytest.fixture
def traded(exchange: Exchange) -> Exchange:
    """Ann put 30 on Release; Bob 20 on Hold, of which he sold a part; Cy's limit order on Release waits with 5."""
    exchange.grant("pool", 1_000)
    for person in TRADERS:
        exchange.grant(person, 100)
    exchange.open()
    exchange.trade("ann", 1, 0, Act.SPEND, 30 * MICRO)
    exchange.trade("bob", 2, 0, Act.SPEND, 20 * MICRO)
    exchange.trade("bob", 2, 0, Act.SELL, 10 * MICRO)
    exchange.trade("cy", 1, 0, Act.SPEND, 5 * MICRO, price=300_000)
    return exchange


def free(exchange: Exchange) -> list[int]:
    return [exchange.held(f"person:{person}", "credit") for person in TRADERS]


def pass_days(exchange: Exchange, days: int) -> list[int]:
    """What each trader has more once so many days have passed, and all is done that was due then."""
    before = free(exchange)
    exchange.advance(days * DAY)
    exchange.run_due()
    return [after - had for had, after in zip(before, free(exchange), strict=True)]


@pytest.mark.parametrize(("option", "holders"), [(1, 1), (2, 1)])
def test_what_comes_back_once_an_option_is_chosen(traded: Exchange, option: int, holders: int):
    traded.now = START + 7 * DAY
    traded.run_due()
    seen = traded.read(foreseeing.if_chosen, DECIDER, 1, option)
    traded.do(deciding.record, DECIDER, 1, option, "So it is.")
    came = pass_days(traded, 2)

    assert (seen.people, seen.credits) == (sum(map(bool, came)), sum(came))
    assert seen.holders == holders


def test_what_comes_back_once_it_is_withdrawn(traded: Exchange):
    """Also what waits in a limit order."""
    seen = traded.read(foreseeing.if_withdrawn, DECIDER, 1)
    traded.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    came = pass_days(traded, 2)

    assert (seen.people, seen.credits) == (3, sum(came))
    assert free(traded) == [100 * MICRO] * 3


def test_what_is_paid_if_it_was_never_measured(traded: Exchange):
    """To whoever holds shares of what was chosen, when the reading's challenge window is over."""
    traded.now = START + 7 * DAY
    traded.do(deciding.record, DECIDER, 1, 1, "So it is.")
    pass_days(traded, 2)
    seen = traded.read(foreseeing.if_void, OWNER, 1, traded.now)
    assert seen == traded.read(foreseeing.if_void, ADMIN, 1, traded.now)
    assert seen.paid_at == traded.now + DAY
    traded.do(resolving.void, OWNER, 1, "It was never measured.")
    came = pass_days(traded, 2)

    assert (seen.holders, seen.credits) == (1, sum(came))
    assert came[0] > 0


def test_only_who_may_do_it_is_told_what_it_would_do(traded: Exchange):
    for by in ("ann", "stranger", ADMIN):
        with pytest.raises(NotAllowed):
            traded.read(foreseeing.if_chosen, by, 1, 1)
        with pytest.raises(NotAllowed):
            traded.read(foreseeing.if_withdrawn, by, 1)
    for by in ("ann", "stranger", DECIDER):
        with pytest.raises(NotAllowed):
            traded.read(foreseeing.if_void, by, 1, traded.now)
    with pytest.raises(Invalid):
        traded.read(foreseeing.if_chosen, DECIDER, 1, 9)
    with pytest.raises(Unknown):
        traded.read(foreseeing.if_withdrawn, DECIDER, 9)


def test_a_question_that_hangs_on_no_decision_is_paid_by_its_window(exchange: Exchange):
    """And nothing can be said of it before that window is over."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.ask()
    exchange.trade("ann", 1, 0, Act.BUY, 10 * MICRO)
    exchange.advance(timedelta(hours=1))
    with pytest.raises(NotOpen):
        exchange.read(foreseeing.if_void, OWNER, 1, exchange.now)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    seen = exchange.read(foreseeing.if_void, OWNER, 1, exchange.now)

    assert seen.holders == 1
    assert seen.paid_at == START + 7 * DAY + timedelta(seconds=question().reading_challenge_seconds)
