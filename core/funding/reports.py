"""The subsidy reports that were sent, as they were: facts that nobody changes, and the journal's head at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from core.database import EPOCH
from core.funding.days import is_told_of
from core.funding.tables import portfolio, portfolio_day, subsidy_report
from core.rows import Prepared

WEEK = timedelta(days=7)

_kept = subsidy_report.c


@dataclass(frozen=True)
class Kept:
    """The report of a portfolio with this number, counted from 1."""

    portfolio_id: int
    number: int
    at: datetime
    facts: Mapping[str, Any]
    head: str


def keep(
    connection: Connection,
    portfolio_id: int,
    due_for: datetime,
    facts: Mapping[str, Any],
    head: str,
    now: datetime,
) -> int:
    """Its number. To be called with the portfolio locked, so that numbers follow each other."""
    newest = select(func.max(_kept.number)).where(_kept.portfolio_id == portfolio_id)
    number: int = (connection.execute(newest).scalar() or 0) + 1
    values = {"portfolio_id": portfolio_id, "number": number, "due_for": due_for, "at": now}
    connection.execute(insert(subsidy_report).values(values | {"facts": dict(facts), "head": head}))
    return number


def find(connection: Connection, portfolio_id: int, number: int) -> Kept | None:
    columns = (_kept.portfolio_id, _kept.number, _kept.at, _kept.facts, _kept.head)
    wanted = select(*columns).where(_kept.portfolio_id == portfolio_id, _kept.number == number)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Kept(*row)


def due_for(connection: Connection, portfolio_id: int, now: datetime) -> datetime | None:
    """The date for which a report is due, if it was not sent: the last week or period of the portfolio that is over."""
    return dict(_dates(connection, now)).get(portfolio_id)


def due(connection: Connection, now: datetime) -> list[int]:
    """Portfolios of which a report is due, among those that are told to somebody."""
    return [portfolio_id for portfolio_id, _ in _dates(connection, now)]


def _dates(connection: Connection, now: datetime) -> list[tuple[int, datetime]]:
    """What was missed while nothing ran is not made up: the last date that came stands for all."""
    found = []
    for row in _NEWEST.named(connection):
        last = max(_last(row.since, each, now) for each in (WEEK, timedelta(days=row.period_days)))
        begun = row.since if row.since > EPOCH else row.first_day  # The first portfolio is as old as time.
        if begun and last > max(begun, row.newest or begun):
            found.append((row.id, last))
    return found


def _last(since: datetime, step: timedelta, now: datetime) -> datetime:
    return since + (now - since) // step * step


_OF_IT = portfolio_day.c.portfolio_id == portfolio.c.id
_FIRST_DAY = select(func.min(portfolio_day.c.at)).where(_OF_IT).scalar_subquery()
_NEWEST = Prepared(
    select(
        portfolio.c.id,
        portfolio.c.since,
        portfolio.c.period_days,
        func.max(_kept.due_for).label("newest"),
        _FIRST_DAY.label("first_day"),
    )
    .outerjoin(subsidy_report, _kept.portfolio_id == portfolio.c.id)
    .where(is_told_of())
    .group_by(portfolio.c.id, portfolio.c.since, portfolio.c.period_days)
    .order_by(portfolio.c.id)
)
