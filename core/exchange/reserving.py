"""Reserving: a portfolio pays for makers, within its budget, at the word of those who may spend it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.errors import InsufficientFunds, NotAllowed, NotOpen, OverBudget, OverSpent
from core.exchange import backed, promised, reserved
from core.exchange.reserved import Held
from core.funding import backings, portfolios
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
    connection: Connection,
    portfolio_id: int,
    book: Book,
    entry: Entry,
    new: Collection[int] = (),
    *,
    is_promised: bool = False,
) -> None:
    """Posts an entry by which a portfolio pays for makers; ``new`` are markets that it is the first to pay for.

    What was promised to makers is there for them: whatever else is paid for must leave it. The book holds the portfolio's
    pool, so nobody else spends it meanwhile, or changes its budget. Raises NotOpen while it is paused, OverBudget,
    OverSpent, InsufficientFunds, and changes nothing then.
    """
    portfolio = portfolios.get(connection, portfolio_id)
    require_running(portfolio)
    taken = -changes(entry.postings).get((portfolio.pool, accounts.CREDIT), 0)
    if taken > 0:
        free = book.balance(portfolio.pool, accounts.CREDIT)
        held = [each for each in reserved.held(connection, [portfolio.id]) if each.market_id not in new]
        waiting = 0 if is_promised else promised.promised(connection, held, entry.at)
        _require_room(portfolio, free - waiting, reserved.total(held), waiting, taken)
        if not is_promised:
            _require_unspent(connection, portfolio, held, entry.at)
    book.post(entry)


def promise(connection: Connection, portfolio_id: int, asked: Mapping[int, int], now: datetime) -> None:
    """Lets so much more liquidity be promised to these markets, unless there is no room for what it takes.

    Raises NotOpen, OverBudget, OverSpent, InsufficientFunds.
    """
    portfolio = lock(connection, portfolio_id)
    require_running(portfolio)
    held = reserved.held(connection, [portfolio.id])
    waiting = promised.promised(connection, held, now)
    taken = promised.promised(connection, held, now, asked) - waiting
    free = Book.load(connection, [portfolio.pool], [accounts.CREDIT]).balance(portfolio.pool, accounts.CREDIT)
    if taken > 0:
        _require_room(portfolio, free - waiting, reserved.total(held), waiting, taken)
        _require_unspent(connection, portfolio, held, now)


def _require_room(portfolio: Portfolio, free: int, held: int, waiting: int, taken: int) -> None:
    """Micro-credits: what is free and not promised, what is reserved, what is promised, and what is to be taken."""
    name, budget = portfolio.name, portfolio.reserve_budget
    if taken > free:
        raise InsufficientFunds(
            portfolio.pool, accounts.CREDIT, taken, free, portfolio=name, promised=waiting
        )
    if budget is not None and held + waiting + taken > budget:
        raise OverBudget(name, budget, held, taken, waiting)


def _require_unspent(
    connection: Connection, portfolio: Portfolio, held: Sequence[Held], now: datetime
) -> None:
    """Nothing new is paid for once the period is expected to cost what it may; what backs markets stays, and drips go on."""
    if portfolio.spend_budget is None:
        return
    begun, ends_at = portfolio.period(now)
    spent = backings.costs(connection, portfolio.id, begun)
    backs = backed.by_portfolio(connection, held).get(portfolio.id, [])
    expected = backed.expected(spent, portfolio, backs, now)
    if expected >= portfolio.spend_budget:
        raise OverSpent(portfolio.name, portfolio.spend_budget, expected, ends_at)
