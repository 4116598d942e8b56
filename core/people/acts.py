"""What admins did without moving money: who, to what, and why. Written down for good, like the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

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
    wanted = select(act, person.c.identity).join(person, person.c.id == act.c.by)
    rows = connection.execute(wanted.order_by(act.c.id.desc()).limit(most))
    return [Act(row.kind, row.about, row.at, row.identity, row.reason, row.facts) for row in rows]
