"""Staffing: who is an admin, and who has left. Admins say so, with a reason; whoever left keeps what they hold."""

from datetime import datetime

from sqlalchemy import Connection

from core.announcements import lanes
from core.errors import Invalid, Unknown
from core.people import acts, persons
from core.people.persons import Person


def appoint(connection: Connection, by: str, who: str, reason: str, now: datetime) -> None:
    """Makes somebody an admin. Raises NotAllowed, Invalid."""
    admin = persons.require_admin(connection, by, "appoint")
    person = persons.enrol(connection, who, now)
    if person.is_admin:
        raise Invalid("person", "is_admin", who)
    acts.write(connection, admin, "appointed", who, reason, now)
    persons.change(connection, person.id, is_admin=True)
    _tell(connection, "appointed", admin, person, reason, now)


def dismiss(connection: Connection, by: str, who: str, reason: str, now: datetime) -> None:
    """Somebody is no admin any more; the last one stays. Raises NotAllowed, Unknown, Invalid."""
    admin = persons.require_admin(connection, by, "dismiss")
    person = _get(connection, who)
    _require_other_admins(connection, person)
    if not person.is_admin:
        raise Invalid("person", "no_admin", who)
    acts.write(connection, admin, "dismissed", who, reason, now)
    persons.change(connection, person.id, is_admin=False)
    _tell(connection, "dismissed", admin, person, reason, now)


def leave(connection: Connection, by: str, who: str, reason: str, now: datetime) -> None:
    """Somebody has left: they do nothing any more, their limit orders end, and their shares stay and are paid.

    Raises NotAllowed, Unknown, Invalid.
    """
    admin = persons.require_admin(connection, by, "leave")
    person = _get(connection, who)
    if person.has_left:
        raise Invalid("person", "left", who)
    _require_other_admins(connection, person)
    acts.write(connection, admin, "left", who, reason, now)
    persons.change(connection, person.id, is_admin=False, left_at=now)


def come_back(connection: Connection, by: str, who: str, reason: str, now: datetime) -> None:
    """Whoever had left takes part again, with what they kept. Raises NotAllowed, Unknown, Invalid."""
    admin = persons.require_admin(connection, by, "come_back")
    person = _get(connection, who)
    if not person.has_left:
        raise Invalid("person", "not_left", who)
    acts.write(connection, admin, "came_back", who, reason, now)
    persons.change(connection, person.id, left_at=None)


def _get(connection: Connection, who: str) -> Person:
    person = persons.find(connection, who)
    if person is None:
        raise Unknown("person", who[:50])
    return person


def _require_other_admins(connection: Connection, person: Person) -> None:
    if persons.lock_admins(connection) == [person.identity]:
        raise Invalid("person", "last_admin", person.identity)


def _tell(
    connection: Connection, kind: str, admin: Person, person: Person, reason: str, now: datetime
) -> None:
    facts = {"by": admin.identity, "reason": reason.strip()}
    key = f"{kind}:{person.id}:{now.isoformat()}"
    lanes.announce(connection, key, kind, "people", person.identity, facts, now)
