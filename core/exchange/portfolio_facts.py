"""What portfolios have, have reserved and have lost, for those who may know: admins, and whoever spends one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.database import EPOCH
from core.errors import NotAllowed
from core.exchange import backed, promised, reserved, reserving
from core.exchange.backed import Backed
from core.funding import backings, changes, portfolios
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.people import persons
from core.people.persons import Person

LINES_MOST = 20


@dataclass(frozen=True)
class Line:
    """A line of a portfolio's log; without an identity the policy did it."""

    at: int
    by: str | None
    what: str
    facts: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class PortfolioFacts:
    """Micro-credits, times in seconds. ``promised`` is what of what is free is still to drip into makers.

    ``expected`` is what this period will have cost by its end.
    That is what was spent in it, and what today's prices make of all that ends before it does.
    """

    id: int
    name: str
    free: int
    promised: int
    reserved: int
    lost: int
    reserve_budget: int | None
    spend_budget: int | None
    spent: int
    expected: int
    period_days: int
    period_from: int
    period_to: int
    address: str | None
    spenders: tuple[str, ...]
    may_spend: bool
    auto_most: int | None
    paused_reason: str | None
    backs: tuple[Backed, ...]
    log: tuple[Line, ...]

    @property
    def granted(self) -> int:
        """All that was ever put into it: nothing of it is anywhere else, as the audit proves."""
        return self.free + self.reserved + self.lost


def overview(connection: Connection, by: str, now: datetime) -> tuple[PortfolioFacts, ...]:
    """Those that the asker may know of: all for an admin, else those that they may spend. Raises NotAllowed."""
    asker = persons.find(connection, by)
    found = portfolios.get_all(connection, portfolios.ids(connection)).values()
    known = [each for each in found if _may_see(asker, each)]
    if not known:
        raise NotAllowed("portfolio", "spenders_and_admins", tuple(persons.admins(connection)))
    return _facts(connection, asker, known, now)


def one(connection: Connection, by: str, portfolio_id: int, now: datetime) -> PortfolioFacts:
    """Raises Unknown, NotAllowed."""
    asker, portfolio = persons.find(connection, by), portfolios.get(connection, portfolio_id)
    if not _may_see(asker, portfolio):
        raise NotAllowed("portfolio", "spenders_and_admins", tuple(persons.admins(connection)))
    (facts,) = _facts(connection, asker, [portfolio], now)
    return facts


def of(connection: Connection, portfolio_id: int, now: datetime) -> PortfolioFacts:
    """The same for nobody in particular, for what is told where the portfolio's changes are."""
    (facts,) = _facts(connection, None, [portfolios.get(connection, portfolio_id)], now)
    return facts


def _may_see(asker: Person | None, portfolio: Portfolio) -> bool:
    return asker is not None and (asker.is_admin or reserving.may_spend(asker, portfolio))


def _facts(
    connection: Connection, asker: Person | None, of: Sequence[Portfolio], now: datetime
) -> tuple[PortfolioFacts, ...]:
    held = reserved.held(connection, [each.id for each in of])
    backs, waiting = backed.by_portfolio(connection, held), promised.by_portfolio(connection, held, now)
    credit = accounts.CREDIT
    book = Book.load(connection, [each.pool for each in of], [credit], lock=False)
    return tuple(
        _one(
            connection,
            asker,
            each,
            book.balance(each.pool, credit),
            waiting[each.id],
            backs.get(each.id, []),
            now,
        )
        for each in of
    )


def _one(
    connection: Connection,
    asker: Person | None,
    of: Portfolio,
    free: int,
    waiting: int,
    backs: Sequence[Backed],
    now: datetime,
) -> PortfolioFacts:
    begun, ends = of.period(now)
    spent = backings.costs(connection, of.id, begun)
    named = {name: getattr(of, name) for name in _AS_KEPT}
    return PortfolioFacts(
        **named,
        free=free,
        promised=waiting,
        reserved=sum(each.reserved for each in backs),
        lost=backings.costs(connection, of.id, EPOCH),
        spent=spent,
        expected=backed.expected(spent, of, backs, now),
        period_from=int(begun.timestamp()),
        period_to=int(ends.timestamp()),
        spenders=persons.identities(connection, of.spenders),
        may_spend=asker is not None and reserving.may_spend(asker, of),
        backs=tuple(backs),
        log=_log(connection, of),
    )


_AS_KEPT = (
    "id",
    "name",
    "reserve_budget",
    "spend_budget",
    "period_days",
    "address",
    "auto_most",
    "paused_reason",
)


def _log(connection: Connection, of: Portfolio) -> tuple[Line, ...]:
    found = changes.newest(connection, of.id, LINES_MOST)
    people = persons.by_ids(connection, [each.by for each in found if each.by])
    return tuple(
        Line(
            int(each.at.timestamp()),
            people[each.by].identity if each.by else None,
            each.what,
            each.facts,
            each.reason,
        )
        for each in found
    )
