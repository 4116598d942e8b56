"""Rows read and written in sets, by plain SQL that a database prepares once: the way of every trade.

SQLAlchemy makes the text of each statement once for each kind of database; from then on the driver runs it with the
values as they are: times are whole milliseconds, JSON is text.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter

from core.database import PIPELINE, Moment, is_one_act

T = TypeVar("T")
Row = tuple[Any, ...]
Later = Callable[[], T]  # Gives what was asked, once the statements that share a round trip were sent.
ROWS_MOST = 256  # In one statement.


class Among(ColumnElement[bool]):
    """Whether a column is one of a list that is given as one value, so that lists of any length share one text."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.bind: BindParameter[Any] = bindparam(name)
        self.array = _array_of(column)


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY(CAST({_bind(element.bind, compiler, kw)} AS {element.array}))"


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: Any, **kw: Any) -> str:
    inside = f"SELECT value FROM json_each({_bind(element.bind, compiler, kw)})"
    return f"{compiler.process(element.column, **kw)} IN ({inside})"


class AmongPairs(ColumnElement[bool]):
    """The same of two columns of whole numbers, and a list of pairs. ``pairs`` gives the values."""

    inherit_cache = False

    def __init__(self, first: ColumnElement[Any], second: ColumnElement[Any]) -> None:
        self.columns = (first, second)
        self.binds: list[BindParameter[Any]] = [bindparam(name) for name in ("pairs", "firsts", "seconds")]


def pairs(wanted: Collection[tuple[int, int]]) -> dict[str, list[Any]]:
    """What ``AmongPairs`` is given: one database takes pairs, the other two lists."""
    return {
        "pairs": [list(each) for each in wanted],
        "firsts": [first for first, _ in wanted],
        "seconds": [second for _, second in wanted],
    }


@compiles(AmongPairs, "postgresql")
def _among_pairs_postgresql(element: AmongPairs, compiler: Any, **kw: Any) -> str:
    columns = ", ".join(compiler.process(column, **kw) for column in element.columns)
    lists = ", ".join(f"CAST({_bind(bind, compiler, kw)} AS bigint[])" for bind in element.binds[1:])
    return f"({columns}) IN (SELECT * FROM unnest({lists}))"


@compiles(AmongPairs, "sqlite")
def _among_pairs_sqlite(element: AmongPairs, compiler: Any, **kw: Any) -> str:
    columns = ", ".join(compiler.process(column, **kw) for column in element.columns)
    given = f"json_each({_bind(element.binds[0], compiler, kw)})"
    return f"({columns}) IN (SELECT value ->> 0, value ->> 1 FROM {given})"


class Prepared:
    """A query whose text is made once. Values are given by name; a list goes with ``Among``."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, Mapping[str, Any], Sequence[str] | None]] = {}

    def rows(self, connection: Connection, **given: Any) -> list[Row]:
        found: list[Row] = self.run(connection, given).fetchall()
        return found

    def run(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """The driver's cursor."""
        name = connection.dialect.name
        if name not in self._texts:
            made: Any = self._statement.compile(dialect=connection.dialect)
            self._texts[name] = (str(made), made.params, made.positiontup)
        text, literals, order = self._texts[name]
        return _execute(connection, text, _values({**literals, **given}, order))


def ask(connection: Connection, *asked: tuple[Prepared, Mapping[str, Any]]) -> Later[list[list[Row]]]:
    """The rows of several queries, in the order asked, once the round trip is over that they share with others."""
    cursors = [query.run(connection, given) for query, given in asked]
    return lambda: [cursor.fetchall() for cursor in cursors]


def gather(connection: Connection, *asked: tuple[Prepared, Mapping[str, Any]]) -> list[list[Row]]:
    """The rows of several queries, in the order asked, by one round trip of their own."""
    with together(connection):
        found = ask(connection, *asked)
    return found()


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Statements of this module that run in the block share a round trip, where a database is a trip away."""
    if connection.dialect.name != "postgresql" or _is_shared(connection):
        yield
        return
    with _as_ever(connection), driver(connection).pipeline():
        yield


@contextmanager
def last(connection: Connection) -> Iterator[None]:
    """The same, for the last writes of an act; where the act is alone in its transaction, they travel with its commit."""
    if connection.dialect.name == "postgresql" and is_one_act(connection):
        connection.info[PIPELINE] = driver(connection).pipeline()
        connection.info[PIPELINE].__enter__()
        yield
        return
    with together(connection):
        yield


def insert(connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Adds rows, whose values stand in the order of the columns."""
    _write(connection, partial(_insert_text, table, columns), rows)


def upsert(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row], value: str
) -> None:
    """Adds rows, or sets the column ``value`` of those whose primary key is there."""
    _write(connection, partial(_upsert_text, table, columns, value, f'excluded."{value}"'), rows)


def count(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row], value: str
) -> None:
    """Adds rows, or adds to the column ``value`` of those whose primary key is there."""
    more = f'{table.name}."{value}" + excluded."{value}"'
    _write(connection, partial(_upsert_text, table, columns, value, more), rows)


def update(connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Sets columns of the rows whose id stands first among the values."""
    _write(connection, partial(_update_text, table, columns), rows)


def parsed(value: Any) -> Any:
    """What a JSON column holds; one of the drivers hands it out as text."""
    return orjson.loads(value) if isinstance(value, str) else value


def jsoned(value: Any) -> str:
    """The text of a JSON column."""
    return orjson.dumps(value).decode()


def driver(connection: Connection) -> Any:
    """The driver's own connection, in the transaction of ours."""
    return connection.connection.driver_connection


def _is_shared(connection: Connection) -> bool:
    """Whether statements share a round trip already: a second pipeline in the first would send what waits there."""
    return bool(driver(connection).pgconn.pipeline_status)


def _write(connection: Connection, text: Callable[[str, int], str], rows: Sequence[Row]) -> None:
    """All rows by one statement; SQLite has one for each power of two, so that a few texts serve for all numbers.

    Its driver lets other threads run at every step of a statement, and a row a statement would be a step a row.
    """
    if connection.dialect.name == "postgresql":
        if rows:
            _execute(
                connection, text("postgresql", 0), [_array(column) for column in zip(*rows, strict=True)]
            )
        return
    left = rows
    while left:
        size = min(1 << (len(left).bit_length() - 1), ROWS_MOST)
        _execute(connection, text("sqlite", size), tuple(chain.from_iterable(left[:size])))
        left = left[size:]


def _execute(connection: Connection, text: str, values: Any) -> Any:
    """The driver's cursor."""
    with _as_ever(connection):
        return driver(connection).execute(text, values)


@contextmanager
def _as_ever(connection: Connection) -> Iterator[None]:
    """The driver's faults are raised as SQLAlchemy raises those of other statements."""
    faults: Any = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except faults as fault:
        raise DBAPIError.instance(None, None, fault, faults, dialect=connection.dialect) from fault


@lru_cache
def _insert_text(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    given = _given(table, columns, dialect, size)
    return f"INSERT INTO {table.name} ({', '.join(_quoted(columns))}) {given}"


@lru_cache
def _upsert_text(
    table: Table, columns: tuple[str, ...], value: str, becomes: str, dialect: str, size: int
) -> str:
    key = ", ".join(_quoted(column.name for column in table.primary_key))
    changed = f'ON CONFLICT ({key}) DO UPDATE SET "{value}" = {becomes}'
    return f"{_insert_text(table, columns, dialect, size)} {changed}"


@lru_cache
def _update_text(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    key, *changed = named = _quoted(columns)
    values = ", ".join(f"{name} = given.{name}" for name in changed)
    given = f"WITH given({', '.join(named)}) AS ({_given(table, columns, dialect, size)})"
    return f"{given} UPDATE {table.name} SET {values} FROM given WHERE {table.name}.{key} = given.{key}"


def _given(table: Table, columns: tuple[str, ...], dialect: str, size: int) -> str:
    """The rows that are given with a statement: as an array a column, or as so many rows of values."""
    if dialect == "postgresql":
        return f"SELECT * FROM unnest({', '.join(f'%s::{_array_of(table.c[name])}' for name in columns)})"
    row = f"({', '.join('?' for _ in columns)})"
    return f"VALUES {', '.join(row for _ in range(size))}"


def _quoted(columns: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in columns]


def _array_of(column: Any) -> str:
    """The PostgreSQL array that holds a column's values."""
    kind = column.type
    if isinstance(kind, BigInteger | Moment):
        return "bigint[]"
    if isinstance(kind, Boolean):
        return "boolean[]"
    if isinstance(kind, Integer):
        return "integer[]"
    return "json[]" if isinstance(kind, JSON) else "text[]"


def _array(values: Iterable[Any]) -> str:
    """The text of an array: far cheaper than to have the driver make it, value by value."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


def _values(given: Mapping[str, Any], order: Sequence[str] | None) -> Any:
    if order is None:
        return given
    return tuple(jsoned(given[name]) if isinstance(given[name], list) else given[name] for name in order)


def _bind(bind: BindParameter[Any], compiler: Any, kw: dict[str, Any]) -> str:
    return str(compiler.process(bind, **kw))
