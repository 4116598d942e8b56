"""Which portfolio pays for what, named once at opening; and what that came to in the end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from core.funding import portfolios
from core.funding.portfolios import Portfolio
from core.funding.tables import backing, spent


@dataclass(frozen=True)
class Cost:
    """What a settled market cost, micro-credits; below zero, it brought something."""

    amount: int
    at: datetime


def back_decision(connection: Connection, portfolio_id: int, decision_id: int) -> None:
    """It pays for all branches of the decision, and gets back what their makers have left."""
    connection.execute(insert(backing).values(portfolio_id=portfolio_id, decision_id=decision_id))


def back_question(connection: Connection, portfolio_id: int, market_id: int) -> None:
    """The same of a market that hangs on no decision."""
    connection.execute(insert(backing).values(portfolio_id=portfolio_id, market_id=market_id))


def of_decision(connection: Connection, decision_id: int) -> Portfolio:
    """The portfolio that pays for the decision."""
    return _of(connection, backing.c.decision_id == decision_id)


def of_question(connection: Connection, market_id: int) -> Portfolio:
    """The same of a market that hangs on no decision."""
    return _of(connection, backing.c.market_id == market_id)


def of_market(connection: Connection, market_id: int, decision_id: int | None) -> Portfolio:
    """The same of any market, by the decision that it hangs on, if it does."""
    return of_question(connection, market_id) if decision_id is None else of_decision(connection, decision_id)


def spend(connection: Connection, portfolio_id: int, market_id: int, amount: int, now: datetime) -> None:
    """Keeps what a market that is settled cost its portfolio; below zero, what it brought."""
    values = {"portfolio_id": portfolio_id, "market_id": market_id, "amount": amount, "at": now}
    connection.execute(insert(spent).values(values))


def costs(connection: Connection, portfolio_id: int, since: datetime) -> int:
    """What its markets that were settled since then cost it together."""
    mine = (spent.c.portfolio_id == portfolio_id) & (spent.c.at >= since)
    found = connection.execute(select(func.sum(spent.c.amount)).where(mine)).scalar_one()
    return int(found or 0)


def newest_costs(connection: Connection, portfolio_id: int, most: int) -> dict[int, Cost]:
    """What the last so many of its markets cost that were settled, by market; the newest first."""
    mine = select(spent.c.market_id, spent.c.amount, spent.c.at).where(spent.c.portfolio_id == portfolio_id)
    newest = mine.order_by(spent.c.at.desc(), spent.c.market_id.desc()).limit(most)
    return {row.market_id: Cost(row.amount, row.at) for row in connection.execute(newest)}


def _of(connection: Connection, is_backed: ColumnElement[bool]) -> Portfolio:
    found = connection.execute(select(backing.c.portfolio_id).where(is_backed)).scalar_one()
    return portfolios.get(connection, found)
