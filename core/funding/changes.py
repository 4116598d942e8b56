"""The log of portfolios: who did what to which, when and why. Written down for good, like the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from core import texts
from core.funding.tables import portfolio_change

REASON_MOST = 3000


@dataclass(frozen=True)
class Change:
    """``by`` is the id of a person; without one the policy did it. ``facts`` are what the kind does not say."""

    id: int
    portfolio_id: int
    at: datetime
    by: int | None
    what: str
    facts: Mapping[str, Any]
    reason: str


def write(
    connection: Connection,
    portfolio_id: int,
    by: int | None,
    what: str,
    facts: Mapping[str, Any],
    reason: str,
    now: datetime,
    key: str | None = None,
) -> int:
    """The number of the line. Raises Invalid for a reason that says nothing. A key is written once."""
    texts.check("reason", reason, REASON_MOST)
    values = {"portfolio_id": portfolio_id, "at": now, "by": by, "what": what, "facts": dict(facts)}
    row = insert(portfolio_change).values(values | {"reason": reason.strip(), "key": key})
    written: int = connection.execute(row.returning(portfolio_change.c.id)).scalar_one()
    return written


def find(connection: Connection, key: str) -> Change | None:
    """What was written under this key."""
    found = connection.execute(select(*_KEPT).where(portfolio_change.c.key == key)).one_or_none()
    return Change(**found._asdict()) if found else None


def last(connection: Connection, portfolio_id: int, what: str) -> Change | None:
    """The newest line of this kind."""
    mine = (portfolio_change.c.portfolio_id == portfolio_id) & (portfolio_change.c.what == what)
    wanted = select(*_KEPT).where(mine).order_by(portfolio_change.c.id.desc()).limit(1)
    found = connection.execute(wanted).one_or_none()
    return Change(**found._asdict()) if found else None


def newest(connection: Connection, portfolio_id: int, most: int) -> list[Change]:
    """The last so many, the newest first."""
    mine = select(*_KEPT).where(portfolio_change.c.portfolio_id == portfolio_id)
    rows = connection.execute(mine.order_by(portfolio_change.c.id.desc()).limit(most))
    return [Change(**row._asdict()) for row in rows]


_KEPT = [portfolio_change.c[name] for name in Change.__dataclass_fields__]
