"""The whole journal, read entry by entry: there may be millions, so never all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from core.ledger import tables
from core.ledger.entries import Entry, Posting

ROWS_AT_ONCE = 5_000

_entry, _posting = tables.entry.c, tables.posting.c


@dataclass(frozen=True)
class Written:
    """An entry as it stands in the journal, with its place in the chain."""

    id: int
    writer: int
    hash: str
    entry: Entry


def read(connection: Connection, *order: ColumnElement[Any]) -> Iterator[Written]:
    """Every entry, in the order given; an entry without postings comes too, since it should not be there."""
    moved = (_posting.source_id, _posting.destination_id, _posting.amount, _posting.unit_id)
    wanted = select(tables.entry, *moved).outerjoin_from(
        tables.entry, tables.posting, _posting.entry_id == _entry.id
    )
    streamed = connection.execute(
        wanted.order_by(*order, _posting.number), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    for _, rows in groupby(streamed, key=lambda row: row.id):
        yield _written(list(rows))


def by_id(connection: Connection) -> Iterator[Written]:
    """In an order in which all of it could have happened: ids are drawn once the accounts are locked."""
    return read(connection, _entry.id)


def by_writer(connection: Connection) -> Iterator[Written]:
    """Each writer's entries in the order in which it made them."""
    return read(connection, _entry.writer_id, _entry.id)


def _written(rows: list[Any]) -> Written:
    said = rows[0]
    postings = tuple(
        Posting(row.source_id, row.destination_id, row.amount, row.unit_id) for row in rows if row.source_id
    )
    entry = Entry(said.kind, said.key, said.at, postings, said.by, said.reason)
    return Written(said.id, said.writer_id, said.hash, entry)
