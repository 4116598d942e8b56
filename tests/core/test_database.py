"""What the two kinds of database share, and what is refused at start."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from server import drop_connections
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from core import database
from core.database import (
    Moment,
    SchemaMismatch,
    check_schema,
    metadata,
    migrate,
    milliseconds,
    moment,
    reading,
    upsert,
    writing,
)
from core.ledger.tables import account, unit

NOW = datetime(2026, 3, 29, 1, 30, 0, 123_000, tzinfo=UTC)
moments = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", Moment))


def test_the_migrations_make_exactly_the_tables_that_the_rooms_describe(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_a_database_without_migrations_is_refused(empty_engine: Engine):
    with pytest.raises(SchemaMismatch, match="at revision None"):
        check_schema(empty_engine)


def test_a_database_newer_than_the_program_is_refused(engine: Engine):
    check_schema(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="at revision 9999"):
        check_schema(engine)


def test_migrating_twice_changes_nothing(engine: Engine):
    migrate(engine)
    check_schema(engine)
    with reading(engine) as connection:
        assert connection.execute(select(account.c.name)).scalars().all() == ["treasury", "pool:main"]


def test_a_moment_comes_back_in_utc_to_the_millisecond(empty_engine: Engine):
    """Whatever the zone in which it was said."""
    said = NOW.astimezone(timezone(timedelta(hours=9)))
    with writing(empty_engine) as connection:
        moments.create(connection)
        connection.execute(moments.insert(), [{"id": 1, "at": said}, {"id": 2, "at": None}])
    with reading(empty_engine) as connection:
        found = connection.execute(select(moments.c.at).order_by(moments.c.id)).scalars().all()

    assert found == [NOW, None]
    assert found[0].tzinfo is UTC


def test_a_naive_time_is_refused(empty_engine: Engine):
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        milliseconds(naive)
    with writing(empty_engine) as connection:
        moments.create(connection)
        with pytest.raises(StatementError, match="naive"):
            connection.execute(moments.insert().values(id=1, at=naive))


def test_milliseconds_before_1970_round_down_as_after():
    assert moment(milliseconds(NOW)) == NOW
    assert milliseconds(datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)) == -1


def test_a_commit_on_sqlite_is_durable(sqlite_engine: Engine):
    """WAL, a disk that is waited for at each commit, and foreign keys that hold."""
    with reading(sqlite_engine) as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]

    full = 2
    assert found == ["wal", full, 1]


def test_a_foreign_key_to_nothing_is_refused(engine: Engine):
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(unit.insert().values(name="coupon", issuer_id=999))


def test_a_failing_block_writes_nothing(engine: Engine):
    twice = [{"name": "ann"}, {"name": "ann"}]
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(account.insert(), twice)
    with reading(engine) as connection:
        assert connection.execute(select(account.c.id).where(account.c.name == "ann")).first() is None


def test_a_reader_sees_one_state_of_the_database(engine: Engine):
    """What is committed while it reads does not show."""
    names = select(account.c.name).order_by(account.c.id)
    with reading(engine) as reader:
        before = reader.execute(names).scalars().all()
        with writing(engine) as writer:
            writer.execute(account.insert().values(name="ann"))

        assert reader.execute(names).scalars().all() == before == ["treasury", "pool:main"]


def test_an_upsert_inserts_what_is_new_and_changes_what_is_there(empty_engine: Engine):
    words = Table(
        "words", MetaData(), Column("id", Integer, primary_key=True), Column("a", String), Column("b", String)
    )
    with writing(empty_engine) as connection:
        words.create(connection)
        upsert(connection, words, [{"id": 1, "a": "old", "b": "old"}], ["a"])
        upsert(connection, words, [{"id": 1, "a": "new", "b": "new"}, {"id": 2, "a": "x", "b": "x"}], ["a"])
        upsert(connection, words, [], ["a"])
        found = connection.execute(select(words).order_by(words.c.id)).all()

    assert [tuple(row) for row in found] == [(1, "new", "old"), (2, "x", "x")]


def test_a_connection_that_lay_idle_is_replaced_if_its_server_dropped_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """As after a restart of the server; SQLite has none, and nothing to drop."""
    monkeypatch.setattr(database, "IDLE_SECONDS", 0.0)
    with reading(engine) as idle:
        idle.execute(text("SELECT 1"))
    drop_connections(engine)

    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
