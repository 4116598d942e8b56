"""Rows read in sets, by plain SQL that a database prepares once: the way of every trade.

SQLAlchemy makes the text of each statement once for each kind of database; from then on the driver runs it with the
values as they are: times are whole milliseconds, JSON is text.
"""

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
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
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter

from core.database import Moment, moment

T = TypeVar("T")
Row = tuple[Any, ...]
Later = Callable[[], T]  # Gives what was asked, once the statements that share a round trip were sent.


class Among(ColumnElement[bool]):
    """Whether a column is one of a list that is given as one value, so that lists of any length share one text."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.bind: BindParameter[Any] = bindparam(name)
        self.array = array_of(column)


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

    def named(self, connection: Connection, **given: Any) -> list[Any]:
        """The rows by the names of their columns, and values as Python has them: aware times, truths, parsed JSON."""
        return self.read(self.rows(connection, **given))

    def read(self, rows: Iterable[Row]) -> list[Any]:
        """The same of rows that were asked together with others."""
        return [self._row(*map(_valued, self._readers, row)) for row in rows]

    @cached_property
    def _row(self) -> Any:
        return namedtuple("Named", [str(column.key) for column in self._statement.selected_columns])  # noqa: PYI024

    @cached_property
    def _readers(self) -> list[Callable[[Any], Any] | None]:
        return [_reader(column.type) for column in self._statement.selected_columns]

    def run(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """The driver's cursor."""
        name = connection.dialect.name
        if name not in self._texts:
            made: Any = self._statement.compile(dialect=connection.dialect)
            self._texts[name] = (str(made), made.params, made.positiontup)
        text, literals, order = self._texts[name]
        return execute(connection, text, _values({**literals, **given}, order))


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


def execute(connection: Connection, text: str, values: Any) -> Any:
    """The driver's cursor."""
    with _as_ever(connection):
        return driver(connection).execute(text, values)


@contextmanager
def _as_ever(connection: Connection) -> Iterator[None]:
    """The driver's faults are raised as SQLAlchemy raises those of other statements; a lost connection is not kept."""
    dialect = connection.dialect
    faults: Any = dialect.loaded_dbapi.Error
    try:
        yield
    except faults as fault:
        is_lost = dialect.is_disconnect(fault, driver(connection), None)
        if is_lost:
            connection.invalidate(fault)
            connection.engine.dispose()  # The others that wait in the pool are of the same server.
        raise DBAPIError.instance(
            None, None, fault, faults, connection_invalidated=is_lost, dialect=dialect
        ) from fault


def array_of(column: Any) -> str:
    """The PostgreSQL array that holds a column's values."""
    kind = column.type
    if isinstance(kind, BigInteger | Moment):
        return "bigint[]"
    if isinstance(kind, Boolean):
        return "boolean[]"
    if isinstance(kind, Integer):
        return "integer[]"
    return "json[]" if isinstance(kind, JSON) else "text[]"


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a Python value of the driver's, where they differ."""
    return next((reader for of, reader in _READERS.items() if isinstance(kind, of)), None)


def _valued(reader: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if reader is None or value is None else reader(value)


_READERS: Mapping[type, Callable[[Any], Any]] = {Moment: moment, Boolean: bool, JSON: parsed}


def _values(given: Mapping[str, Any], order: Sequence[str] | None) -> Any:
    if order is None:
        return given
    return tuple(jsoned(given[name]) if isinstance(given[name], list) else given[name] for name in order)


def _bind(bind: BindParameter[Any], compiler: Any, kw: dict[str, Any]) -> str:
    return str(compiler.process(bind, **kw))
