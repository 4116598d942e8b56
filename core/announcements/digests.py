"""Digests: what may wait is told to each person together, and not more often than every hour."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from core.announcements.tables import digest

APART = timedelta(hours=1)
GATHERED = timedelta(seconds=1)  # What happens at one stroke is told at one stroke.


def next_due(connection: Connection, address: str, now: datetime) -> datetime:
    """When something that happens to this person now is to be told: with their next digest, which this makes sure of."""
    this = digest.c.address == address
    newest: datetime | None = connection.execute(select(digest.c.due_at).where(this)).scalar_one_or_none()
    if newest is None:
        connection.execute(insert(digest).values(address=address, due_at=now + GATHERED))
        return now + GATHERED
    if newest > now:
        return newest
    due_at = max(newest + APART, now + GATHERED)
    connection.execute(update(digest).where(this).values(due_at=due_at))
    return due_at
