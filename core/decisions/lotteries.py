"""Lotteries as they are kept: what each draws by, what people read of its beacon, every draw, and every breach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, insert, select, update

from core.decisions.branches import DRAWN
from core.decisions.decision import State
from core.decisions.tables import branch, breach, decision, draw, lottery, record
from core.pricing.lottery import commitment


@dataclass(frozen=True)
class Beacon:
    """A public source of chance, and the round whose value counts, named before anybody trades.

    Without a URL the value is pasted, by two people alike. ``value_at`` says where it stands in the JSON there (JMESPath).
    """

    name: str
    round: str
    url: str = ""
    value_at: str = ""


class Kept(NamedTuple):
    """What is public of a lottery, how often its beacon was asked in vain, and when the deciders were asked."""

    beacon: Beacon
    commitment: str
    tries: int
    next_try_at: datetime | None
    asked_at: datetime | None


@dataclass(frozen=True)
class Draw:
    """What was drawn; without an option people decide. ``pasted_by`` is empty for a value that was fetched.

    ``number`` and ``reason`` tell draws apart that were made anew, as it was once possible.
    """

    number: int
    option_id: int | None
    beacon_value: str
    digest: str
    pasted_by: int | None
    reason: str | None
    drawn_at: datetime
    final_at: datetime


@dataclass(frozen=True)
class Breach:
    """``kind`` is no_beacon, misread or not_carried_out; nobody recorded what time did."""

    number: int
    kind: str
    what: Mapping[str, Any]
    recorded_by: int | None
    recorded_at: datetime


class Word(StrEnum):
    """What somebody who typed a beacon's value did by that: the first proposed it, the second made it draw, or not."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Typed(NamedTuple):
    """A beacon's value as somebody, a person's id, typed it."""

    number: int
    word: Word
    value: str
    by: int
    at: datetime


def create(connection: Connection, decision_id: int, beacon: Beacon, seed: bytes) -> None:
    values = {
        "seed": seed.hex(),
        "commitment": commitment(seed),
        "beacon": beacon.name,
        "round": beacon.round,
        "url": beacon.url,
        "value_at": beacon.value_at,
        "tries": 0,
    }
    connection.execute(insert(lottery).values(values | {"decision_id": decision_id}))


def get(connection: Connection, decision_id: int) -> Kept:
    """Of a decision that a lottery may decide."""
    of = lottery.c
    wanted = select(
        of.beacon, of.round, of.url, of.value_at, of.commitment, of.tries, of.next_try_at, of.asked_at
    )
    name, round_, url, value_at, *rest = connection.execute(wanted.where(of.decision_id == decision_id)).one()
    return Kept(Beacon(name, round_, url, value_at), *rest)


def seed(connection: Connection, decision_id: int) -> bytes:
    """Its secret until it is drawn."""
    kept = connection.execute(select(lottery.c.seed).where(lottery.c.decision_id == decision_id))
    return bytes.fromhex(kept.scalar_one())


def missed(connection: Connection, decision_id: int, tries: int, next_try_at: datetime) -> None:
    """The beacon was asked in vain so many times, and is asked again then."""
    _change(connection, decision_id, tries=tries, next_try_at=next_try_at)


def asked(connection: Connection, decision_id: int, now: datetime) -> None:
    _change(connection, decision_id, asked_at=now)


def awaited(*conditions: Any) -> Any:
    """Ids of decisions that a lottery is to decide now, and whose beacon's value is not there."""
    is_recorded = exists().where(record.c.decision_id == decision.c.id)
    return (
        select(decision.c.id)
        .join(lottery, lottery.c.decision_id == decision.c.id)
        .where(decision.c.state == State.CLOSED.value, ~is_made(), ~is_recorded, *conditions)
    )


def to_be_asked(now: Any) -> Any:
    """Those whose beacon nothing fetches, and whose deciders were not asked yet."""
    return awaited(lottery.c.url == "", lottery.c.asked_at.is_(None), decision.c.decide_by > now)


def to_be_fetched(connection: Connection, now: datetime) -> list[int]:
    """Those whose beacon is to be asked now."""
    is_time = lottery.c.next_try_at.is_(None) | (lottery.c.next_try_at <= now)
    wanted = awaited(lottery.c.url != "", is_time, decision.c.decide_by > now)
    return list(connection.execute(wanted.order_by(decision.c.id)).scalars())


def taking_effect(now: Any) -> Any:
    """Decisions whose newest draw is final and has had no effect yet."""
    last = select(func.max(draw.c.final_at)).where(draw.c.decision_id == decision.c.id).scalar_subquery()
    return select(decision.c.id).where(decision.c.state == State.CLOSED.value, last <= now, is_alive())


def is_alive() -> Any:
    """Whether a decision has live branches of a lottery."""
    return exists().where(branch.c.decision_id == decision.c.id, branch.c.kind == DRAWN, branch.c.is_live)


def is_made() -> Any:
    """Whether there is a draw for a decision."""
    return exists().where(draw.c.decision_id == decision.c.id)


def draws(connection: Connection, decision_id: int) -> list[Draw]:
    """All draws of a decision; the last one counts."""
    found = connection.execute(select(draw).where(draw.c.decision_id == decision_id).order_by(draw.c.number))
    return [Draw(*(getattr(row, name) for name in Draw.__dataclass_fields__)) for row in found]


def keep_draw(connection: Connection, decision_id: int, made: Draw) -> None:
    values = {name: getattr(made, name) for name in Draw.__dataclass_fields__}
    connection.execute(insert(draw).values(values | {"decision_id": decision_id}))


def breaches(connection: Connection, decision_id: int) -> list[Breach]:
    return [each for each in _noted(connection, decision_id) if each.kind not in set(Word)]


def typed(connection: Connection, decision_id: int) -> list[Typed]:
    """Whatever somebody typed as the beacon's value, in its order."""
    return [
        Typed(each.number, Word(each.kind), each.what["value"], each.recorded_by or 0, each.recorded_at)
        for each in _noted(connection, decision_id)
        if each.kind in set(Word)
    ]


def proposed(connection: Connection, decision_id: int) -> Typed | None:
    """The value that waits for a second person to type the same."""
    found = typed(connection, decision_id)
    return found[-1] if found and found[-1].word == Word.PROPOSED else None


def keep_typed(
    connection: Connection, decision_id: int, word: Word, value: str, by: int, now: datetime
) -> Typed:
    made = keep_breach(connection, decision_id, word, {"value": value}, by, now)
    return Typed(made.number, word, value, by, now)


def keep_breach(
    connection: Connection,
    decision_id: int,
    kind: str,
    what: Mapping[str, Any],
    by: int | None,
    now: datetime,
) -> Breach:
    made = Breach(len(_noted(connection, decision_id)) + 1, kind, what, by, now)
    values = {name: getattr(made, name) for name in Breach.__dataclass_fields__}
    connection.execute(insert(breach).values(values | {"decision_id": decision_id}))
    return made


def _noted(connection: Connection, decision_id: int) -> list[Breach]:
    """Breaches, and what was typed, since one table keeps both for good."""
    found = connection.execute(
        select(breach).where(breach.c.decision_id == decision_id).order_by(breach.c.number)
    )
    return [Breach(*(getattr(row, name) for name in Breach.__dataclass_fields__)) for row in found]


def _change(connection: Connection, decision_id: int, **values: object) -> None:
    connection.execute(update(lottery).where(lottery.c.decision_id == decision_id).values(**values))
