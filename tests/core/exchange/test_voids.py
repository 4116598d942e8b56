"""A metric that was never measured: its markets are settled by the average prices of a window fixed at opening."""

from datetime import timedelta

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange, measure
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import deciding, resolving
from core.exchange.opening import Definition
from core.exchange.trading import Act
from core.markets import outcomes
from core.markets.tables import market
from core.units import MICRO

HOUR = timedelta(hours=1)
LONG, SHORT = 0, 1


@pytest.fixture
def averaged(exchange: Exchange) -> Exchange:
    """In the day before the close LONG stood at 0.5 for 6 hours, at 0.731059 for 12, at 0.598688 for 6.

    With a liquidity of 100, 100 shares of LONG make e / (e + 1), and 60 of SHORT then e^0.4 / (e^0.4 + 1). What
    happened on the days before does not count.
    """
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cy"):
        exchange.grant(person, 200)
    exchange.open(measures=(measure(50, 50),), subsidy=69_314_719)
    exchange.now = START + 2 * DAY
    exchange.trade("cy", 1, LONG, Act.BUY, 100 * MICRO)
    exchange.now = START + 4 * DAY
    exchange.trade("cy", 1, LONG, Act.SELL_ALL, 0)
    exchange.now = START + 6 * DAY + 6 * HOUR
    exchange.trade("ann", 1, LONG, Act.BUY, 100 * MICRO)
    exchange.advance(12 * HOUR)
    exchange.trade("bob", 1, SHORT, Act.BUY, 60 * MICRO)
    exchange.now = START + 7 * DAY
    return exchange


def choose(exchange: Exchange) -> None:
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()


def void(exchange: Exchange, by: str = OWNER) -> None:
    exchange.do(resolving.void, by, 1, "It was never measured.")
    exchange.advance(DAY)
    exchange.run_due()


def paid(exchange: Exchange) -> dict[str, int]:
    told = exchange.fetch(select(announcement).where(announcement.c.kind == "paid"))
    return {row.address: row.facts["credits"] for row in told}


@pytest.mark.parametrize("by", [OWNER, ADMIN])
def test_shares_pay_the_average_price_of_the_day_before_the_close(averaged: Exchange, by: str):
    """(6 x 500000 + 12 x 731059 + 6 x 598688) / 24 is 640201.5 millionths."""
    choose(averaged)
    void(averaged, by)

    assert paid(averaged) == {"ann": 64_020_150, "bob": 21_587_910}
    assert averaged.audit() == []


def test_a_price_pumped_after_the_window_has_no_effect(averaged: Exchange):
    """Not on what a share pays: whoever pumped is paid by the old average too."""
    choose(averaged)
    pumped = averaged.trade("cy", 1, LONG, Act.BUY, 110 * MICRO)
    averaged.advance(10 * DAY)
    void(averaged)

    assert pumped.price_after > 0.8
    assert paid(averaged) == {"ann": 64_020_150, "bob": 21_587_910, "cy": 70_422_165}


def test_a_price_pumped_for_the_last_minute_of_the_window_counts_for_a_minute(averaged: Exchange):
    averaged.now = START + 7 * DAY - timedelta(minutes=1)
    averaged.trade("cy", 1, LONG, Act.BUY, 110 * MICRO)
    averaged.now = START + 7 * DAY
    choose(averaged)
    void(averaged)

    # In that minute LONG stands at e^1.5 / (e^1.5 + 1) and not at e^0.4 / (e^0.4 + 1): 218886 more, for 1 of 1440.
    assert paid(averaged)["ann"] == 64_020_150 + 218_886 * 100 // 1_440


@pytest.mark.parametrize("by", ["ann", DECIDER, "stranger"])
def test_nobody_but_the_owner_and_admins_voids(averaged: Exchange, by: str):
    choose(averaged)
    with pytest.raises(NotAllowed):
        averaged.do(resolving.void, by, 1, "It was never measured.")
    with pytest.raises(Invalid):
        averaged.do(resolving.void, OWNER, 1, "  ")
    with pytest.raises(NotAllowed):
        averaged.do(resolving.file, ADMIN, 1, MICRO, "the dashboard")


def test_nothing_is_voided_before_the_decision_is_made(averaged: Exchange):
    with pytest.raises(NotOpen):
        averaged.do(resolving.void, OWNER, 1, "It was never measured.")


def test_a_void_is_a_reading_like_any_other_until_it_is_final(averaged: Exchange):
    """A value filed within its window takes its place; trading ended with the void."""
    choose(averaged)
    averaged.do(resolving.void, ADMIN, 1, "It seems to be lost.")
    with pytest.raises(NotOpen):
        averaged.trade("cy", 1, LONG, Act.BUY, MICRO)
    averaged.advance(DAY - HOUR)
    averaged.do(resolving.file, OWNER, 1, 80 * MICRO, "Found.")
    averaged.advance(DAY)
    averaged.run_due()

    assert paid(averaged) == {"ann": 80 * MICRO, "bob": 12 * MICRO}


def test_the_outcome_says_that_nothing_was_measured(averaged: Exchange):
    choose(averaged)
    void(averaged)
    told = averaged.fetch(select(announcement.c.facts).where(announcement.c.kind == "outcome"))

    assert [row.facts["measures"][0]["value"] for row in told] == [None, None]


def test_a_question_that_nobody_traded_pays_its_opening_prices(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.ask()
    exchange.now = START + 8 * DAY
    void(exchange)

    assert exchange.held("pool:main", "credit") == 1_000 * MICRO
    assert exchange.fetch(select(market.c.state))[0].state == "settled"


def test_a_question_is_not_voided_before_its_window_is_over(exchange: Exchange):
    """Whoever pushed its price could end it there, and be paid by that price as if it had stood for a day."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.ask()
    exchange.now = START + 2 * DAY
    exchange.trade("ann", 1, 0, Act.BUY, 50 * MICRO)
    exchange.now = START + 7 * DAY - timedelta(milliseconds=1)
    before = exchange.digest()
    for by in (OWNER, ADMIN):
        with pytest.raises(NotOpen) as refused:
            exchange.do(resolving.void, by, 1, "It was never measured.")
        assert (refused.value.state, refused.value.since) == ("void_window", START + 7 * DAY)
    assert exchange.digest() == before
    exchange.advance(timedelta(milliseconds=1))
    void(exchange)

    # 50 shares at liquidity 100: e^0.5 / (e^0.5 + 1) each.
    assert paid(exchange) == {"ann": 31_122_950}


def test_a_market_in_bins_pays_each_bin_its_average_price(exchange: Exchange):
    """Five bins at 0.2; 100 of two of them make e / (2 e + 3), 0.322202, and 0.118532 of the others, for half the day."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.grant("bob", 100)
    centres = [10 * MICRO * number for number in range(5)]
    exchange.ask(
        metric=Definition("Count", "pieces", 0, 40 * MICRO, "How many."),
        outcomes=tuple(outcomes.bins(centres, [0.2] * 5)),
    )
    exchange.now = START + 6 * DAY + 12 * HOUR
    exchange.trade("ann", 1, (1, 2), Act.BUY, 100 * MICRO)
    exchange.now = START + 7 * DAY - timedelta(milliseconds=1)
    exchange.trade("bob", 1, 4, Act.BUY, 10 * MICRO)
    exchange.now = START + 7 * DAY
    void(exchange)

    # (200000 + 322202) / 2 is 261101; Bob's price stood for a millisecond, for which each bin pays a micro less.
    assert paid(exchange)["ann"] == 2 * (100 * 261_101 - 1)
    assert exchange.audit() == []


def test_a_void_leaves_other_measures_as_they_are(exchange: Exchange):
    """The decision is settled once all of its live markets are, each in its own way."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 200)
    exchange.open(measures=(measure(50, 50), measure(50, 50, metric=SCORE)), subsidy=138_629_438)
    exchange.trade("ann", 1, LONG, Act.BUY, 50 * MICRO)
    exchange.trade("ann", 3, LONG, Act.BUY, 50 * MICRO)
    exchange.now = START + 7 * DAY
    choose(exchange)
    exchange.do(resolving.void, OWNER, 1, "It was never measured.")
    exchange.advance(DAY)
    exchange.run_due()
    states = select(market.c.state).order_by(market.c.id)
    assert [row.state for row in exchange.fetch(states)] == ["settled", "dead", "open", "dead"]
    exchange.do(resolving.file, OWNER, 2, 100 * MICRO, "the dashboard")
    exchange.advance(DAY)
    exchange.run_due()

    assert [row.state for row in exchange.fetch(states)] == ["settled", "dead", "settled", "dead"]
    facts = exchange.fetch(select(announcement.c.facts).where(announcement.c.kind == "outcome"))[0].facts
    assert [each["value"] for each in facts["measures"]] == [None, 100 * MICRO]
