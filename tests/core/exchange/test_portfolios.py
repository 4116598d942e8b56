"""Portfolios: who may spend them, what they may hold ready, what comes back to which, and that all of it is logged and told."""

from dataclasses import replace
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, OWNER, Exchange

from core.exchange import portfolios, resolving
from core.exchange.portfolios import PortfolioFacts, PortfolioPlan
from core.exchange.trading import Act
from core.units import MICRO

SECOND = 2
POOL = "pool:P-2"
RESERVE, SPEND = 500 * MICRO, 100 * MICRO
THIN = PortfolioPlan("Thin markets", RESERVE, SPEND, 30, (ADMIN, "sue"), "budget-channel")


def open_one(exchange: Exchange, **changes: Any) -> int:
    plan = replace(THIN, **changes)
    return exchange.do(portfolios.open_portfolio, ADMIN, plan, "Obscure questions.", key=exchange.new_key())


def give(exchange: Exchange, amount: int, portfolio_id: int = SECOND) -> int:
    key = exchange.new_key()
    return exchange.do(portfolios.fund, ADMIN, portfolio_id, amount * MICRO, "The budget.", key=key)


def facts(exchange: Exchange, by: str = ADMIN, portfolio_id: int = SECOND) -> PortfolioFacts:
    return exchange.read(portfolios.one, by, portfolio_id, exchange.now)


@pytest.fixture
def two(exchange: Exchange) -> Exchange:
    """Main with 1,000 credits, and a second portfolio with 600, of which 500 may be held ready."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    open_one(exchange)
    give(exchange, 600)
    return exchange


def test_what_a_portfolio_pays_for_comes_back_to_it_and_not_to_another(two: Exchange):
    opened = two.open(portfolio=SECOND)
    assert (facts(two).free, facts(two).reserved) == (600 * MICRO - opened.reserve, opened.reserve)
    two.trade("ann", opened.market_ids[0], 0, Act.SPEND, 20 * MICRO)
    two.settle_by_reading(80 * MICRO)
    after = facts(two)

    assert after.reserved == 0
    assert after.free + after.lost == 600 * MICRO
    assert after.lost == two.held("person:ann", "credit") - 100 * MICRO > 0
    assert two.held("pool:main", "credit") == 1_000 * MICRO


def test_a_question_s_rest_returns_to_its_portfolio_too(two: Exchange):
    market_id = two.ask(portfolio=SECOND).market_ids[0]
    reserve = facts(two).reserved
    two.trade("ann", market_id, 0, Act.SPEND, 20 * MICRO)
    two.do(resolving.file, OWNER, 1, 0, "the dashboard")
    two.advance(2 * DAY)
    two.run_due()

    assert reserve == 69_314_719
    assert facts(two).lost == -20 * MICRO
    assert two.held(POOL, "credit") == 620 * MICRO
