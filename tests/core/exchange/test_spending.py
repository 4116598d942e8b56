"""What a portfolio's subsidies bought is counted from what happened, told each week, and kept as it was told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_driver import ADMIN, DAY, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, Unknown
from core.exchange import audit, portfolios, spending, spending_sent
from core.exchange.portfolios import MAIN, PortfolioPlan
from core.exchange.spending import SubsidyReport
from core.exchange.trading import Act
from core.units import MICRO

SECOND, WEEK = 2, timedelta(days=7)
THIN = PortfolioPlan("Thin markets", 500 * MICRO, 100 * MICRO, 30, (ADMIN, "sue"), "budget-channel")


@pytest.fixture
def thin(exchange: Exchange) -> Exchange:
    """A portfolio with 600 credits that backs a decision in which ann has bought."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 500)
    exchange.do(portfolios.open_portfolio, ADMIN, THIN, "Obscure questions.", key=exchange.new_key())
    exchange.do(portfolios.fund, ADMIN, SECOND, 600 * MICRO, "The budget.", key=exchange.new_key())
    exchange.open(portfolio=SECOND)
    exchange.trade("ann", 1, 0, Act.SPEND, 20 * MICRO)
    return exchange


def seen(exchange: Exchange, by: str = ADMIN, portfolio_id: int = SECOND) -> SubsidyReport:
    return exchange.read(spending.report, by, portfolio_id, exchange.now)


def told(exchange: Exchange, kind: str) -> list[tuple[str, dict[str, object]]]:
    wanted = select(announcement.c.address, announcement.c.facts).where(announcement.c.kind == kind)
    return [(row.address, row.facts) for row in exchange.fetch(wanted.order_by(announcement.c.id))]


def test_what_trades_says_what_it_may_and_would_lose(thin: Exchange):
    """Untraded markets stand at their opening prices, so at those they would lose nothing."""
    found = seen(thin)
    first, second = found.markets

    assert first.losing is not None
    assert first.losing > 0
    assert abs(second.losing or 0) <= 1
    assert (first.trades, first.traders, second.trades, second.traders) == (1, 1, 0, 0)
    assert found.portfolio.reserved == max(first.reserve, second.reserve)
    assert (found.bits, found.credits_per_bit, found.returned) == (0, None, 0)
    assert found.head == thin.read(audit.head)


def test_what_is_settled_says_what_a_bit_cost_and_what_came_back(thin: Exchange):
    """A maker that was never deepened loses b ln 2 credits for a bit (THEORY 1)."""
    reserve, liquidity = seen(thin).markets[0].reserve, seen(thin).markets[0].liquidity
    thin.settle_by_reading(80 * MICRO)
    found = seen(thin)
    (line,) = found.markets

    assert line.cost is not None
    assert line.bits is not None
    assert line.credits_per_bit is not None
    assert line.returned == reserve - line.cost
    assert line.cost == found.portfolio.lost
    assert line.credits_per_bit == pytest.approx(liquidity / MICRO * 0.6931472, rel=1e-4)
    assert found.credits_per_bit == pytest.approx(line.credits_per_bit)
    assert found.portfolio.free == 600 * MICRO - line.cost


def test_a_market_that_was_never_measured_bought_no_bits(thin: Exchange):
    thin.settle_by_reading(None)

    (line,) = seen(thin).markets
    assert (line.bits, line.credits_per_bit) == (None, None)
    assert seen(thin).credits_per_bit is None


def test_what_it_had_is_kept_once_a_day(thin: Exchange):
    """However often it is asked; a day that nothing ran has no point."""
    thin.run_due()
    thin.run_due()
    thin.do(spending_sent.keep_day, SECOND)
    thin.now += 2 * DAY
    thin.run_due()
    points = seen(thin).days

    assert [point.at for point in points] == [
        int((thin.now - 2 * DAY).timestamp()),
        int(thin.now.timestamp()),
    ]
    assert {point.free + point.reserved + point.lost for point in points} == {600 * MICRO}


def test_it_is_told_each_week_once_and_kept_as_it_was(thin: Exchange):
    for _ in range(3):
        thin.run_due()
    assert told(thin, "subsidy_report") == []
    thin.now += WEEK
    for _ in range(3):
        thin.run_due()
    ((address, facts),) = told(thin, "subsidy_report")
    kept = thin.read(spending_sent.sent, "sue", SECOND, 1, thin.now)
    thin.do(portfolios.fund, ADMIN, SECOND, 5 * MICRO, "More.", key=thin.new_key())

    assert address == "budget-channel"
    assert kept.facts | {"number": 1} == facts
    assert kept.head == facts["head"] != thin.read(audit.head)
    assert thin.read(spending_sent.sent, "sue", SECOND, 1, thin.now) == kept


def test_weeks_in_which_nothing_ran_are_told_as_one(thin: Exchange):
    thin.now += 3 * WEEK + DAY
    thin.run_due()
    thin.now += WEEK - 2 * DAY
    thin.run_due()
    assert len(told(thin, "subsidy_report")) == 1
    thin.now += DAY
    thin.run_due()

    assert len(told(thin, "subsidy_report")) == 2


def test_a_period_that_ends_between_two_weeks_is_told_too(thin: Exchange):
    thin.do(portfolios.change, ADMIN, SECOND, replace(THIN, period_days=10), "Shorter.")
    for day in range(1, 12):
        thin.now += DAY
        thin.run_due()
        if day in {6, 9}:
            assert len(told(thin, "subsidy_report")) == day // 7

    assert len(told(thin, "subsidy_report")) == 2


def test_it_is_for_those_who_spend_the_portfolio_and_for_admins(thin: Exchange):
    assert seen(thin, "sue").portfolio.name == "Thin markets"
    for use in (
        lambda: seen(thin, "ann"),
        lambda: thin.read(spending_sent.sent, "ann", SECOND, 1, thin.now),
        lambda: thin.do(spending_sent.ask_file, "ann", SECOND, "key"),
        lambda: seen(thin, "sue", MAIN),
    ):
        with pytest.raises(NotAllowed):
            use()
    with pytest.raises(Unknown):
        seen(thin, portfolio_id=9)


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 10**30])
def test_a_report_that_was_not_sent_is_unknown(thin: Exchange, number: int):
    with pytest.raises(Unknown):
        thin.read(spending_sent.sent, ADMIN, SECOND, number, thin.now)


def test_a_file_comes_to_who_asked_once_for_a_key(thin: Exchange):
    for _ in range(2):
        thin.do(spending_sent.ask_file, "sue", SECOND, "key")

    assert told(thin, "subsidy_file") == [("sue", {"portfolio_id": SECOND})]
    with pytest.raises(Invalid):
        thin.do(spending_sent.ask_file, "sue", SECOND, "")
