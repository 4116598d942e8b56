"""Pasting: the value of a beacon that nothing fetches draws once two people have typed the same.

The seed stays secret until then, so that nobody can choose a value for what it would draw.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import lotteries
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.decisions.lotteries import Draw, Typed, Word
from core.errors import Invalid, NotAllowed
from core.exchange import affected, definers, disinterest, drawing, telling
from core.people import persons
from core.people.persons import Person

__all__ = ["Pasted", "Word", "paste"]


@dataclass(frozen=True)
class Pasted:
    """What came of a value that somebody typed: whether it was the first, the same or another, and the draw."""

    word: Word
    draw: Draw | None = None


def paste(connection: Connection, by: str, decision_id: int, value: str, now: datetime) -> Pasted:
    """A decider types the beacon's value; a second person without a stake types it too, and the same draws.

    Where they typed two values both are told, and neither counts. Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    first = lotteries.proposed(connection, decision_id)
    if first is None:
        decision.require_decider(person.id, "draw")
    else:
        _require_second(connection, decision, first, person)
    decision = drawing.require_due(connection, decision_id, now)
    value = drawing.checked(value)
    if first is None:
        return _propose(connection, decision, value, person, now)
    proposer = persons.by_ids(connection, [first.by])[first.by]
    if value != first.value:
        return _dispute(connection, decision, (first.value, value), (proposer, person), now)
    lotteries.keep_typed(connection, decision_id, Word.CONFIRMED, value, person.id, now)
    made = drawing.draw_by(connection, decision, value, proposer, person, now)
    return Pasted(Word.CONFIRMED, made)


def _propose(connection: Connection, decision: Decision, value: str, by: Person, now: datetime) -> Pasted:
    """Everybody else who may type it is asked to. Raises Invalid where there is nobody."""
    asked = _others(connection, decision, by.id)
    if not asked:
        raise Invalid("beacon_value", "second_reader")
    made = lotteries.keep_typed(connection, decision.id, Word.PROPOSED, value, by.id, now)
    kept = lotteries.get(connection, decision.id).beacon
    facts = {
        "by": by.identity,
        "beacon_value": value,
        "beacon": kept.name,
        "url": kept.url,
        "round": kept.round,
        "decide_by": int(decision.terms.decide_by.timestamp()),
    }
    telling.everywhere(connection, decision, "beacon_read", facts, now, str(made.number))
    for each in asked:
        key = f"beacon_due:{decision.name}.{made.number}:{each.id}"
        drawing.ask_for_value(connection, decision, each, key, by.identity, now)
    return Pasted(Word.PROPOSED)


def _dispute(
    connection: Connection,
    decision: Decision,
    values: tuple[str, str],
    people: tuple[Person, Person],
    now: datetime,
) -> Pasted:
    """It begins anew: whoever reads it next is the first again."""
    made = lotteries.keep_typed(connection, decision.id, Word.DISPUTED, values[1], people[1].id, now)
    facts = {
        "values": list(values),
        "people": [each.identity for each in people],
        "decide_by": int(decision.terms.decide_by.timestamp()),
    }
    telling.everywhere(connection, decision, "beacon_disputed", facts, now, str(made.number))
    return Pasted(Word.DISPUTED)


def _require_second(connection: Connection, decision: Decision, first: Typed, person: Person) -> None:
    """Raises NotAllowed for whoever may not confirm what somebody else read."""
    if person.id == first.by:
        raise NotAllowed("draw", "own_value")
    if person.id not in decision.deciders and not person.is_admin:
        raise NotAllowed("draw", "deciders_or_admins")
    if _has_stake(connection, decision, person):
        disinterest.refuse("draw", _others(connection, decision, first.by))


def _others(connection: Connection, decision: Decision, first: int) -> list[Person]:
    """Who may type what somebody, of this id, typed first."""
    return [
        each
        for each in definers.approvers(connection, decision)
        if each.id != first and not each.has_left and not _has_stake(connection, decision, each)
    ]


def _has_stake(connection: Connection, decision: Decision, person: Person) -> bool:
    return affected.has_stake(connection, person.id, decision, ())
