"""The journal as it stands, under names instead of numbers, for whoever wants to check it with other tools."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from core.ledger import chain
from core.ledger.tables import account, balance, entry, posting, unit
from core.people.tables import person

ROWS_AT_ONCE = 1000
MOVED = (posting.c.source_id, posting.c.destination_id, posting.c.amount, posting.c.unit_id)


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
class Journal:
    """Entries and balances come one by one, while the connection is open: there may be millions.

    ``head`` is one hash over all of it: noted down elsewhere, it shows whether the past was changed since.
    """

    head: str
    accounts: tuple[str, ...]
    units: tuple[Unit, ...]
    entries: Iterator[Entry]
    balances: Iterator[Balance]


@dataclass(frozen=True)
class _Names:
    """What numbers stand for. There are as many as there are people and markets, which is few."""

    accounts: Mapping[int, str]
    units: Mapping[int, Unit]


def read(connection: Connection) -> Journal:
    """All of it, in the order in which it was written."""
    accounts = {row.id: row.name for row in connection.execute(select(account).order_by(account.c.id))}
    found = connection.execute(select(unit).order_by(unit.c.id))
    names = _Names(accounts, {row.id: Unit(row.name, accounts[row.issuer_id]) for row in found})
    return Journal(
        chain.head(connection),
        tuple(names.accounts.values()),
        tuple(names.units.values()),
        _entries(connection, names),
        _balances(connection, names),
    )


def _entries(connection: Connection, names: _Names) -> Iterator[Entry]:
    wanted = (
        select(entry, person.c.identity, *MOVED)
        .join_from(entry, posting, posting.c.entry_id == entry.c.id)
        .outerjoin(person, person.c.id == entry.c.by)
        .order_by(entry.c.id, *posting.primary_key)
    )
    for _, rows in groupby(_stream(connection, wanted), key=lambda row: row.id):
        yield _entry(list(rows), names)


def _entry(rows: Sequence[Row[Any]], names: _Names) -> Entry:
    said = rows[0]
    return Entry(
        id=said.id,
        key=said.key,
        kind=said.kind,
        at=said.at,
        by=said.identity,
        reason=said.reason,
        writer=said.writer_id,
        hash=said.hash,
        postings=tuple(
            Posting(
                names.accounts[row.source_id],
                names.accounts[row.destination_id],
                row.amount,
                names.units[row.unit_id],
            )
            for row in rows
        ),
    )


def _balances(connection: Connection, names: _Names) -> Iterator[Balance]:
    wanted = select(balance).order_by(balance.c.account_id, balance.c.unit_id)
    for row in _stream(connection, wanted):
        yield Balance(names.accounts[row.account_id], names.units[row.unit_id], row.amount)


def _stream(connection: Connection, wanted: Select[Any]) -> Iterator[Row[Any]]:
    return iter(connection.execute(wanted, execution_options={"yield_per": ROWS_AT_ONCE}))
