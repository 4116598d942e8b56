"""What a command starts from: settings, and a database that it can use; or else a sentence, and status 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.settings import Settings
from core.database import SchemaMismatch, check_schema, open_engine, reading
from core.exchange import audit


def fail(sentence: str) -> NoReturn:
    """Ends the command with what went wrong."""
    Console(stderr=True, soft_wrap=True).print(f"[red]{escape(sentence)}[/]")
    raise typer.Exit(2)


def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as problem:
        fail("; ".join(error["msg"] for error in problem.errors()))


def database(settings: Settings) -> Engine:
    """An engine on FUTARCHY_DATABASE_URL, whatever is there."""
    try:
        return open_engine(settings.database_url)
    except SQLAlchemyError as problem:
        fail(f"FUTARCHY_DATABASE_URL cannot be used: {problem}")


def migrated(settings: Settings) -> Engine:
    """An engine on a database at this program's schema."""
    engine = database(settings)
    try:
        check_schema(engine)
    except SchemaMismatch as problem:
        fail(f"{problem}. Run `futarchy migrate` first.")
    except OperationalError as problem:
        fail(f"The database of FUTARCHY_DATABASE_URL cannot be opened: {problem.orig}")
    return engine


@contextmanager
def snapshot() -> Iterator[Connection]:
    """One state of the database of FUTARCHY_DATABASE_URL, for a command that only reads."""
    engine = migrated(settings())
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def guarded(settings: Settings) -> Engine:
    """An engine on a database at this program's schema that itself refuses changes to the journal."""
    engine = migrated(settings)
    with reading(engine) as connection:
        unguarded = ", ".join(audit.unguarded(connection))
    if unguarded:
        fail(f"The database would let the journal be changed: {unguarded}. Run `futarchy migrate` first.")
    return engine
