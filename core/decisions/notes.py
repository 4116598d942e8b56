"""Notes: what was added to a record, and what arrived between the close and the decision. Nothing is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select

from core.decisions.tables import note
from core.rows import Prepared


class Kind(StrEnum):
    ADDENDUM = "addendum"
    LATE = "late"


@dataclass(frozen=True)
class Note:
    kind: Kind
    by: int
    at: datetime
    text: str
    links: Sequence[str]


_NOTES = Prepared(
    select(*(note.c[name] for name in Note.__dataclass_fields__))
    .where(note.c.decision_id == bindparam("decision"))
    .order_by(note.c.id)
)


def write(connection: Connection, decision_id: int, written: Note) -> int:
    """The note's id."""
    values = {name: getattr(written, name) for name in Note.__dataclass_fields__}
    values |= {"decision_id": decision_id, "links": list(written.links)}
    return int(connection.execute(insert(note).values(values).returning(note.c.id)).scalar_one())


def on(connection: Connection, decision_id: int) -> list[Note]:
    """All notes on a decision, the oldest first."""
    found = _NOTES.named(connection, decision=decision_id)
    return [Note(Kind(kind), *said) for kind, *said in found]
