"""Rows written in sets: what is to be written are values, made first and sent together, one statement a set or one for all."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

from core.rows import Row, array_of, execute

ROWS_MOST = 256  # In one statement.


@dataclass(frozen=True)
class Write:
    """Rows to be written, and the text for so many of them in a kind of database: ``text(*of, dialect, size)``."""

    text: Callable[..., str]
    of: tuple[Hashable, ...]
    rows: Sequence[Row]


def insert(table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> Write:
    """Adds rows, whose values stand in the order of the columns."""
    return Write(_insert_text, (table, columns), rows)


def upsert(table: Table, columns: tuple[str, ...], rows: Sequence[Row], value: str) -> Write:
    """Adds rows, or sets the column ``value`` of those whose primary key is there."""
    return Write(_upsert_text, (table, columns, (_renewed(value),)), rows)


def count(
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    values: Sequence[str],
    renewed: Sequence[str] = (),
) -> Write:
    """Adds rows, or adds to the columns ``values`` of those whose primary key is there, and sets what is renewed."""
    more = [f'"{value}" = {table.name}."{value}" + excluded."{value}"' for value in values]
    return Write(_upsert_text, (table, columns, (*more, *map(_renewed, renewed))), rows)


def update(table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> Write:
    """Sets columns of the rows whose id stands first among the values."""
    return Write(_update_text, (table, columns), rows)


def run(connection: Connection, *writes: Write) -> None:
    """All of them; none may need what another one writes, since PostgreSQL makes them by one statement."""
    made = [each for each in writes if each.rows]
    if connection.dialect.name != "postgresql":
        for each in made:
            _write_in_parts(connection, each)
    elif made:
        arrays = [_array(column) for each in made for column in zip(*each.rows, strict=True)]
        execute(connection, _all_text(tuple((each.text, each.of) for each in made)), arrays)


def _write_in_parts(connection: Connection, of: Write) -> None:
    """One statement for each power of two, so that a few texts serve for all numbers of rows.

    SQLite's driver lets other threads run at every step of a statement, and a row a statement would be a step a row.
    """
    left = of.rows
    while left:
        size = min(1 << (len(left).bit_length() - 1), ROWS_MOST)
        text = of.text(*of.of, "sqlite", size)
        execute(connection, text, tuple(chain.from_iterable(left[:size])))
        left = left[size:]


@lru_cache
def _all_text(writes: tuple[tuple[Callable[..., str], tuple[Hashable, ...]], ...]) -> str:
    """One PostgreSQL statement that makes all of the writes."""
    parts = [f"w{number} AS ({text(*of, 'postgresql', 0)})" for number, (text, of) in enumerate(writes)]
    return f"WITH {', '.join(parts)} SELECT 1"


@lru_cache
def _insert_text(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    given = _given(table, columns, dialect, size)
    return f"INSERT INTO {table.name} ({', '.join(_quoted(columns))}) {given}"


@lru_cache
def _upsert_text(
    table: Table, columns: tuple[str, ...], changes: tuple[str, ...], dialect: str, size: int
) -> str:
    key = ", ".join(_quoted(column.name for column in table.primary_key))
    changed = f"ON CONFLICT ({key}) DO UPDATE SET {', '.join(changes)}"
    return f"{_insert_text(table, columns, dialect, size)} {changed}"


def _renewed(column: str) -> str:
    return f'"{column}" = excluded."{column}"'


@lru_cache
def _update_text(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    key, *changed = named = _quoted(columns)
    values = ", ".join(f"{name} = given.{name}" for name in changed)
    given = f"WITH given({', '.join(named)}) AS ({_given(table, columns, dialect, size)})"
    return f"{given} UPDATE {table.name} SET {values} FROM given WHERE {table.name}.{key} = given.{key}"


def _given(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    """The rows that are given with a statement: as an array a column, or as so many rows of values."""
    if dialect == "postgresql":
        return f"SELECT * FROM unnest({', '.join(f'%s::{array_of(table.c[name])}' for name in columns)})"
    row = f"({', '.join('?' for _ in columns)})"
    return f"VALUES {', '.join(row for _ in range(size))}"


def _quoted(columns: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in columns]


def _array(values: Iterable[Any]) -> str:
    """The text of an array: far cheaper than to have the driver make it, value by value."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)
