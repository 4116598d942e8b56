"""Leaders: who made most of what they knew, by markets that are settled. Only who agreed is named."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.people import leaders as ranked
from core.people import persons
from core.people.leaders import Leader

LEADERS_MOST = 10


@dataclass(frozen=True)
class Place:
    """One place among the leaders: micro-credits over so many settled markets.

    ``identity`` is empty for whoever did not agree to be named, unless it is the asker.
    """

    rank: int
    identity: str
    realised: int
    settled: int
    is_asker: bool


@dataclass(frozen=True)
class Leaders:
    """The best, the asker's own place wherever that is, and whether the asker is named to others."""

    top: tuple[Place, ...]
    own: Place | None
    is_named: bool


def leaders(connection: Connection, by: str) -> Leaders:
    asker = persons.find(connection, by)
    own = ranked.one(connection, asker.id) if asker else None
    top = tuple(_place(each, own) for each in ranked.top(connection, LEADERS_MOST))
    return Leaders(
        top,
        _place(own, own) if own else None,
        is_named=asker is not None and ranked.is_named(connection, asker.id),
    )


def set_named(connection: Connection, by: str, is_named: bool, now: datetime) -> None:
    """Whether the asker is named among the leaders from now on."""
    person = persons.enrol(connection, by, now)
    persons.change(connection, person.id, named_at=now if is_named else None)


def _place(of: Leader, own: Leader | None) -> Place:
    is_asker = own is not None and of.person == own.person
    identity = of.identity if of.is_named or is_asker else ""
    return Place(of.rank, identity, of.realised, of.settled, is_asker)
