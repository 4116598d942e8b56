"""The journal's nouns: an entry is one atomic event, its postings are the movements that it consists of."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from core import texts
from core.errors import Unknown
from core.ledger import tables


class Posting(NamedTuple):
    """``amount`` > 0 of one unit moves from source to destination (ids of accounts and of the unit)."""

    source: int
    destination: int
    amount: int
    unit: int


class Entry(NamedTuple):
    """One atomic event: all of its postings happen, or none."""

    kind: str
    key: str
    at: datetime
    postings: tuple[Posting, ...]
    by: int | None = None
    reason: str | None = None


def posting(source: int, destination: int, amount: int, unit: int) -> list[Posting]:
    """The posting, or nothing where the amount is zero."""
    return [Posting(source, destination, amount, unit)] if amount else []


def transfer(source: int, destination: int, amount: int, unit: int) -> list[Posting]:
    """The same, and the other way where the amount is below zero."""
    if amount < 0:
        return [Posting(destination, source, -amount, unit)]
    return posting(source, destination, amount, unit)


def changes(postings: Iterable[Posting]) -> dict[tuple[int, int], int]:
    """What postings do to balances, by account and unit. Raises ValueError for one that moves nothing."""
    found: dict[tuple[int, int], int] = {}
    for source, destination, amount, unit in postings:
        if amount <= 0 or source == destination:
            raise ValueError(f"not a movement: {amount} of unit {unit} from {source} to {destination}")
        found[source, unit] = found.get((source, unit), 0) - amount
        found[destination, unit] = found.get((destination, unit), 0) + amount
    return found


def reversal(of: Entry, by: int, reason: str, now: datetime) -> Entry:
    """The entry that undoes another: what was made is never changed, only followed."""
    back = tuple(Posting(p.destination, p.source, p.amount, p.unit) for p in reversed(of.postings))
    return of._replace(kind="reversal", key=reversal_key(of), at=now, postings=back, by=by, reason=reason)


def reversal_key(of: Entry) -> str:
    return f"reverse:{of.key}"


def find(connection: Connection, key: str) -> Entry | None:
    """The entry of this key."""
    if not texts.is_kept(key):
        return None
    row = connection.execute(select(tables.entry).where(tables.entry.c.key == key)).one_or_none()
    if row is None:
        return None
    moved = tables.posting.c
    wanted = select(moved.source_id, moved.destination_id, moved.amount, moved.unit_id)
    postings = connection.execute(wanted.where(moved.entry_id == row.id).order_by(moved.number))
    return Entry(row.kind, row.key, row.at, tuple(Posting(*each) for each in postings), row.by, row.reason)


def get(connection: Connection, key: str) -> Entry:
    """Raises Unknown if there is no entry of this key."""
    found = find(connection, key)
    if found is None:
        raise Unknown("entry", key)
    return found
