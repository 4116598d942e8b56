"""Backup: everything in the database as lines of JSON, of one moment; and back, into an empty database of either engine.

The first line says what follows: the schema, the journal's head, and how many rows each table has. Then each table has
a line with its name and columns, and one line a row. The last line is the SHA-256 of all bytes before it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson
from sqlalchemy import JSON, Connection, Table, bindparam, func, insert, select, text
from sqlalchemy.exc import StatementError

from core.database import Moment, metadata, milliseconds, moment, revision
from core.exchange import audit

FORM = 1
SLICE = 1000


class Unusable(Exception):  # noqa: N818 - a state of the file or of the database, not of the code
    """The backup cannot be restored; the message says why and what would help. Nothing was changed."""


@dataclass(frozen=True)
class Header:
    form: int
    schema: str
    head: str
    rows: Mapping[str, int]


def dump(connection: Connection) -> Iterator[bytes]:
    """The lines of a backup, as the database was when the transaction began."""
    tables = metadata.sorted_tables
    counts = {str(table.name): _count(connection, table) for table in tables}
    header = {"form": FORM, "schema": revision(connection), "head": audit.head(connection), "rows": counts}
    hashed = hashlib.sha256()
    for line in _lines(connection, header, tables):
        hashed.update(line)
        yield line
    yield _line({"sha256": hashed.hexdigest()})


def restore(connection: Connection, lines: Iterable[bytes], step: Callable[[int], None]) -> Header:
    """Writes a backup's rows into an empty database of the same schema, and proves what is there then.

    ``step`` is told how many more rows are written. Raises Unusable; the caller rolls back.
    """
    read = _checked(lines)
    header = _header(connection, next(read, {}))
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    try:
        counts = _read_in(connection, read, step)
    except (LookupError, TypeError, ValueError, StatementError):
        raise Unusable("The backup does not hold what a backup of this schema holds.") from None
    _number_on(connection)
    _prove(connection, header, counts)
    return header


def _read_in(connection: Connection, read: Iterable[Any], step: Callable[[int], None]) -> dict[str, int]:
    """Writes what stands behind the header; how many rows each table has."""
    tables = {table.name: (table, _rows(connection, table)) for table in metadata.sorted_tables}
    counts = dict.fromkeys(tables, 0)
    for name, columns, rows in _slices(read):
        table, present = tables[name]
        _write(
            connection, table, [dict(zip(columns, row, strict=True)) for row in rows if row not in present]
        )
        counts[name] += len(rows)
        step(len(rows))
    return counts


def _slices(read: Iterable[Any]) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """A table's name, its columns, and at most SLICE of its rows."""
    name, columns = "", list[str]()
    rows: list[list[Any]] = []
    for line in read:
        if rows and (isinstance(line, dict) or len(rows) == SLICE):
            yield name, columns, rows
            rows = []
        if isinstance(line, dict):
            name, columns = line["table"], line["columns"]
        else:
            rows.append(line)
    if rows:
        yield name, columns, rows


def _lines(connection: Connection, header: Mapping[str, Any], tables: Iterable[Table]) -> Iterator[bytes]:
    yield _line(header)
    for table in tables:
        yield _line({"table": table.name, "columns": [column.name for column in table.c]})
        for row in connection.execute(select(table), execution_options={"yield_per": SLICE}):
            yield _line(_kept(row))


def _line(value: Any) -> bytes:
    return orjson.dumps(value) + b"\n"


def _kept(row: Iterable[Any]) -> list[Any]:
    """A row's values as JSON has them; times as milliseconds."""
    return [milliseconds(value) if hasattr(value, "tzinfo") else value for value in row]


def _checked(lines: Iterable[bytes]) -> Iterator[Any]:
    """What each line holds, but for the last, which must be the hash of all before it."""
    hashed, last = hashlib.sha256(), None
    for line in lines:
        if last is not None:
            hashed.update(last)
            yield _parsed(last)
        last = line
    said = _parsed(last or b"")
    if not isinstance(said, dict) or said.get("sha256") != hashed.hexdigest():
        raise Unusable(
            "The backup is cut off or was changed: its last line is not the hash of what stands before it."
        )


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Unusable(
            "This is no backup, or one that is cut off or was changed: a line is no JSON."
        ) from None


def _header(connection: Connection, said: Any) -> Header:
    is_header = isinstance(said, dict) and set(said) == {each.name for each in fields(Header)}
    if not is_header or said["form"] != FORM:
        raise Unusable("This is no backup that this program can read.")
    header = Header(**said)
    if header.schema != revision(connection):
        raise Unusable(
            f"The backup is of schema {header.schema}, the database of {revision(connection)}. Restore it with the program "
            "that made it, then migrate."
        )
    if not audit.is_empty(connection):
        raise Unusable("The database is not empty. Restore into a new one.")
    return header


def _rows(connection: Connection, table: Table) -> list[list[Any]]:
    """What a migrated database has from its beginning."""
    return [_kept(row) for row in connection.execute(select(table))]


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    times = [column.name for column in table.c if isinstance(column.type, Moment)]
    for row in rows:
        row |= {name: moment(row[name]) for name in times if row[name] is not None}
    # Nothing is nothing, and not the JSON value null.
    values = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.c
        if isinstance(column.type, JSON)
    }
    connection.execute(insert(table).values(values) if values else insert(table), rows)


def _number_on(connection: Connection) -> None:
    """The next row of each table gets the next number."""
    if connection.dialect.name != "postgresql":
        return
    for table in (each for each in metadata.sorted_tables if "id" in each.c):
        owned = select(func.pg_get_serial_sequence(table.name, "id"))
        if sequence := connection.execute(owned).scalar_one():
            highest = select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest + 1, False)))


def _prove(connection: Connection, header: Header, counts: Mapping[str, int]) -> None:
    if header.rows != counts or any(
        _count(connection, table) != header.rows[table.name] for table in metadata.sorted_tables
    ):
        raise Unusable("The backup does not hold as many rows as it says.")
    failing = [proof.claim for proof in audit.audit(connection) if not proof.holds]
    if failing or audit.head(connection) != header.head:
        raise Unusable(
            f"What was restored does not hold: {'; '.join(failing) or 'the head of the journal differs'}."
        )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
