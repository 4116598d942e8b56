"""Ballots: how much one unit of each measure is worth to a decider. Sealed while they can be cast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.decisions.decision import Decision, State
from core.decisions.tables import ballot, reopening
from core.errors import NotOpen
from core.rows import Prepared

SEALED, NOT_REOPENED, REOPENED = "ballots_closed", "ballots_not_reopened", "ballots_reopened"


@dataclass(frozen=True)
class Ballot:
    """``weights`` are micro-units of the first measure's, by measure."""

    person: int
    at: datetime
    weights: Sequence[int]


@dataclass(frozen=True)
class Reopening:
    """When and why ballots could be cast again; ``closed_at`` is empty while they can."""

    id: int
    by: int
    at: datetime
    reason: str
    closed_at: datetime | None


_CAST = Prepared(
    select(ballot.c.person_id, ballot.c.at, ballot.c.weights)
    .where(ballot.c.decision_id == bindparam("decision"))
    .order_by(ballot.c.person_id, ballot.c.number)
)
_REOPENINGS = Prepared(
    select(*(reopening.c[name] for name in Reopening.__dataclass_fields__))
    .where(reopening.c.decision_id == bindparam("decision"))
    .order_by(reopening.c.id)
)


def cast(
    connection: Connection, decision_id: int, person_id: int, weights: Sequence[int], now: datetime
) -> None:
    """What was cast before is kept beside it."""
    mine = (ballot.c.decision_id == decision_id) & (ballot.c.person_id == person_id)
    kept = connection.execute(select(func.count()).select_from(ballot).where(mine)).scalar_one()
    values = {"decision_id": decision_id, "person_id": person_id, "at": now, "weights": list(weights)}
    connection.execute(insert(ballot).values(number=kept + 1, **values))


def newest(connection: Connection, decision_id: int, before: datetime | None = None) -> list[Ballot]:
    """The newest of each person; of those that were cast before a time, if one is named."""
    found = [Ballot(*row) for row in _CAST.named(connection, decision=decision_id)]
    return list({each.person: each for each in found if before is None or each.at < before}.values())


def find(connection: Connection, decision_id: int, person_id: int) -> Ballot | None:
    """A person's newest."""
    return next((each for each in newest(connection, decision_id) if each.person == person_id), None)


def reopenings(connection: Connection, decision_id: int) -> list[Reopening]:
    """The oldest first."""
    return [Reopening(*row) for row in _REOPENINGS.named(connection, decision=decision_id)]


def is_open(decision: Decision, reopened: Sequence[Reopening], now: datetime) -> bool:
    """Whether ballots can be cast: until the close, and again while they are reopened, until it is recorded."""
    if decision.state == State.OPEN:
        return now < decision.terms.closes_at
    return decision.record is None and bool(reopened) and reopened[-1].closed_at is None


def require_open(connection: Connection, decision: Decision, now: datetime) -> None:
    """Raises NotOpen unless ballots can be cast."""
    if not is_open(decision, reopenings(connection, decision.id), now):
        raise NotOpen("decision", decision.name, SEALED)


def reopen(connection: Connection, decision: Decision, person_id: int, reason: str, now: datetime) -> None:
    """Raises NotOpen where they are open."""
    if is_open(decision, reopenings(connection, decision.id), now):
        raise NotOpen("decision", decision.name, REOPENED)
    values = {"decision_id": decision.id, "by": person_id, "at": now, "reason": reason}
    connection.execute(insert(reopening).values(values))


def close(connection: Connection, decision: Decision, person_id: int, now: datetime) -> None:
    """Ends what was reopened. Raises NotOpen where nothing is."""
    this = (reopening.c.decision_id == decision.id) & reopening.c.closed_at.is_(None)
    if not connection.execute(
        update(reopening).where(this).values(closed_by=person_id, closed_at=now)
    ).rowcount:
        raise NotOpen("decision", decision.name, NOT_REOPENED)
