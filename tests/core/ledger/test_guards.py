"""The database itself refuses to change the journal, whatever the statement and whoever sends it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from exchange_driver import Exchange
from journal_acts import NOW, REFUSED, grant, journal, refuse
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, registry

from core import writer as writers
from core.database import migrate, upsert, writing
from core.ledger import guards
from core.ledger.tables import entry, posting
from core.writer import Writer

JOURNAL = ("account", "unit", "entry", "posting")
KEPT = (
    "backing",
    "ballot",
    "breach",
    "declaration",
    "draw",
    "learned",
    "note",
    "portfolio_change",
    "portfolio_day",
    "record",
    "report",
    "residual",
    "spent",
    "stakes",
    "subsidy_report",
)
EDITABLE = {"entry": "reason", "posting": "amount"}
TABLES = pytest.mark.parametrize("table", [entry, posting], ids=lambda table: table.name)
ONLY = {home: pytest.mark.parametrize("home", [home], indirect=True) for home in ("sqlite", "postgresql")}


@pytest.fixture
def kept(engine: Engine) -> Iterator[Engine]:
    """A database whose journal is the same after the test as before."""
    with writing(engine) as connection:
        grant(connection, "first")
        grant(connection, "second")
    before = journal(engine)
    yield engine
    assert journal(engine) == before


def first_row(connection: Connection, table: Table) -> dict[str, Any]:
    return dict(connection.execute(select(table).order_by(*table.primary_key)).mappings().first())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET reason = 'another'",
        "UPDATE entry SET key = key WHERE key = 'first'",
        "UPDATE posting SET amount = amount + 1",
        "DELETE FROM posting",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE key = 'second'",
        "INSERT INTO entry SELECT * FROM entry WHERE key = 'first' ON CONFLICT (key) DO UPDATE SET reason = 'x'",
    ],
)
def test_a_change_is_refused(kept: Engine, statement: str):
    refuse(kept, statement)


@ONLY["postgresql"]
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET reason = 'another'",
        "DELETE FROM posting",
        "TRUNCATE posting",
        "TRUNCATE entry, posting, trade",
        "TRUNCATE entry CASCADE",
        "TRUNCATE account CASCADE",
        "MERGE INTO posting USING entry ON entry.id = entry_id WHEN MATCHED THEN UPDATE SET amount = 1",
        "MERGE INTO posting USING entry ON entry.id = entry_id WHEN MATCHED THEN DELETE",
    ],
)
def test_postgresql_refuses_also_where_triggers_are_switched_off(kept: Engine, role: str, statement: str):
    """TRUNCATE directly and by cascade, and a session in the role of a replica, where usual triggers do not fire."""
    refuse(kept, f"SET LOCAL session_replication_role = {role}", statement)


@ONLY["sqlite"]
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "REPLACE INTO posting SELECT * FROM posting",
        "UPDATE OR REPLACE entry SET id = 1, key = 'first' WHERE key = 'second'",
        "UPDATE OR IGNORE entry SET reason = 'another'",
    ],
)
def test_sqlite_refuses_to_replace(kept: Engine, recursive: str, statement: str):
    """Whether or not the connection lets deletions by REPLACE ask the triggers of deletion."""
    with kept.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises((IntegrityError, OperationalError), match=f"{REFUSED}|trigger recursion"):
            connection.execute(text(statement))


@ONLY["sqlite"]
@pytest.mark.parametrize("new", [{"key": "new"}, {"id": 99}, {"key": "new", "id": 1}])
def test_sqlite_refuses_to_replace_an_entry_by_either_of_its_keys(kept: Engine, new: dict[str, Any]):
    with writing(kept) as connection:
        row = first_row(connection, entry) | {"reason": "another"} | new
        with pytest.raises(IntegrityError, match="REPLACE of entry is refused"):
            connection.execute(entry.insert().prefix_with("OR REPLACE").values(row))


@TABLES
def test_an_upsert_of_ours_is_refused(kept: Engine, table: Table):
    with writing(kept) as connection:
        row = first_row(connection, table)
        with pytest.raises(IntegrityError, match=REFUSED):
            upsert(connection, table, [row], [EDITABLE[table.name]])
        connection.rollback()


@TABLES
@pytest.mark.parametrize("act", ["change", "delete", "merge"])
def test_a_stray_call_of_an_orm_is_refused(kept: Engine, table: Table, act: str):
    class Row:
        pass

    mapped = registry()
    mapped.map_imperatively(Row, table)
    with Session(kept) as session:
        found = session.scalars(select(Row)).first()
        if act == "change":
            setattr(found, EDITABLE[table.name], 7)
        elif act == "delete":
            session.delete(found)
        else:
            session.merge(Row(**first_row(session.connection(), table) | {EDITABLE[table.name]: 7}))
        with pytest.raises(IntegrityError, match=REFUSED):
            session.flush()
    mapped.dispose()


@TABLES
def test_an_insert_that_passes_over_what_is_there_is_left_alone(kept: Engine, table: Table):
    with writing(kept) as connection:
        again = f"INSERT INTO {table.name} SELECT * FROM {table.name} WHERE true ON CONFLICT DO NOTHING"
        connection.execute(text(again))


def test_a_refusal_is_not_tried_again(kept: Engine):
    tried: list[int] = []

    def change(connection: Connection, now: datetime) -> None:
        tried.append(1)
        connection.execute(entry.update().values(reason="another"))

    writer = Writer(kept, lambda: NOW)
    with pytest.raises(IntegrityError, match=REFUSED):
        writer.submit(change).result(timeout=30)
    writer.close()

    assert len(tried) == 1


def test_a_key_of_an_entry_that_is_taken_is_a_conflict_as_ever(kept: Engine):
    """The writer tries again, so that a use case can find what another process has done."""
    tried: list[int] = []

    def take(connection: Connection, now: datetime) -> None:
        tried.append(1)
        grant(connection, "first")

    writer = Writer(kept, lambda: NOW)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        writer.submit(take).result(timeout=30)
    writer.close()

    assert len(tried) == writers.ATTEMPTS


@pytest.mark.parametrize(
    ("home", "statement", "gone"),
    [
        ("sqlite", "DROP TRIGGER guard_posting_insert", ["guard_posting_insert"]),
        ("postgresql", "DROP TRIGGER guard_entry_truncate ON entry", ["guard_entry_truncate"]),
        ("postgresql", "ALTER TABLE entry DISABLE TRIGGER guard_entry_update", ["guard_entry_update"]),
        ("postgresql", "ALTER TABLE posting ENABLE TRIGGER guard_posting_delete", ["guard_posting_delete"]),
        (
            "postgresql",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            [
                f"guard_{table}_{event}"
                for table in (*JOURNAL, *KEPT)
                for event in ("update", "delete", "truncate")
            ],
        ),
    ],
    indirect=["home"],
)
def test_a_guard_that_was_taken_away_is_named_by_the_audit_and_comes_back(
    exchange: Exchange, statement: str, gone: list[str]
):
    """Dropped, switched off, off for replicas only, or hollowed out."""
    with writing(exchange.engine) as connection:
        connection.execute(text(statement))

    (proof,) = exchange.audit()
    assert proof.claim == "The database itself refuses changes to the journal"
    assert proof.faults == tuple(f"{name} is not there or is switched off" for name in gone)
    migrate(exchange.engine)
    assert exchange.audit() == []


@ONLY["sqlite"]
def test_a_trigger_that_only_bears_the_name_of_a_guard_is_none(engine: Engine):
    with writing(engine) as connection:
        connection.execute(text("DROP TRIGGER guard_entry_delete"))
        connection.execute(
            text("CREATE TRIGGER guard_entry_delete BEFORE DELETE ON entry BEGIN SELECT 1; END")
        )

        assert guards.missing(connection) == ["guard_entry_delete"]


@ONLY["sqlite"]
@pytest.mark.parametrize("key", [("a", "b"), ("c",), ("d",), ("rowid",)])
def test_every_key_that_a_table_has_is_guarded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, key: tuple[str, ...]
):
    """Primary key of several columns, unique constraint, unique index, and SQLite's own number of the row."""
    numbers = [Column(name, Integer, primary_key=name in "ab") for name in "abcd"]
    table = Table("t", MetaData(), *numbers, UniqueConstraint("c"), Index("ix", "d", unique=True))
    monkeypatch.setattr(guards, "GUARDED", (table,))
    replace = text("REPLACE INTO t (rowid, a, b, c, d) VALUES (:rowid, :a, :b, :c, :d)")
    old, new = (dict.fromkeys(("rowid", *"abcd"), number) for number in (1, 2))
    with writing(engine) as connection:
        table.create(connection)
        guards.install(connection)
        connection.execute(replace, old)
        with pytest.raises(IntegrityError, match="REPLACE of t is refused"):
            connection.execute(replace, new | {name: old[name] for name in key})
        connection.execute(replace, new)

        assert connection.execute(select(table.c.a)).scalars().all() == [1, 2]
