"""What admins did without moving money: who, to what, and why. Written down for good, like the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from core import texts
from core.people.persons import Person
from core.people.tables import act, person

REASON_MOST = 3000


@dataclass(frozen=True)
class Act:
    """``by`` is an identity; ``facts`` are what was before and after, where that says more than the kind."""

    kind: str
    about: str
    at: datetime
    by: str
    reason: str
    facts: Mapping[str, Any]


def write(
    connection: Connection,
    by: Person,
    kind: str,
    about: str,
    reason: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Raises Invalid for a reason that says nothing."""
    texts.check("reason", reason, REASON_MOST)
    values = {"kind": kind, "about": about, "at": now, "by": by.id, "reason": reason.strip()}
    connection.execute(insert(act).values(values | {"facts": dict(facts or {})}))


def newest(connection: Connection, most: int) -> list[Act]:
    """The last so many acts, the newest first."""
    return _found(connection, most)


def on(connection: Connection, about: str, most: int, *kinds: str) -> list[Act]:
    """The same, of those about one thing or person; of some kinds, if they are named."""
    return _found(connection, most, act.c.about == about, *([act.c.kind.in_(kinds)] if kinds else []))


def _found(connection: Connection, most: int, *conditions: ColumnElement[bool]) -> list[Act]:
    wanted = select(act, person.c.identity).join(person, person.c.id == act.c.by).where(*conditions)
    rows = connection.execute(wanted.order_by(act.c.id.desc()).limit(most))
    return [Act(row.kind, row.about, row.at, row.identity, row.reason, row.facts) for row in rows]
