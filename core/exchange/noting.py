"""Noting: what is added to a record, and what arrived between the close and the decision. A record itself is never edited."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from core import texts
from core.decisions import notes
from core.decisions import registry as decisions
from core.decisions.decision import Decision, State
from core.decisions.notes import Kind, Note
from core.errors import NotOpen
from core.exchange import telling
from core.exchange.deciders import Noted, OnRecord
from core.people import persons

__all__ = ["Kind", "note", "on_record"]

TEXT_MOST = 2000


def note(
    connection: Connection,
    by: str,
    decision_id: int,
    kind: Kind,
    text: str,
    links: Sequence[str],
    now: datetime,
) -> None:
    """Adds to the record, which deciders may; or logs what arrived late, which anybody may. Both channels are told.

    Raises Unknown, NotAllowed, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    if kind == Kind.ADDENDUM:
        decision.require_decider(person.id, "add_to_record")
        if decision.record is None:
            raise NotOpen("decision", decision.name, "unrecorded")
    elif decision.state == State.OPEN and now < decision.terms.closes_at:
        raise NotOpen("decision", decision.name, "not_closed", decision.terms.closes_at)
    texts.check("text", text, TEXT_MOST)
    texts.check_links("links", links)
    number = notes.write(connection, decision_id, Note(kind, person.id, now, text.strip(), links))
    facts = {"by": person.identity, "note": kind, "text": text.strip(), "links": list(links)}
    telling.everywhere(connection, decision, "noted", facts, now, f":{number}")


def on_record(connection: Connection, decision: Decision) -> OnRecord | None:
    """What was recorded and noted; None while it is open."""
    if decision.state == State.OPEN:
        return None
    made, found = decision.record, notes.on(connection, decision.id)
    recorded_by = made.recorded_by if made else None
    people = persons.by_ids(
        connection, {each.by for each in found} | ({recorded_by} if recorded_by else set())
    )
    return OnRecord(
        reason=made.reason if made else None,
        unpriced=made.unpriced if made else None,
        links=tuple(made.links) if made else (),
        by=people[recorded_by].identity if recorded_by else None,
        at=int(made.recorded_at.timestamp()) if made else None,
        notes=tuple(
            Noted(each.kind, people[each.by].identity, int(each.at.timestamp()), each.text, tuple(each.links))
            for each in found
        ),
    )
