"""Reserving: a portfolio pays for makers, within its budget, at the word of those who may spend it."""

from collections.abc import Collection

from sqlalchemy import Connection

from core.errors import InsufficientFunds, NotAllowed, NotOpen, OverBudget
from core.exchange import reserved
from core.funding import portfolios
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, changes
from core.people import persons
from core.people.persons import Person


def require_spender(connection: Connection, by: str, portfolio: Portfolio, act: str) -> Person:
    """Raises NotAllowed unless the asker is named to spend it; where nobody is named, every admin may."""
    if not portfolio.spenders:
        return persons.require_admin(connection, by, act)
    person = persons.find(connection, by)
    if person is None or not may_spend(person, portfolio):
        raise NotAllowed(act, "spenders_only", persons.identities(connection, portfolio.spenders))
    return person


def may_spend(person: Person, portfolio: Portfolio) -> bool:
    """Those who are named may; where nobody is named, every admin."""
    if not portfolio.spenders:
        return person.is_admin
    return person.id in portfolio.spenders and not person.has_left


def lock(connection: Connection, portfolio_id: int) -> Portfolio:
    """The portfolio, spent and changed by nobody else until the transaction ends: whoever does either holds its pool."""
    pool = portfolios.get(connection, portfolio_id).pool
    Book.load(connection, [pool], [accounts.CREDIT])
    return portfolios.get(connection, portfolio_id)


def require_running(portfolio: Portfolio) -> None:
    """Raises NotOpen while it is paused: it pays for nothing new then."""
    if portfolio.is_paused:
        raise NotOpen("portfolio", portfolio.name, "paused")


def reserve(
    connection: Connection, portfolio_id: int, book: Book, entry: Entry, new: Collection[int] = ()
) -> None:
    """Posts an entry by which a portfolio pays for makers; ``new`` are markets that it is the first to pay for.

    The book holds the portfolio's pool, so nobody else spends it meanwhile, or changes its budget. Raises NotOpen
    while it is paused, OverBudget, InsufficientFunds, and changes nothing then.
    """
    portfolio = portfolios.get(connection, portfolio_id)
    require_running(portfolio)
    taken = -changes(entry.postings).get((portfolio.pool, accounts.CREDIT), 0)
    free = book.balance(portfolio.pool, accounts.CREDIT)
    if taken > free:
        raise InsufficientFunds(portfolio.pool, accounts.CREDIT, taken, free, portfolio=portfolio.name)
    if portfolio.reserve_budget is not None and taken > 0:
        found = reserved.held(connection, [portfolio.id])
        held = reserved.total(each for each in found if each.market_id not in new)
        if held + taken > portfolio.reserve_budget:
            raise OverBudget(portfolio.name, portfolio.reserve_budget, held, taken)
    book.post(entry)
