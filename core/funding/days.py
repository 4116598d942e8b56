"""What portfolios had day by day: a budget over time, which the journal could only tell entry by entry."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, exists, insert, select

from core.funding.tables import backing, portfolio, portfolio_day, spender

DAYS_MOST = 400


@dataclass(frozen=True)
class Day:
    """Micro-credits at a moment of that day; ``at`` in seconds since 1970."""

    at: int
    free: int
    reserved: int
    lost: int


def number(now: datetime) -> int:
    """The day that a moment lies in, UTC."""
    return now.astimezone(UTC).date().toordinal() - datetime(1970, 1, 1, tzinfo=UTC).date().toordinal()


def keep(connection: Connection, portfolio_id: int, free: int, held: int, lost: int, now: datetime) -> None:
    """To be called once a day."""
    values = {"portfolio_id": portfolio_id, "day": number(now), "at": now}
    had = {"free": free, "reserved": held, "lost": lost}
    connection.execute(insert(portfolio_day).values(values | had))


def is_kept(connection: Connection, portfolio_id: int, now: datetime) -> bool:
    this = (portfolio_day.c.portfolio_id == portfolio_id) & (portfolio_day.c.day >= number(now))
    return connection.execute(select(portfolio_day.c.day).where(this)).first() is not None


def read(connection: Connection, portfolio_id: int) -> list[Day]:
    """The last ones there are, the oldest first."""
    kept = portfolio_day.c
    mine = select(kept.at, kept.free, kept.reserved, kept.lost).where(kept.portfolio_id == portfolio_id)
    rows = connection.execute(mine.order_by(kept.day.desc()).limit(DAYS_MOST)).all()
    return [Day(int(row.at.timestamp()), row.free, row.reserved, row.lost) for row in reversed(rows)]


def is_told_of() -> ColumnElement[bool]:
    """Whether a portfolio is reported on by itself: where a channel or people are named, or once it has backed something."""
    has_backed = exists().where(backing.c.portfolio_id == portfolio.c.id)
    has_spenders = exists().where(spender.c.portfolio_id == portfolio.c.id)
    return portfolio.c.address.is_not(None) | has_spenders | has_backed


def missing(day: BindParameter[int]) -> Any:
    """Portfolios that are reported on, and of which nothing is kept for this day yet."""
    kept = (portfolio_day.c.portfolio_id == portfolio.c.id) & (portfolio_day.c.day >= day)
    return select(portfolio.c.id).where(~exists().where(kept), is_told_of())
