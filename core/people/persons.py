"""A person is known from the first thing they do, with a wallet of their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import texts
from core.errors import Invalid, NotAllowed
from core.ledger import accounts
from core.people import tables
from core.rows import Among, Later, Prepared, ask

_person = tables.person.c
_KEPT = select(_person.id, _person.identity, _person.wallet_id, _person.is_admin, _person.left_at)
_BY_IDENTITY = Prepared(_KEPT.where(Among(_person.identity, "identities")))
_BY_ID = Prepared(_KEPT.where(Among(_person.id, "ids")))
_BY_WALLET = Prepared(_KEPT.where(Among(_person.wallet_id, "wallets")))
_ADMINS = Prepared(select(_person.identity).where(_person.is_admin).order_by(_person.id))


@dataclass(frozen=True)
class Person:
    id: int
    identity: str
    wallet: int
    is_admin: bool
    left_at: datetime | None = None

    @property
    def has_left(self) -> bool:
        return self.left_at is not None


def find(connection: Connection, identity: str) -> Person | None:
    return find_all(connection, [identity]).get(identity)


def find_all(connection: Connection, identities: Collection[str]) -> dict[str, Person]:
    """Persons by identity; those who have not done anything yet are left out."""
    return ask_all(connection, identities)()


def ask_all(connection: Connection, identities: Collection[str]) -> Later[dict[str, Person]]:
    """The same, by a round trip that is shared with others."""
    found = ask(connection, (_BY_IDENTITY, {"identities": sorted(filter(texts.is_kept, set(identities)))}))
    return lambda: {row.identity: _person_of(row) for row in _BY_IDENTITY.read(found()[0])}


def enrol(connection: Connection, identity: str, now: datetime) -> Person:
    """The person of this identity, new if need be. Raises Invalid for one who has left."""
    return enrol_all(connection, [identity], now)[identity]


def enrol_all(connection: Connection, identities: Collection[str], now: datetime) -> dict[str, Person]:
    """Persons by identity; those not seen before join now. Raises Invalid for one who has left."""
    known = find_all(connection, identities)
    for person in known.values():
        if person.has_left:
            raise Invalid("person", "left", person.identity)
    for identity in sorted(set(identities) - set(known)):
        known[identity] = _join(connection, identity, now)
    return known


def by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    wanted = sorted(set(ids))
    rows = _BY_ID.named(connection, ids=wanted) if wanted else []
    return {row.id: _person_of(row) for row in rows}


def identities(connection: Connection, ids: Iterable[int]) -> tuple[str, ...]:
    """Who they are to the surface, those who were first at the top."""
    found = by_ids(connection, ids)
    return tuple(found[each].identity for each in sorted(found))


def after(connection: Connection, person_id: int, most: int) -> list[Person]:
    """The next persons, in the order of their ids."""
    wanted = select(tables.person).where(_person.id > person_id).order_by(_person.id).limit(most)
    return [_person_of(row) for row in connection.execute(wanted)]


def welcome(connection: Connection, person_id: int, now: datetime) -> bool:
    """Whether it was still to be done: each is welcomed once."""
    newcomer = (_person.id == person_id) & _person.welcomed_at.is_(None)
    return connection.execute(update(tables.person).where(newcomer).values(welcomed_at=now)).rowcount == 1


def welcome_all(connection: Connection, now: datetime) -> None:
    """Whoever is here already needs no welcome."""
    unwelcomed = _person.welcomed_at.is_(None)
    connection.execute(update(tables.person).where(unwelcomed).values(welcomed_at=now))


def by_wallets(connection: Connection, wallets: Iterable[int]) -> dict[int, Person]:
    """Persons by the account that is their wallet; accounts that are nobody's are left out."""
    rows = _BY_WALLET.named(connection, wallets=sorted(set(wallets)))
    return {row.wallet_id: _person_of(row) for row in rows}


def require_admin(connection: Connection, by: str, act: str) -> Person:
    """Raises NotAllowed unless the asker is an admin."""
    person = find(connection, by)
    if person is None or not person.is_admin:
        raise NotAllowed(act, "admins_only", tuple(admins(connection)))
    return person


def admins(connection: Connection) -> list[str]:
    """Identities of the admins, those who were first at the top."""
    return [identity for (identity,) in _ADMINS.rows(connection)]


def lock_admins(connection: Connection) -> list[str]:
    """The same, and nobody else changes who is one until the transaction ends."""
    locked = select(_person.id).where(_person.is_admin).order_by(_person.id).with_for_update()
    connection.execute(locked).all()
    return admins(connection)


def appoint(connection: Connection, identity: str, now: datetime) -> Person:
    """Makes the person an admin, also one who had left."""
    person = find(connection, identity) or _join(connection, identity, now)
    change(connection, person.id, is_admin=True, left_at=None)
    return person


def change(connection: Connection, person_id: int, **values: object) -> None:
    connection.execute(update(tables.person).where(_person.id == person_id).values(**values))


def _join(connection: Connection, identity: str, now: datetime) -> Person:
    if not identity or len(identity) > 200 or not texts.is_kept(identity):
        raise Invalid("person", "identity", identity[:50])
    wallet = accounts.open_account(connection, f"person:{identity}")
    values = {"identity": identity, "wallet_id": wallet, "is_admin": False, "joined_at": now}
    row = connection.execute(insert(tables.person).values(values).returning(tables.person)).one()
    return _person_of(row)


def _person_of(row: Any) -> Person:
    return Person(row.id, row.identity, row.wallet_id, row.is_admin, row.left_at)
