"""Announcements are written with what they announce, and told once, in order, one address at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from core.announcements.tables import announcement, lane

LEASE = timedelta(seconds=30)
CARD_PAUSE = timedelta(seconds=10)
CLAIM_MOST = 20

_announcement = announcement.c


class State(StrEnum):
    WAITING = "waiting"
    TOLD = "told"
    FAILED = "failed"


@dataclass(frozen=True)
class Announcement:
    """A fact for people at one address; ``receipt`` says where an older version of it stands."""

    id: int
    key: str
    kind: str
    about: str
    address: str
    facts: Mapping[str, Any]
    version: int
    attempts: int
    receipt: Mapping[str, Any] | None


def announce(
    connection: Connection,
    key: str,
    kind: str,
    about: str,
    address: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Writes the announcement, due now; False if its key was announced before."""
    if connection.execute(select(_announcement.id).where(_announcement.key == key)).first():
        return False
    connection.execute(insert(announcement).values(_waiting(key, kind, about, address, facts, now)))
    return True


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
    if not _lease(connection, address, now):
        return []
    rows = connection.execute(
        select(*(_announcement[name] for name in Announcement.__dataclass_fields__))
        .where(due, _announcement.address == address)
        .order_by(_announcement.due_at, _announcement.id)
        .limit(CLAIM_MOST)
    )
    return [Announcement(*row) for row in rows]


def told(connection: Connection, claimed: Announcement, receipt: Mapping[str, Any], now: datetime) -> bool:
    """Marks it told; False if a newer version came meanwhile, which then waits for its turn, knowing the receipt."""
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
    # Whoever makes headway keeps the lane.
    mine = update(lane).where(lane.c.address == claimed.address)
    connection.execute(mine.values(leased_until=now + LEASE))
    return marked.rowcount == 1


def postpone(connection: Connection, claimed: Announcement, until: datetime) -> None:
    """Puts a telling that did not work off, and its lane with it: what comes after it must not overtake it."""
    this = update(announcement).where(_announcement.id == claimed.id)
    connection.execute(this.values(attempts=_announcement.attempts + 1))
    connection.execute(update(lane).where(lane.c.address == claimed.address).values(leased_until=until))


def give_up(connection: Connection, claimed: Announcement) -> None:
    """Marks a telling that can never work."""
    connection.execute(
        update(announcement)
        .where(_announcement.id == claimed.id, _announcement.version == claimed.version)
        .values(state=State.FAILED)
    )


def release(connection: Connection, address: str, now: datetime) -> None:
    """Gives the lane back."""
    connection.execute(update(lane).where(lane.c.address == address).values(leased_until=now))


def _lease(connection: Connection, address: str, now: datetime) -> bool:
    """Takes the lane, unless another process took it since we looked."""
    taken = connection.execute(
        update(lane)
        .where(lane.c.address == address, lane.c.leased_until <= now)
        .values(leased_until=now + LEASE)
    )
    if taken.rowcount == 1:
        return True
    if connection.execute(select(lane.c.address).where(lane.c.address == address)).first():
        return False
    # If another process opens the lane at the same moment, its key refuses ours and the writer asks again.
    connection.execute(insert(lane).values(address=address, leased_until=now + LEASE))
    return True


def _waiting(
    key: str, kind: str, about: str, address: str, facts: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "about": about,
        "address": address,
        "facts": dict(facts),
        "due_at": now,
        "version": 1,
        "state": State.WAITING,
        "attempts": 0,
    }
