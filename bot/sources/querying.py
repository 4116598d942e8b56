"""One value out of a database that the environment names: one query that can only read, for so long at most."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from time import monotonic
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.sources.failed import Failed
from core.exchange.sourcing import Found

SNIPPET_MOST = 400
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_STEPS = 10_000  # Of SQLite's machine between two looks at the clock.


def query(url: str, asked: str, seconds: float) -> Found:
    """A row of a value, and perhaps the time that it is of; it takes a thread of its own. Raises Failed."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Failed("no_database") from None
    # Nothing but a query stands in these brackets, and more than two rows are not fetched.
    wrapped = f"SELECT * FROM (\n{asked.strip().rstrip(';')}\n) AS asked LIMIT 2"
    match parsed.get_backend_name():
        case "sqlite":
            return _found(_in_sqlite(parsed.database or "", wrapped, seconds))
        case "postgresql":
            dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            return _found(_in_postgresql(dsn, wrapped, seconds))
        case other:
            raise Failed("no_database", other)


def _in_sqlite(path: str, wrapped: str, seconds: float) -> Sequence[Sequence[Any]]:
    until = monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=seconds)) as connection:
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(lambda: int(monotonic() > until), _STEPS)
            return connection.execute(wrapped).fetchall()
    except sqlite3.Error as problem:
        if str(problem) == "interrupted":
            raise Failed("slow", str(seconds).removesuffix(".0")) from None
        raise Failed("query", str(problem)) from None


def _only_reading(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _in_postgresql(dsn: str, wrapped: str, seconds: float) -> Sequence[Sequence[Any]]:
    """Prepared, a statement is one statement: nobody ends our transaction and begins one that writes."""
    try:
        with psycopg.connect(dsn, connect_timeout=max(2, int(seconds))) as connection:
            connection.read_only = True
            connection.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
            return connection.execute(wrapped.encode(), prepare=True).fetchall()
    except psycopg.errors.QueryCanceled:
        raise Failed("slow", str(seconds).removesuffix(".0")) from None
    except psycopg.Error as problem:
        said = problem.diag.message_primary or type(problem).__name__
        raise Failed("query", said) from None


def _found(rows: Sequence[Sequence[Any]]) -> Found:
    if len(rows) != 1:
        raise Failed("no_row" if not rows else "rows")
    if not 1 <= len(rows[0]) <= 2:
        raise Failed("columns")
    value, *as_of = rows[0]
    shown = ", ".join(str(each) for each in rows[0])
    return Found(value, _moment(as_of[0]) if as_of else None, shown[:SNIPPET_MOST])


def _moment(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
