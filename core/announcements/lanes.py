"""Announcements are written with what they announce, and told once, in order, one address at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from core.announcements.tables import announcement, lane

LEASE = timedelta(seconds=60)  # Longer than anybody waits for Slack to take a message.
CARD_PAUSE = timedelta(seconds=10)
CLAIM_MOST = 50

_announcement = announcement.c


class State(StrEnum):
    WAITING = "waiting"
    TOLD = "told"
    FAILED = "failed"


@dataclass(frozen=True)
class Announcement:
    """A fact for people at one address; ``receipt`` says where an older version of it stands.

    It is doubtful if whoever held its lane before did not give it back: it may have been told already.
    ``leased_until`` says how long the lane is its claimer's alone.
    """

    id: int
    key: str
    kind: str
    about: str
    address: str
    facts: Mapping[str, Any]
    version: int
    attempts: int
    receipt: Mapping[str, Any] | None
    is_doubtful: bool
    leased_until: datetime


_KEPT = [_announcement[name] for name in Announcement.__dataclass_fields__ if name in _announcement]


def announce(
    connection: Connection,
    key: str,
    kind: str,
    about: str,
    address: str,
    facts: Mapping[str, Any],
    due_at: datetime,
) -> bool:
    """Writes the announcement; False if its key was announced before."""
    if is_announced(connection, key):
        return False
    connection.execute(insert(announcement).values(_waiting(key, kind, about, address, facts, due_at)))
    return True


def is_announced(connection: Connection, key: str) -> bool:
    return connection.execute(select(_announcement.id).where(_announcement.key == key)).first() is not None


def receipt(connection: Connection, key: str) -> Mapping[str, Any] | None:
    """Where it stands, once it is told."""
    found: Mapping[str, Any] | None = connection.execute(
        select(_announcement.receipt).where(_announcement.key == key)
    ).scalar_one_or_none()
    return found


def renew(connection: Connection, key: str, kind: str, about: str, address: str, now: datetime) -> None:
    """Writes or renews a card: one announcement whose newest version is told, not more often than the pause allows.

    A card that already waits keeps its time, so a busy market is told every ten seconds and not put off for ever.
    """
    row = connection.execute(
        select(_announcement.id, _announcement.state, _announcement.due_at).where(_announcement.key == key)
    ).one_or_none()
    if row is None:
        connection.execute(insert(announcement).values(_waiting(key, kind, about, address, {}, now)))
        return
    due_at = row.due_at if row.state == State.WAITING else now + CARD_PAUSE
    changes = {"version": _announcement.version + 1, "state": State.WAITING, "due_at": due_at, "attempts": 0}
    connection.execute(update(announcement).where(_announcement.id == row.id).values(changes))


def revise(connection: Connection, key: str, changes: Mapping[str, Any], now: datetime) -> None:
    """What was announced under this key has changed: it is told anew, in the place where it stands; if it is anywhere."""
    row = connection.execute(
        select(_announcement.id, _announcement.state, _announcement.facts, _announcement.due_at).where(
            _announcement.key == key
        )
    ).one_or_none()
    if row is None or row.state == State.FAILED or row.facts == row.facts | changes:
        return
    renewed = {
        "facts": row.facts | changes,
        "version": _announcement.version + 1,
        "state": State.WAITING,
        "due_at": row.due_at if row.state == State.WAITING else now,
        "attempts": 0,
    }
    connection.execute(update(announcement).where(_announcement.id == row.id).values(renewed))


def claim(connection: Connection, but: Collection[str], now: datetime) -> list[Announcement]:
    """The due announcements of one free lane, oldest first, leased to the caller; empty if there are none.

    ``but`` are lanes that the caller is still telling: a clock that jumps must not let it claim them again.
    """
    due = (_announcement.state == State.WAITING) & (_announcement.due_at <= now)
    free = or_(lane.c.leased_until.is_(None), lane.c.leased_until <= now)
    address = connection.execute(
        select(_announcement.address)
        .outerjoin(lane, lane.c.address == _announcement.address)
        .where(due, free, _announcement.address.not_in(but))
        .order_by(_announcement.due_at, _announcement.id)
        .limit(1)
    ).scalar_one_or_none()
    if address is None:
        return []
    is_left = _take_over(connection, address, now)
    if not is_left and not _open(connection, address, now):
        return []
    rows = connection.execute(
        select(*_KEPT)
        .where(due, _announcement.address == address)
        .order_by(_announcement.due_at, _announcement.id)
        .limit(CLAIM_MOST)
    ).mappings()
    return [Announcement(**row, is_doubtful=is_left, leased_until=now + LEASE) for row in rows]


def backlog(connection: Connection, now: datetime) -> int:
    """How many are due and not told yet."""
    due = (_announcement.state == State.WAITING) & (_announcement.due_at <= now)
    return int(connection.execute(select(func.count()).where(due)).scalar_one())


def told(
    connection: Connection, claimed: Announcement, receipt: Mapping[str, Any], now: datetime
) -> datetime:
    """Marks it told, and says until when the lane is kept. If a newer version came meanwhile, that waits for its turn,
    knowing the receipt.
    """
    this = _announcement.id == claimed.id
    marked = connection.execute(
        update(announcement).where(this, _announcement.version == claimed.version).values(state=State.TOLD)
    )
    kept = (
        {"receipt": dict(receipt)}
        if marked.rowcount
        else {"receipt": dict(receipt), "due_at": now + CARD_PAUSE}
    )
    connection.execute(update(announcement).where(this).values(kept))
    return _keep(connection, claimed.address, now)


def postpone(connection: Connection, claimed: Announcement, until: datetime) -> None:
    """Puts a telling that did not work off, and its lane with it: what comes after it must not overtake it."""
    this = update(announcement).where(_announcement.id == claimed.id)
    connection.execute(this.values(attempts=_announcement.attempts + 1))
    connection.execute(update(lane).where(lane.c.address == claimed.address).values(leased_until=until))


def give_up(connection: Connection, claimed: Announcement, now: datetime) -> datetime:
    """Marks a telling that can never work, and says until when the lane is kept."""
    connection.execute(
        update(announcement)
        .where(_announcement.id == claimed.id, _announcement.version == claimed.version)
        .values(state=State.FAILED)
    )
    return _keep(connection, claimed.address, now)


def _keep(connection: Connection, address: str, now: datetime) -> datetime:
    """Whoever makes headway keeps the lane."""
    until = now + LEASE
    connection.execute(update(lane).where(lane.c.address == address).values(leased_until=until))
    return until


def release(connection: Connection, address: str) -> None:
    """Gives the lane back: one that stands after its lease was left by somebody who died, or waits for Slack."""
    connection.execute(delete(lane).where(lane.c.address == address))


def _take_over(connection: Connection, address: str, now: datetime) -> bool:
    """Takes a lane whose lease ended without being given back."""
    left = update(lane).where(lane.c.address == address, lane.c.leased_until <= now)
    return connection.execute(left.values(leased_until=now + LEASE)).rowcount == 1


def _open(connection: Connection, address: str, now: datetime) -> bool:
    """Takes a lane that nobody holds."""
    if connection.execute(select(lane.c.address).where(lane.c.address == address)).first():
        return False
    # If another process opens the lane at the same moment, its key refuses ours and the writer asks again.
    connection.execute(insert(lane).values(address=address, leased_until=now + LEASE))
    return True


def _waiting(
    key: str, kind: str, about: str, address: str, facts: Mapping[str, Any], due_at: datetime
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "about": about,
        "address": address,
        "facts": dict(facts),
        "due_at": due_at,
        "version": 1,
        "state": State.WAITING,
        "attempts": 0,
    }
