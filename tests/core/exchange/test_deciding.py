"""Closing, recording, withdrawing and what follows, each at its time and by whom it belongs to."""

from datetime import timedelta

import pytest
from exchange_driver import DAY, DECIDER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import branch, decision
from core.errors import Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import deciding
from core.exchange.trading import Act
from core.markets.tables import market
from core.units import MICRO

RELEASE, HOLD = 1, 2


@pytest.fixture
def closed(exchange: Exchange) -> Exchange:
    """A decision in which somebody traded, at its close."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.trade("ann", exchange.open().market_ids[0], 0, Act.SPEND, 30 * MICRO)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    return exchange


def state(exchange: Exchange) -> str:
    return exchange.fetch(select(decision.c.state))[0].state


def market_states(exchange: Exchange) -> list[str]:
    return [row.state for row in exchange.fetch(select(market.c.state).order_by(market.c.id))]


def test_an_act_before_its_time_changes_nothing(exchange: Exchange):
    """Closing, lapsing, taking effect and sweeping are the clock's; asked too early they do nothing."""
    exchange.grant("pool", 1_000)
    exchange.open()
    before = exchange.digest()
    for act in (deciding.close, deciding.lapse, deciding.take_effect, deciding.sweep):
        exchange.do(act, 1)

    assert (state(exchange), exchange.digest()) == ("open", before)


def test_closing_tells_the_committee_what_was_priced_once(closed: Exchange):
    closed.do(deciding.close, 1)
    keys = [
        row.key for row in closed.fetch(select(announcement.c.key).where(announcement.c.kind == "report"))
    ]

    assert keys.count("report:D-1:close") == 1
    assert market_states(closed) == ["closed", "closed"]


def test_nothing_is_recorded_while_people_still_trade(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    with pytest.raises(NotOpen) as refused:
        exchange.do(deciding.record, DECIDER, 1, RELEASE, "We know already.")

    assert refused.value.state == "still_open"


def test_a_choice_at_the_close_need_not_wait_for_the_scheduler(exchange: Exchange):
    """The first who records closes the decision; the committee still gets its report, once."""
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.now = START + 7 * DAY
    exchange.do(deciding.record, DECIDER, 1, RELEASE, "It is better.")
    exchange.run_due()
    reports = exchange.fetch(select(announcement.c.key).where(announcement.c.key == "report:D-1:close"))

    assert (state(exchange), len(reports)) == ("closed", 1)


@pytest.mark.parametrize("by", ["ann", "own", "root", "stranger"])
def test_only_named_deciders_record_and_withdraw(closed: Exchange, by: str):
    with pytest.raises(NotAllowed):
        closed.do(deciding.record, by, 1, RELEASE, "It is better.")
    with pytest.raises(NotAllowed):
        closed.do(deciding.withdraw, by, 1, "It is moot.")


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [(0, "x", "option"), (3, "x", "option"), (1, " ", "reason"), (1, "x" * 3001, "reason")],
)
def test_a_record_names_an_option_and_a_reason(closed: Exchange, number: int, reason: str, field: str):
    with pytest.raises(Invalid) as refused:
        closed.do(deciding.record, DECIDER, 1, number, reason)

    assert refused.value.field == field


def test_what_was_recorded_is_not_edited(closed: Exchange):
    closed.do(deciding.record, DECIDER, 1, RELEASE, "It is better.")
    for again in (
        lambda: closed.do(deciding.record, DECIDER, 1, HOLD, "It is not."),
        lambda: closed.do(deciding.withdraw, DECIDER, 1, "It is moot."),
    ):
        with pytest.raises(NotOpen) as refused:
            again()
        assert refused.value.state == "recorded"


def test_a_record_takes_effect_after_its_challenge_window_and_not_before(closed: Exchange):
    made = closed.do(deciding.record, DECIDER, 1, HOLD, " It is safer. ")

    assert made.reason == "It is safer."
    assert made.final_at == closed.now + DAY
    closed.advance(DAY - timedelta(milliseconds=1))
    closed.do(deciding.take_effect, 1)
    assert state(closed) == "closed"
    closed.advance(timedelta(milliseconds=1))
    closed.run_due()
    assert state(closed) == "chosen"


def test_only_the_branch_of_the_option_taken_lives_on(closed: Exchange):
    closed.do(deciding.record, DECIDER, 1, HOLD, "It is safer.")
    closed.advance(DAY)
    closed.run_due()
    live = [row.is_live for row in closed.fetch(select(branch.c.is_live).order_by(branch.c.id))]

    assert live == [False, True, False]
    assert market_states(closed) == ["dead", "open"]


def test_a_withdrawal_stops_trading_at_once(exchange: Exchange):
    exchange.grant("pool", 1_000)
    market_id = exchange.open().market_ids[0]
    exchange.grant("ann", 100)
    exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    with pytest.raises(NotOpen):
        exchange.trade("ann", market_id, 0, Act.SPEND, MICRO)

    exchange.advance(DAY)
    exchange.run_due()
    assert (state(exchange), market_states(exchange)) == ("withdrawn", ["dead", "dead"])
    assert exchange.held("pool:main", "credit") == 1_000 * MICRO


def test_who_gets_credit_back_is_told_how_much(closed: Exchange):
    closed.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    closed.advance(DAY)
    closed.run_due()
    told = closed.fetch(select(announcement).where(announcement.c.kind == "returned"))

    assert [(row.address, row.facts["credits"]) for row in told] == [("ann", 30 * MICRO)]


@pytest.mark.usefixtures("slices_of_two")
def test_holders_are_swept_in_slices_and_each_once(exchange: Exchange):
    """Seven traders in slices of two; the books are proved after each slice."""
    exchange.grant("pool", 1_000)
    markets = exchange.open().market_ids
    for number in range(7):
        exchange.grant(f"p{number}", 10)
        exchange.trade(f"p{number}", markets[number % 2], number % 2, Act.SPEND, MICRO + number)
    exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    exchange.advance(DAY)

    assert exchange.run_due().count("sweep") > 3
    assert [exchange.held(f"person:p{number}", "credit") for number in range(7)] == [10 * MICRO] * 7
    assert exchange.held("pool:main", "credit") == 1_000 * MICRO


def test_a_decision_that_is_not_there_is_unknown(exchange: Exchange):
    with pytest.raises(Unknown):
        exchange.do(deciding.record, DECIDER, 99, RELEASE, "It is better.")
    with pytest.raises(Unknown):
        exchange.do(deciding.withdraw, DECIDER, 99, "It is moot.")
