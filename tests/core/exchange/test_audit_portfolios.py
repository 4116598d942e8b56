"""The audit notices credit of a portfolio that is not where it should be, whoever put it there, and names the portfolio."""

from collections.abc import Sequence

import pytest
from exchange_driver import ADMIN, DAY, OWNER, Exchange
from sqlalchemy import update

from core.database import writing
from core.exchange import audit, portfolios, resolving
from core.exchange.portfolios import PortfolioPlan
from core.exchange.trading import Act
from core.funding.tables import backing, spent
from core.ledger import guards
from core.ledger.accounts import CREDIT
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.units import MICRO

RESERVES = "What portfolios have reserved is what their makers may lose"
IDENTITY = "What came into each portfolio is free, reserved or lost"
SECOND = 2


@pytest.fixture
def two(exchange: Exchange) -> Exchange:
    """Main pays for a decision, and Thin for a question that is settled, and for one that is not."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    plan = PortfolioPlan("Thin", None, None, 30, (ADMIN,))
    exchange.do(portfolios.open_portfolio, ADMIN, plan, "For questions that few trade.")
    exchange.do(portfolios.fund, ADMIN, SECOND, 500 * MICRO, "The budget.", key="f")
    exchange.open()
    for number in (1, 2):
        exchange.ask(portfolio=SECOND)
        exchange.trade("ann", number + 2, 0, Act.SPEND, 20 * MICRO)
    exchange.do(resolving.file, OWNER, 2, MICRO, "the dashboard")
    exchange.advance(2 * DAY)
    exchange.run_due()
    return exchange


def move(exchange: Exchange, source: str, destination: str) -> dict[str, Sequence[str]]:
    """The faults found after a credit was moved by an entry that is as good as any other, by proof."""
    ends = exchange.account(source), exchange.account(destination)
    with writing(exchange.engine) as connection:
        book = Book.load(connection, ends, [CREDIT])
        book.post(Entry("odd", "odd", exchange.now, tuple(posting(*ends, MICRO, CREDIT))))
        book.save(connection)
    return faults(exchange)


def faults(exchange: Exchange) -> dict[str, Sequence[str]]:
    return {proof.claim: proof.faults for proof in exchange.audit()}


def test_untouched_both_hold(two: Exchange):
    claims = [proof.claim for proof in two.read(audit.audit)]

    assert {RESERVES, IDENTITY} <= set(claims)
    assert faults(two) == {}


def test_credit_that_went_to_somebody_is_missed(two: Exchange):
    found = move(two, "pool:P-2", "person:ann")

    assert set(found) == {IDENTITY}
    assert found[IDENTITY][0].startswith("Thin: 500000000 came in, ")


def test_more_than_its_reserve_in_a_maker_is_found(two: Exchange):
    found = move(two, "pool:P-2", "maker:M-4")

    assert found == {
        RESERVES: ("M-4: Thin put 70314719 into its maker, and its part of the reserve is 69314719",)
    }


def test_a_portfolio_that_pays_for_another_one_s_market_is_found(two: Exchange):
    found = move(two, "pool:main", "maker:M-4")

    assert found == {RESERVES: ("M-4: Main put 1000000 into its maker, and its part of the reserve is 0",)}


def test_what_is_backed_by_another_portfolio_than_paid_is_found(two: Exchange):
    found = meddle(two, update(backing).where(backing.c.market_id == 4).values(portfolio_id=1))

    assert set(found) == {RESERVES}
    assert len(found[RESERVES]) == 2


def test_an_edited_cost_is_found(two: Exchange):
    found = meddle(two, update(spent).values(amount=spent.c.amount - 1))

    assert set(found) == {IDENTITY}
    assert found[IDENTITY][0].startswith("M-3 cost portfolio 2 ")


def meddle(exchange: Exchange, statement: object) -> dict[str, Sequence[str]]:
    """The faults found after somebody wrote past the program and its guards, by proof."""
    with writing(exchange.engine) as connection:
        guards.remove(connection)
        connection.execute(statement)
        guards.install(connection)
    return faults(exchange)
