"""The journal as it stands, under names instead of numbers, for whoever wants to check it with other tools."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core.ledger import chain, journal
from core.ledger.journal import ROWS_AT_ONCE, Written
from core.ledger.tables import account, balance, unit
from core.people.tables import person


@dataclass(frozen=True)
class Unit:
    """``issuer`` is the only account that may be below zero in it."""

    name: str
    issuer: str


@dataclass(frozen=True)
class Posting:
    source: str
    destination: str
    amount: int
    unit: Unit


@dataclass(frozen=True)
class Entry:
    """``by`` is an identity; nobody, where time did it."""

    id: int
    key: str
    kind: str
    at: datetime
    by: str | None
    reason: str | None
    writer: int
    hash: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Balance:
    account: str
    unit: Unit
    amount: int


@dataclass(frozen=True)
class Numbers:
    """What the hashes of the entries have instead of names."""

    accounts: Mapping[str, int]
    units: Mapping[str, int]
    people: Mapping[str, int]


@dataclass(frozen=True)
class Journal:
    """Entries and balances come one by one, while the connection is open: there may be millions.

    ``head`` is one hash over all of it: noted down elsewhere, it shows whether the past was changed since. With the
    numbers, anybody can make it anew from the entries (see core.ledger.chain).
    """

    head: str
    numbers: Numbers
    accounts: tuple[str, ...]
    units: tuple[Unit, ...]
    entries: Iterator[Entry]
    balances: Iterator[Balance]


@dataclass(frozen=True)
class _Names:
    """What numbers stand for. There are as many as there are people and markets, which is few."""

    accounts: Mapping[int, str]
    units: Mapping[int, Unit]
    people: Mapping[int, str]

    def numbers(self) -> Numbers:
        return Numbers(
            {name: number for number, name in self.accounts.items()},
            {unit.name: number for number, unit in self.units.items()},
            {identity: number for number, identity in self.people.items()},
        )


def read(connection: Connection) -> Journal:
    """All of it, in the order in which it was written."""
    names = _names(connection)
    return Journal(
        chain.head(connection),
        names.numbers(),
        tuple(names.accounts.values()),
        tuple(names.units.values()),
        (_entry(written, names) for written in journal.by_id(connection)),
        _balances(connection, names),
    )


def _names(connection: Connection) -> _Names:
    accounts = {row.id: row.name for row in connection.execute(select(account).order_by(account.c.id))}
    units = connection.execute(select(unit).order_by(unit.c.id))
    people = connection.execute(select(person.c.id, person.c.identity))
    return _Names(
        accounts,
        {row.id: Unit(row.name, accounts[row.issuer_id]) for row in units},
        {row.id: row.identity for row in people},
    )


def _entry(written: Written, names: _Names) -> Entry:
    said = written.entry
    return Entry(
        id=written.id,
        key=said.key,
        kind=said.kind,
        at=said.at,
        by=None if said.by is None else names.people.get(said.by),
        reason=said.reason,
        writer=written.writer,
        hash=written.hash,
        postings=tuple(
            Posting(names.accounts[source], names.accounts[destination], amount, names.units[unit_id])
            for source, destination, amount, unit_id in said.postings
        ),
    )


def _balances(connection: Connection, names: _Names) -> Iterator[Balance]:
    wanted = select(balance).order_by(balance.c.account_id, balance.c.unit_id)
    for row in connection.execute(wanted, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield Balance(names.accounts[row.account_id], names.units[row.unit_id], row.amount)
