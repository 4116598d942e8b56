"""The schedules of open decisions as they are kept, each with the moments at which something is to be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from core.database import milliseconds
from core.decisions.schedule import Schedule
from core.decisions.tables import schedule
from core.rows import Prepared

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """When the next report is due by the clock, and when the spread can have moved by a step at the earliest.

    Empty: never; so it is of both once the decision no longer trades.
    """

    schedule: Schedule
    next_at: datetime | None
    look_at: datetime | None


def create(connection: Connection, decision_id: int, of: Schedule, now: datetime) -> None:
    """The opening itself says what is priced, so for an hour no move is news."""
    values = {
        "decision_id": decision_id,
        "next_at": of.after(now),
        "look_at": now + HOUR if of.step else None,
    }
    connection.execute(insert(schedule).values(values | _columns(of)))


def get(connection: Connection, decision_id: int) -> Standing:
    """That of a decision; the usual one for those that ended before there were schedules."""
    for row in _OF.named(connection, decision=decision_id):
        return Standing(Schedule(row.cron, row.zone, row.step), row.next_at, row.look_at)
    return Standing(Schedule(), None, None)


def change(connection: Connection, decision_id: int, of: Schedule, now: datetime, look_at: datetime) -> None:
    """Another schedule from now on, and whether the spread moved is looked at anew."""
    moments = {"next_at": of.after(now), "look_at": look_at if of.step else None}
    _set(connection, decision_id, **_columns(of), **moments)


def came(connection: Connection, decision_id: int, next_at: datetime | None) -> None:
    """Its time has come, and the next one is this."""
    _set(connection, decision_id, next_at=next_at)


def looked(connection: Connection, decision_id: int, look_at: datetime) -> None:
    """Whether its spread moved was looked at, and the next look is then."""
    _set(connection, decision_id, look_at=look_at)


def end(connection: Connection, decision_id: int) -> None:
    """Nothing is due any more."""
    _set(connection, decision_id, next_at=None, look_at=None)


def due(connection: Connection, now: datetime) -> list[int]:
    """Ids of the decisions whose time has come."""
    return [decision_id for (decision_id,) in _DUE.rows(connection, now=milliseconds(now))]


def to_look_at(connection: Connection, now: datetime) -> list[int]:
    """Ids of the decisions whose spread can have moved by a step."""
    return [decision_id for (decision_id,) in _TO_LOOK_AT.rows(connection, now=milliseconds(now))]


def _set(connection: Connection, decision_id: int, **values: object) -> None:
    connection.execute(update(schedule).where(schedule.c.decision_id == decision_id).values(**values))


def _columns(of: Schedule) -> dict[str, Any]:
    return {"cron": of.cron, "zone": of.zone, "step": of.step}


def _up_to_now(moment: ColumnElement[Any]) -> Prepared:
    wanted = select(schedule.c.decision_id).where(moment <= bindparam("now"))
    return Prepared(wanted.order_by(moment, schedule.c.decision_id))


_OF = Prepared(select(schedule).where(schedule.c.decision_id == bindparam("decision")))
_DUE, _TO_LOOK_AT = _up_to_now(schedule.c.next_at), _up_to_now(schedule.c.look_at)
