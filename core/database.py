"""One way to open a database, SQLite or PostgreSQL, and what both share: times, upserts, migrations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.types import TypeDecorator

ID_MOST = 2**63 - 1
LOCK_MILLISECONDS = 2000  # So long a transaction waits for what another one holds.
IDLE_SECONDS = 1.0  # After so long a connection to a server is tried before it is used.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself for INTEGER only.

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

KEPT = {
    "is_kept": True
}  # What a table says of itself whose rows are written once, and which the database guards.


class SchemaMismatch(Exception):  # noqa: N818 - a state of the database, not of the code
    """The database is not at this program's schema: unmigrated, or newer than the program."""


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC, kept as whole milliseconds since 1970, so that integrals over time are integers."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else moment(value)


def row_ids(asked: Iterable[int]) -> list[int]:
    """Each of these ids once, in order, but those that no row can have: people send numbers that no database holds."""
    return sorted({each for each in asked if 0 < each <= ID_MOST})


@lru_cache(maxsize=256)  # A batch shares its moment.
def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970. A naive time is a fault of the caller."""
    if at.tzinfo is None:
        raise ValueError(f"a naive time was passed: {at}")
    return (at - EPOCH) // timedelta(milliseconds=1)


def moment(milliseconds_since_1970: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds_since_1970)


def open_engine(url: str) -> Engine:
    """An engine whose transactions are durable when they commit (SQLite: WAL, synchronous FULL)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"))
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_try_out, engine.dialect))
        return engine
    engine = create_engine(parsed)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_postgresql(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
    # What is asked again and again is found by keys, whatever the values are: to plan it anew each time gains nothing.
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.commit()


def _note_use(_connection: object, record: Any) -> None:
    record.info["used_at"] = monotonic()


def _try_out(dialect: Dialect, connection: Any, record: Any, _borrowed: object) -> None:
    """A connection that lay idle is tried before it is used: its server may be another one by now.

    To try each one each time would cost a batch of trades a fourth round trip.
    """
    if monotonic() - record.info.get("used_at", monotonic()) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as gone:
        raise DisconnectionError(str(gone)) from gone  # The pool drops it and gives another one.


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # We begin transactions ourselves, see _begin_sqlite.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_MILLISECONDS}",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: taking it at the first write could fail after reads have been trusted.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(engine: Engine, writer: str = "direct") -> Iterator[Connection]:
    """A connection in one transaction that may write; it commits when the block ends well.

    ``writer`` names who writes: the journal chains the entries of each writer.
    """
    with engine.connect().execution_options(writing=True, writer=writer) as connection, connection.begin():
        yield connection


def writer_of(connection: Connection) -> str:
    """Who writes on this connection."""
    return str(connection.get_execution_options()["writer"])


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database for all its statements."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    changes: Sequence[str],
) -> None:
    """Insert rows, or set the columns ``changes`` of those whose primary key is already there."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: statement.excluded[name] for name in changes},
        ),
        rows,
    )


def migrate(engine: Engine) -> None:
    """Bring the database to this program's schema."""
    config = _alembic()
    with _recreating(engine), writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _recreating(engine: Engine) -> Iterator[None]:
    """SQLite changes a table by making it anew, which foreign keys would not let happen while they are watched."""
    if engine.dialect.name != "sqlite":
        yield
        return

    def unwatch(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")  # Inside a transaction it would do nothing.

    engine.dispose()  # The next connection is a new one.
    event.listen(engine, "connect", unwatch)
    try:
        yield
    finally:
        event.remove(engine, "connect", unwatch)
        engine.dispose()  # The connection that was not watching is not used again.


def revision(connection: Connection) -> str | None:
    """The schema that the database stands at; None if it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def check_schema(engine: Engine) -> None:
    """Raises SchemaMismatch unless the database stands exactly at this program's schema."""
    with reading(engine) as connection:
        found = revision(connection)
    wanted = ScriptDirectory.from_config(_alembic()).get_current_head()
    if found != wanted:
        raise SchemaMismatch(f"the database is at revision {found}, this program needs {wanted}")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
