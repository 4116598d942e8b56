"""The one way the ledger is written: load the balances an act touches, post entries in memory, save them at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select

from core.database import upsert
from core.errors import InsufficientFunds
from core.ledger import accounts, chain, tables
from core.ledger.entries import Entry, Posting, changes


@dataclass(frozen=True)
class Saved:
    """Ids of entries by their keys, and of new accounts by those that they had before they were saved."""

    entries: Mapping[str, int]
    accounts: Mapping[int, int]


class Book:
    """Balances of some accounts in some units, locked, with the entries posted to them so far."""

    def __init__(
        self, loaded: Iterable[int], balances: Mapping[tuple[int, int], int], issuers: Mapping[int, int]
    ) -> None:
        self._accounts = frozenset(loaded)
        self._balances = Counter(balances)
        self._issuers = dict(issuers)
        self._entries: list[Entry] = []
        self._opened: list[str] = []

    @classmethod
    def load(
        cls, connection: Connection, touched: Iterable[int], units: Iterable[int], *, lock: bool = True
    ) -> "Book":
        """Locks the accounts in the order of their ids, so that two writers never wait for each other in a ring."""
        account_ids, unit_ids = sorted(set(touched)), sorted(set(units))
        account, unit, balance = tables.account.c, tables.unit.c, tables.balance.c
        if lock:
            these = select(account.id).where(account.id.in_(account_ids)).order_by(account.id)
            connection.execute(these.with_for_update()).all()
        held = connection.execute(
            select(balance.account_id, balance.unit_id, balance.amount).where(
                balance.account_id.in_(account_ids), balance.unit_id.in_(unit_ids)
            )
        )
        issuers = connection.execute(select(unit.id, unit.issuer_id).where(unit.id.in_(unit_ids)))
        return cls(
            account_ids,
            {(row.account_id, row.unit_id): row.amount for row in held},
            {row.id: row.issuer_id for row in issuers},
        )

    def balance(self, account: int, unit: int, pending: Iterable[Posting] = ()) -> int:
        """What the account holds once the pending postings are made."""
        return self._balances[account, unit] + changes(pending)[account, unit]

    def open_account(self, name: str) -> int:
        """A new account of this name, under an id below zero until the book is saved."""
        self._opened.append(name)
        return -len(self._opened)

    def post(self, entry: Entry) -> None:
        """Raises InsufficientFunds, and changes nothing, if an account other than a unit's issuer would be below zero."""
        if not entry.postings:
            raise ValueError(f"an entry without postings: {entry.key}")
        moved = changes(entry.postings)
        for (account, unit), change in moved.items():
            if (account not in self._accounts and account >= 0) or unit not in self._issuers:
                raise ValueError(
                    f"account {account} or unit {unit} was not loaded, so its balance is not known"
                )
            after = self._balances[account, unit] + change
            if after < 0 and self._issuers[unit] != account:
                raise InsufficientFunds(account, unit, -change, self._balances[account, unit])
        for place, change in moved.items():
            self._balances[place] += change
        self._entries.append(entry)

    def save(self, connection: Connection) -> Saved:
        """Writes every posted entry, and opens the accounts that they use."""
        if not self._entries:
            return Saved({}, {})
        places = {place for entry in self._entries for place in changes(entry.postings)}
        opened = self._save_accounts(connection, {account for account, _ in places})
        entries = [_renamed(entry, opened) for entry in self._entries] if opened else self._entries
        writer, links = chain.extend(connection, entries)
        linked = [(entry, *each) for entry, each in zip(entries, links, strict=True)]
        connection.execute(insert(tables.entry), [_row(writer, *each) for each in linked])
        connection.execute(insert(tables.posting), [row for each in linked for row in _moves(*each)])
        balances = [
            {"account_id": opened.get(a, a), "unit_id": u, "amount": self._balances[a, u]}
            for a, u in sorted(places)
        ]
        upsert(connection, tables.balance, balances, ["amount"])
        self._entries.clear()
        return Saved({entry.key: entry_id for entry, entry_id, _ in linked}, opened)

    def _save_accounts(self, connection: Connection, used: Collection[int]) -> dict[int, int]:
        """Ids of new accounts by those that they had until now."""
        names = {-n: name for n, name in enumerate(self._opened, 1)}
        return {
            account: accounts.open_account(connection, names[account])
            for account in sorted(used)
            if account < 0
        }


def _renamed(entry: Entry, opened: Mapping[int, int]) -> Entry:
    """The entry with the ids that new accounts have got."""
    moved = tuple(
        Posting(opened.get(p.source, p.source), opened.get(p.destination, p.destination), p.amount, p.unit)
        for p in entry.postings
    )
    return replace(entry, postings=moved)


def _row(writer: int, entry: Entry, entry_id: int, link: str) -> dict[str, object]:
    said = {field: getattr(entry, field) for field in ("key", "kind", "at", "by", "reason")}
    return said | {"id": entry_id, "writer_id": writer, "hash": link}


def _moves(entry: Entry, entry_id: int, _link: str) -> list[dict[str, int]]:
    return [
        {
            "entry_id": entry_id,
            "number": number,
            "source_id": each.source,
            "destination_id": each.destination,
            "amount": each.amount,
            "unit_id": each.unit,
        }
        for number, each in enumerate(entry.postings, 1)
    ]
