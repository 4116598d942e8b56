"""Drawing: a lottery decides by a seed that was committed to and a beacon that nobody could know.

A draw is like a record: it is posted with all that it takes to check it, and has its effect once its challenge window
is over. Nobody vetoes it, and nobody changes the value that it was drawn by, since the seed is known then; where that was
misread, or what was drawn was not carried out, a breach is recorded, and what was drawn settles all the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.decisions import lotteries
from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN, DRAWN, NONE
from core.decisions.decision import Decision, State
from core.decisions.lotteries import Beacon, Draw
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import deciding, sending, statements, telling
from core.people import persons
from core.people.persons import Person
from core.pricing.lottery import Lottery

__all__ = [
    "Awaited",
    "Beacon",
    "Draw",
    "ask",
    "awaited",
    "breach",
    "draw",
    "misread",
    "missed",
    "take_effect",
]

VALUE_MOST, REASON_MOST = 200, 3000
ASKED_AFTER = 5  # So many tries in vain, over a quarter of an hour.
PAUSE, PAUSE_MOST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Awaited:
    """A beacon whose value is to be fetched now."""

    decision_id: int
    beacon: Beacon


def awaited(connection: Connection, by: str, now: datetime) -> list[Awaited]:
    """The beacons that are due to be asked; ``by`` is the surface that will ask them."""
    del by
    found = [decisions.get(connection, each) for each in lotteries.to_be_fetched(connection, now)]
    return [
        Awaited(each.id, lotteries.get(connection, each.id).beacon)
        for each in found
        if not _is_too_late(each, now)
    ]


def missed(connection: Connection, decision_id: int, tried_at: datetime, now: datetime) -> None:
    """A beacon was asked in vain: it is asked again after a pause that doubles, and after a while the deciders are."""
    decision = decisions.lock(connection, decision_id)
    if not _is_due(connection, decision, now):
        return
    kept = lotteries.get(connection, decision_id)
    if kept.next_try_at and tried_at < kept.next_try_at:  # Another process has noted it.
        return
    tries = kept.tries + 1
    lotteries.missed(connection, decision_id, tries, now + min(PAUSE * 2 ** min(kept.tries, 10), PAUSE_MOST))
    if tries >= ASKED_AFTER and not kept.asked_at:
        _ask_deciders(connection, decision, now)


def ask(connection: Connection, decision_id: int, now: datetime) -> None:
    """Asks the deciders for the value of a beacon that nothing fetches."""
    decision = decisions.lock(connection, decision_id)
    if _is_due(connection, decision, now) and not lotteries.get(connection, decision_id).asked_at:
        _ask_deciders(connection, decision, now)


def draw(connection: Connection, decision_id: int, value: str, now: datetime) -> Draw:
    """Draws by the value that was fetched from the beacon itself. Raises Unknown, NotOpen, Invalid."""
    decision = require_due(connection, decision_id, now)
    return draw_by(connection, decision, value, None, None, now)


def require_due(connection: Connection, decision_id: int, now: datetime) -> Decision:
    """The decision, closed and locked, that is drawn once the beacon's value is known. Raises Unknown, NotOpen."""
    decision = decisions.lock(connection, decision_id)
    require_lottery(decision)
    if decision.state == State.OPEN and now < decision.terms.closes_at:
        raise NotOpen("decision", decision.name, "still_open", decision.terms.closes_at)
    deciding.close(connection, decision_id, now)  # Whether or not the scheduler has noticed.
    decision = decisions.get(connection, decision_id)
    decision.require(State.CLOSED)
    if decision.record or not decision.awaits_draw or lotteries.draws(connection, decision_id):
        raise NotOpen("decision", decision.name, "recorded" if decision.record else "drawn_already")
    if now >= decision.terms.decide_by:
        raise NotOpen("decision", decision.name, "overdue", decision.terms.decide_by)
    if _is_too_late(decision, now):
        raise NotOpen("decision", decision.name, "late_to_draw", decision.terms.decide_by)
    return decision


def misread(
    connection: Connection, by: str, decision_id: int, value: str, reason: str, now: datetime
) -> None:
    """Records that the beacon said something else than what was drawn by; the draw stands all the same.

    The seed is known by then, so whoever could change the value could choose what it draws.
    Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = _decider_or_admin(connection, decision, by, "misread", now)
    drawn = lotteries.draws(connection, decision_id)
    if not drawn:
        raise NotOpen("decision", decision.name, "undrawn")
    should = checked(value)
    if should == drawn[-1].beacon_value:
        raise Invalid("beacon_value", "no_change")
    texts.check("reason", reason, REASON_MOST)
    said = {"before": drawn[-1].beacon_value, "after": should, "reason": reason.strip()}
    made = lotteries.keep_breach(connection, decision_id, "misread", said, person.id, now)
    option_id = drawn[-1].option_id
    option = None if option_id is None else decision.option(option_id).name
    facts = said | {"by": person.identity, "option": option}
    telling.everywhere(connection, decision, "misread", facts, now, str(made.number))


def breach(connection: Connection, by: str, decision_id: int, what: str, now: datetime) -> None:
    """Records that what was drawn was not carried out; it is settled by what was drawn all the same.

    Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = _decider_or_admin(connection, decision, by, "breach", now)
    if not decision.is_drawn or decision.taken is None:
        raise NotOpen("decision", decision.name, "not_drawn")
    texts.check("reason", what, REASON_MOST)
    said = {"reason": what.strip()}
    made = lotteries.keep_breach(connection, decision_id, "not_carried_out", said, person.id, now)
    facts = {"option": decision.taken.name, "reason": what.strip(), "by": person.identity}
    telling.everywhere(connection, decision, "breach", facts, now, str(made.number))


def take_effect(connection: Connection, decision_id: int, now: datetime) -> None:
    """Once a draw is final: what was drawn lives on alone, or without a draw all that people can still choose."""
    decision = decisions.lock(connection, decision_id)
    made = lotteries.draws(connection, decision_id)
    if decision.state != State.CLOSED or not decision.awaits_draw or not made or now < made[-1].final_at:
        return
    option_id = made[-1].option_id
    if option_id is None:
        live, state = [b.id for b in decision.branches if b.kind in (CHOSEN, NONE)], State.CLOSED
    else:
        live, state = [decision.branch_of(option_id, DRAWN).id], State.DRAWN
    after = deciding.let_live(connection, decision, live, state)
    if after:
        telling.everywhere(connection, after, "draw_took_effect", _effect(after), now)


def _effect(after: Decision) -> dict[str, Any]:
    return {
        "option": after.taken.name if after.taken else None,
        "decide_by": int(after.terms.decide_by.timestamp()),
        "freezes_at": int(after.terms.freezes_at.timestamp()),
    }


def draw_by(
    connection: Connection,
    decision: Decision,
    value: str,
    first: Person | None,
    second: Person | None,
    now: datetime,
) -> Draw:
    """Draws by a value that two people read alike, or that was fetched. Raises NotOpen, Invalid."""
    value = checked(value)
    seed = lotteries.seed(connection, decision.id)
    digest, index = statements.draw_by(require_lottery(decision), seed, value, decision.name)
    option_id = None if index is None else decision.options[index].id
    final_at = now + timedelta(seconds=decision.terms.record_challenge_seconds)
    made = Draw(1, option_id, value, digest, first.id if first else None, None, now, final_at)
    lotteries.keep_draw(connection, decision.id, made)
    decide_by = decision.terms.decide_by
    if (
        option_id is None and final_at >= decide_by
    ):  # Else nobody would be left to decide what the draw left to people.
        decide_by = final_at + (final_at - now)
        decisions.set_dates(connection, decision.id, {"decide_by": decide_by})
    facts = {
        "statement": statements.statement(connection, decision, made),
        "option": None if option_id is None else decision.option(option_id).name,
        "by": first.identity if first else None,
        "confirmed_by": second.identity if second else None,
        "final_at": int(final_at.timestamp()),
        "decide_by": int(decide_by.timestamp()),
        "decide_by_before": int(decision.terms.decide_by.timestamp()),
    }
    sending.answer(connection, decision, now)
    telling.everywhere(connection, decision, "draw", facts, now)
    return made


def checked(value: str) -> str:
    """The value as it is hashed. Raises Invalid for what two people could type in two ways."""
    texts.check("beacon_value", value, VALUE_MOST)
    if not (value.isascii() and value.isprintable()):
        raise Invalid("beacon_value", "ascii")
    return value.strip()


def require_lottery(decision: Decision) -> Lottery:
    """Raises NotOpen where people always decide."""
    if decision.lottery is None:
        raise NotOpen("decision", decision.name, "no_lottery")
    return decision.lottery


def _is_too_late(decision: Decision, now: datetime) -> bool:
    """Whether people could not decide and be final before the freeze, if a draw now left it to them.

    It does not depend on what would be drawn, or some draws would be easier to come by than others.
    """
    window = timedelta(seconds=decision.terms.record_challenge_seconds)
    is_final_in_time = now + window < decision.terms.decide_by
    return not is_final_in_time and now + 3 * window > decision.terms.freezes_at


def _is_due(connection: Connection, decision: Decision, now: datetime) -> bool:
    """Whether it waits for a beacon's value."""
    is_over = decision.state != State.CLOSED or decision.record is not None or not decision.awaits_draw
    return not is_over and now < decision.terms.decide_by and not lotteries.draws(connection, decision.id)


def _decider_or_admin(connection: Connection, decision: Decision, by: str, act: str, now: datetime) -> Person:
    person = persons.enrol(connection, by, now)
    if person.id not in decision.deciders and not person.is_admin:
        raise NotAllowed(act, "deciders_or_admins")
    return person


def _ask_deciders(connection: Connection, decision: Decision, now: datetime) -> None:
    lotteries.asked(connection, decision.id, now)
    for person in persons.by_ids(connection, decision.deciders).values():
        if not person.has_left:
            ask_for_value(connection, decision, person, f"beacon_due:{decision.name}:{person.id}", None, now)


def ask_for_value(
    connection: Connection, decision: Decision, person: Person, key: str, read_by: str | None, now: datetime
) -> None:
    """Asks somebody for the beacon's value; ``read_by`` is who typed it first, where it waits for a second one."""
    said = {
        "decision_id": decision.id,
        "question": decision.terms.question,
        "decide_by": int(decision.terms.decide_by.timestamp()),
        "read_by": read_by,
        **statements.public(connection, decision),
    }
    lanes.announce(connection, key, "beacon_due", decision.name, person.identity, said, now)
