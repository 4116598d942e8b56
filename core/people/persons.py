"""A person is known from the first thing they do, with a wallet of their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import texts
from core.errors import Invalid, NotAllowed
from core.ledger import accounts
from core.ledger.accounts import Wallet
from core.people import tables
from core.rows import Among, Later, Prepared, ask, gather

LONG = "long"  # The kind of earmark that pays for long horizons.
_person, _earmark = tables.person.c, tables.earmark.c
_COLUMNS = (
    _person.id,
    _person.identity,
    _person.wallet_id,
    _person.is_admin,
    _person.left_at,
    _earmark.account_id.label("earmarked_id"),
)
_KEPT = select(*_COLUMNS).outerjoin(
    tables.earmark, (_earmark.person_id == _person.id) & (_earmark.kind == LONG)
)
_BY_IDENTITY = Prepared(_KEPT.where(Among(_person.identity, "identities")))
_BY_ID = Prepared(_KEPT.where(Among(_person.id, "ids")))
_BY_WALLET = Prepared(_KEPT.where(Among(_person.wallet_id, "wallets")))
_BY_EARMARKED = Prepared(_KEPT.where(Among(_earmark.account_id, "wallets")))
_ADMINS = Prepared(select(_person.identity).where(_person.is_admin).order_by(_person.id))


@dataclass(frozen=True)
class Person:
    """``earmarked`` is the account of the wallet for long horizons; 0 while nobody gave them credit for those."""

    id: int
    identity: str
    wallet: int
    is_admin: bool
    left_at: datetime | None = None
    earmarked: int = 0

    @property
    def has_left(self) -> bool:
        return self.left_at is not None

    @property
    def wallets(self) -> dict[Wallet, int]:
        """The accounts of all wallets that they have."""
        plain = {Wallet.PLAIN: self.wallet}
        return plain | {Wallet.EARMARKED: self.earmarked} if self.earmarked else plain

    def wallet_of(self, account: int) -> Wallet:
        """Which of their wallets has this account."""
        return Wallet.EARMARKED if account == self.earmarked else Wallet.PLAIN


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
    wanted = _KEPT.where(_person.id > person_id).order_by(_person.id).limit(most)
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
    """Persons by the account that is one of their wallets; accounts that are nobody's are left out."""
    wanted = {"wallets": sorted(set(wallets))}
    plain, earmarked = gather(connection, (_BY_WALLET, wanted), (_BY_EARMARKED, wanted))
    found = {row.wallet_id: _person_of(row) for row in _BY_WALLET.read(plain)}
    return found | {row.earmarked_id: _person_of(row) for row in _BY_EARMARKED.read(earmarked)}


def by_earmarked(connection: Connection, accounts_held: Iterable[int]) -> dict[int, Person]:
    """Persons by the account of their wallet for long horizons; all other accounts are left out."""
    rows = _BY_EARMARKED.named(connection, wallets=sorted(set(accounts_held)))
    return {row.earmarked_id: _person_of(row) for row in rows}


def earmark(connection: Connection, person: Person) -> int:
    """The account of their wallet for long horizons, opened now if they have none."""
    if person.earmarked:
        return person.earmarked
    account = accounts.open_account(connection, f"{LONG}:{person.identity}")
    values = {"person_id": person.id, "kind": LONG, "account_id": account}
    connection.execute(insert(tables.earmark).values(values))
    return account


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
    made = insert(tables.person).values(values).returning(_person.id)
    return Person(connection.execute(made).scalar_one(), identity, wallet, is_admin=False)


def _person_of(row: Any) -> Person:
    return Person(row.id, row.identity, row.wallet_id, row.is_admin, row.left_at, row.earmarked_id or 0)
