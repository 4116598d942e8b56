"""The reports that were sent, as they were: facts that nobody changes, and the journal's head at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from core.decisions.tables import report
from core.rows import Prepared

NUMBER_MOST = 2**31 - 1


class Occasion(StrEnum):
    SCHEDULE = "schedule"
    MOVE = "move"
    CLOSE = "close"


@dataclass(frozen=True)
class Kept:
    """The report of a decision with this number, counted from 1."""

    decision_id: int
    number: int
    occasion: Occasion
    at: datetime
    facts: Mapping[str, Any]
    head: str


def keep(
    connection: Connection,
    decision_id: int,
    occasion: Occasion,
    facts: Mapping[str, Any],
    head: str,
    now: datetime,
) -> None:
    """To be called with the decision locked, so that numbers follow each other."""
    numbers = select(func.max(report.c.number)).where(report.c.decision_id == decision_id)
    number = (connection.execute(numbers).scalar() or 0) + 1
    said = {"occasion": occasion, "at": now, "facts": dict(facts), "head": head}
    connection.execute(insert(report).values(decision_id=decision_id, number=number, **said))


def newest(connection: Connection, decision_id: int) -> Kept | None:
    """The last one that was sent."""
    return next((_kept(row) for row in _NEWEST.named(connection, decision=decision_id)), None)


def newest_of(connection: Connection, decision_id: int, occasion: Occasion) -> datetime | None:
    """When the last one of that occasion was sent."""
    sent = select(func.max(report.c.at)).where(_OF, report.c.occasion == occasion)
    found: datetime | None = connection.execute(sent, {"decision": decision_id}).scalar()
    return found


def find(connection: Connection, decision_id: int, number: int) -> Kept | None:
    wanted = select(report).where(_OF, report.c.number == number)
    row = connection.execute(wanted, {"decision": decision_id}).one_or_none()
    return None if row is None else _kept(row)


def page(connection: Connection, decision_id: int, below: int, most: int) -> list[Kept]:
    """The first few with a number below this one; the newest at the top."""
    wanted = select(report).where(_OF, report.c.number < below).order_by(report.c.number.desc()).limit(most)
    return [_kept(row) for row in connection.execute(wanted, {"decision": decision_id})]


def _kept(row: Any) -> Kept:
    return Kept(row.decision_id, row.number, Occasion(row.occasion), row.at, row.facts, row.head)


_OF = report.c.decision_id == bindparam("decision")
_NEWEST = Prepared(select(report).where(_OF).order_by(report.c.number.desc()).limit(1))
