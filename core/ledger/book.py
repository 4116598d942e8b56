"""The one way the ledger is written: load the balances an act touches, post entries in memory, save them at once."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from core.database import milliseconds, upsert
from core.errors import InsufficientFunds
from core.ledger import tables


@dataclass(frozen=True)
class Posting:
    """``amount`` > 0 of one unit moves from source to destination (ids of accounts and of the unit)."""

    source: int
    destination: int
    amount: int
    unit: int


@dataclass(frozen=True)
class Entry:
    """One atomic event: all of its postings happen, or none."""

    kind: str
    key: str
    at: datetime
    postings: tuple[Posting, ...]
    by: int | None = None
    reason: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over everything that the entry says, so that an edited past can be seen."""
        moves = sorted((p.source, p.destination, p.amount, p.unit) for p in self.postings)
        said = [self.key, self.kind, milliseconds(self.at), self.by, self.reason, moves]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def posting(source: int, destination: int, amount: int, unit: int) -> list[Posting]:
    """The posting, or nothing where the amount is zero."""
    return [Posting(source, destination, amount, unit)] if amount else []


class Book:
    """Balances of some accounts in some units, locked, with the entries posted to them so far."""

    def __init__(
        self, accounts: Iterable[int], balances: Mapping[tuple[int, int], int], issuers: Mapping[int, int]
    ) -> None:
        self._accounts = frozenset(accounts)
        self._balances = Counter(balances)
        self._issuers = dict(issuers)
        self._entries: list[Entry] = []

    @classmethod
    def load(
        cls, connection: Connection, accounts: Iterable[int], units: Iterable[int], *, lock: bool = True
    ) -> "Book":
        """Locks the accounts in the order of their ids, so that two writers never wait for each other in a ring."""
        account_ids, unit_ids = sorted(set(accounts)), sorted(set(units))
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
        return self._balances[account, unit] + _changes(pending)[account, unit]

    def post(self, entry: Entry) -> None:
        """Raises InsufficientFunds, and changes nothing, if an account other than a unit's issuer would be below zero."""
        if not entry.postings:
            raise ValueError(f"an entry without postings: {entry.key}")
        changes = _changes(entry.postings)
        for (account, unit), change in changes.items():
            if account not in self._accounts or unit not in self._issuers:
                raise ValueError(
                    f"account {account} or unit {unit} was not loaded, so its balance is not known"
                )
            after = self._balances[account, unit] + change
            if after < 0 and self._issuers[unit] != account:
                raise InsufficientFunds(account, unit, -change, self._balances[account, unit])
        for place, change in changes.items():
            self._balances[place] += change
        self._entries.append(entry)

    def save(self, connection: Connection) -> dict[str, int]:
        """Writes every posted entry; returns the entries' ids by their keys."""
        if not self._entries:
            return {}
        ids = self._save_entries(connection)
        places = set[tuple[int, int]]()
        rows = []
        for entry in self._entries:
            for each in entry.postings:
                places |= {(each.source, each.unit), (each.destination, each.unit)}
                rows.append(_row(ids[entry.key], each))
        connection.execute(insert(tables.posting), rows)
        balances = [
            {"account_id": a, "unit_id": u, "amount": self._balances[a, u]} for a, u in sorted(places)
        ]
        upsert(connection, tables.balance, balances, ["amount"])
        self._entries.clear()
        return ids

    def _save_entries(self, connection: Connection) -> dict[str, int]:
        fields = ("key", "kind", "at", "by", "reason", "digest")
        rows = [{field: getattr(entry, field) for field in fields} for entry in self._entries]
        wanted = insert(tables.entry).returning(tables.entry.c.key, tables.entry.c.id)
        return {row.key: row.id for row in connection.execute(wanted, rows)}


def _changes(postings: Iterable[Posting]) -> Counter[tuple[int, int]]:
    changes: Counter[tuple[int, int]] = Counter()
    for each in postings:
        if each.amount <= 0 or each.source == each.destination:
            raise ValueError(f"not a movement: {each}")
        changes[each.source, each.unit] -= each.amount
        changes[each.destination, each.unit] += each.amount
    return changes


def _row(entry_id: int, each: Posting) -> dict[str, int]:
    return {
        "entry_id": entry_id,
        "source_id": each.source,
        "destination_id": each.destination,
        "amount": each.amount,
        "unit_id": each.unit,
    }
