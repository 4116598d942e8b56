"""The one way the ledger is written: load the balances an act touches, post entries in memory, save them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, select

from core import rows, writes
from core.database import milliseconds
from core.errors import InsufficientFunds
from core.ledger import accounts, chain, tables
from core.ledger.chain import Links
from core.ledger.entries import Entry, Posting, changes
from core.rows import Among, AmongPairs, Later, Prepared, ask, pairs
from core.writes import Write

_account, _unit, _balance = tables.account.c, tables.unit.c, tables.balance.c
_LOCK = Prepared(
    select(_account.id).where(Among(_account.id, "accounts")).order_by(_account.id).with_for_update()
)
_HELD = Prepared(
    select(_balance.account_id, _balance.unit_id, _balance.amount).where(
        AmongPairs(_balance.account_id, _balance.unit_id)
    )
)
_ISSUERS = Prepared(select(_unit.id, _unit.issuer_id).where(Among(_unit.id, "units")))
ENTRY = ("id", "key", "kind", "at", "by", "reason", "writer_id", "hash")
POSTING = ("entry_id", "number", "source_id", "destination_id", "amount", "unit_id")
BALANCE = ("account_id", "unit_id", "amount")


@dataclass(frozen=True)
class Sealed:
    """Entries with their links, and ids of new accounts by those that they had until then."""

    entries: Sequence[Entry]
    links: Links | None
    accounts: Mapping[int, int]

    @property
    def ids(self) -> dict[str, int]:
        """Ids of the entries by their keys."""
        if not self.links:
            return {}
        return {entry.key: number for entry, (number, _) in zip(self.entries, self.links.new, strict=True)}


Group = tuple[
    Iterable[int], Iterable[int]
]  # Accounts, and the units of which each of them may hold something.


class Book:
    """Balances of some accounts in some units, locked, with the entries posted to them so far."""

    def __init__(self, balances: Mapping[tuple[int, int], int], issuers: Mapping[int, int]) -> None:
        """Balances by account and unit, those of zero too: no other one can be changed."""
        self._balances = dict(balances)
        self._issuers = dict(issuers)
        self._entries: list[Entry] = []
        self._opened: list[str] = []
        self._touched: set[tuple[int, int]] = set()

    @classmethod
    def load(
        cls, connection: Connection, accounts: Iterable[int], units: Iterable[int], *, lock: bool = True
    ) -> "Book":
        """Each of the accounts in each of the units."""
        with rows.together(connection):
            book = cls.ask(connection, [(accounts, units)], lock=lock)
        return book()

    @classmethod
    def ask(cls, connection: Connection, groups: Iterable[Group], *, lock: bool = True) -> "Later[Book]":
        """Each group's accounts in each of its units, by a round trip that is shared with others.

        Locks the accounts in the order of their ids, so that two writers never wait for each other in a ring.
        """
        wanted = sorted({place for group in groups for place in product(*group)})
        unit_ids = sorted({unit for _, unit in wanted})
        asked = [(_HELD, pairs(wanted)), (_ISSUERS, {"units": unit_ids})]
        if lock:
            asked.insert(0, (_LOCK, {"accounts": sorted({account for account, _ in wanted})}))
        found = ask(connection, *asked)

        def book() -> Book:
            *_, held, issuers = found()
            amounts = {(account, unit): amount for account, unit, amount in held}
            return cls(dict.fromkeys(wanted, 0) | amounts, dict(issuers))

        return book

    def balance(self, account: int, unit: int, pending: Sequence[Posting] = ()) -> int:
        """What the account holds once the pending postings are made."""
        held = self._balances.get((account, unit), 0)
        return held + changes(pending).get((account, unit), 0) if pending else held

    def balances(self, account: int, units: Sequence[int]) -> list[int]:
        """What the account holds of each of the units."""
        return [self._balances.get((account, unit), 0) for unit in units]

    def open_account(self, name: str) -> int:
        """A new account of this name, under an id below zero until the book is saved."""
        self._opened.append(name)
        return -len(self._opened)

    def post(self, entry: Entry) -> None:
        """Raises InsufficientFunds, and changes nothing, if an account other than a unit's issuer would be below zero."""
        if not entry.postings:
            raise ValueError(f"an entry without postings: {entry.key}")
        after: dict[tuple[int, int], int] = {}
        for (account, unit), change in changes(entry.postings).items():
            held = self._balances.get((account, unit), 0 if account < 0 else None)
            if held is None:
                raise ValueError(f"what account {account} holds of unit {unit} was not loaded")
            if held + change < 0 and self._issuers[unit] != account:
                raise InsufficientFunds(account, unit, -change, held)
            after[account, unit] = held + change
        self._balances.update(after)
        self._touched.update(after)
        self._entries.append(entry)

    def save(self, connection: Connection) -> Sealed:
        """Writes every posted entry, and opens the accounts that they use."""
        sealed = self.seal(connection)
        writes.run(connection, *self.to_write(sealed))
        return sealed

    def seal(self, connection: Connection) -> Sealed:
        """Gives the posted entries their ids and links, and opens the accounts that they use: all that needs an answer."""
        if not self._entries:
            return Sealed([], None, {})
        used = sorted({account for account, _ in self._touched if account < 0})
        opened = {account: accounts.open_account(connection, self._opened[-account - 1]) for account in used}
        entries = [_renamed(entry, opened) for entry in self._entries] if opened else list(self._entries)
        return Sealed(entries, chain.extend(connection, entries), opened)

    def to_write(self, sealed: Sealed) -> list[Write]:
        """What is to be written of the entries as they were sealed; the book has none then."""
        if not sealed.links:
            return []
        opened, writer = sealed.accounts, sealed.links.writer
        linked = list(zip(sealed.entries, sealed.links.new, strict=True))
        balances = [(opened.get(a, a), u, self._balances[a, u]) for a, u in sorted(self._touched)]
        moved = [
            (entry_id, number, *posting)
            for entry, (entry_id, _) in linked
            for number, posting in enumerate(entry.postings, 1)
        ]
        self._entries.clear()
        self._touched.clear()
        return [
            chain.end(sealed.links),
            writes.insert(tables.entry, ENTRY, [_row(writer, *each) for each in linked]),
            writes.insert(tables.posting, POSTING, moved),
            writes.upsert(tables.balance, BALANCE, balances, "amount"),
        ]


def _renamed(entry: Entry, opened: Mapping[int, int]) -> Entry:
    """The entry with the ids that new accounts have got."""
    moved = tuple(
        Posting(opened.get(p.source, p.source), opened.get(p.destination, p.destination), p.amount, p.unit)
        for p in entry.postings
    )
    return entry._replace(postings=moved)


def _row(writer: int, entry: Entry, link: tuple[int, str]) -> tuple[object, ...]:
    entry_id, link_hash = link
    at = milliseconds(entry.at)
    return (entry_id, entry.key, entry.kind, at, entry.by, entry.reason, writer, link_hash)
