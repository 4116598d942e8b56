"""Guards: triggers by which the database itself refuses to change the journal, whoever asks it.

Other rooms keep records with the journal, which nobody may change either: their tables say so of themselves.

SQLite's REPLACE deletes rows without asking triggers of deletion. Its guard makes the same insert with OR IGNORE,
which SQLite turns into OR REPLACE exactly where that was asked for: then something changes, and all of it is refused.
Any other insert is left alone, so that a taken key still fails as a taken key, which the writer tries again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, UniqueConstraint, inspect, text

from core.database import KEPT, metadata
from core.ledger.tables import account, entry, posting, unit

GUARDED = (
    account,
    unit,
    entry,
    posting,
)  # What a posting names is as much a part of the journal as its amount.
REFUSAL = "the journal is never changed"

# The code of this refusal is none that the writer takes for a conflict.
_REFUSE = f"""
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = '{REFUSAL}: ' || TG_OP || ' of ' || TG_TABLE_NAME || ' is refused';
END
"""
_STANDING = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql = :statement"),
    "postgresql": text(
        "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = to_regclass(:table) AND tgname = :name AND tgenabled = 'A' AND prosrc = :refuse"
    ),
}


@dataclass(frozen=True)
class _Guard:
    table: str
    name: str
    statement: str


def install(connection: Connection) -> None:
    """Sets every guard anew, whatever stands in its place."""
    remove(connection)
    if _is_postgresql(connection):
        body = f"RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$"
        connection.exec_driver_sql(f"CREATE FUNCTION refuse_change() {body}")
    for guard in _guards(connection):
        connection.exec_driver_sql(guard.statement)
        if _is_postgresql(connection):  # A session that plays a replica is refused like any other.
            connection.exec_driver_sql(f"ALTER TABLE {guard.table} ENABLE ALWAYS TRIGGER {guard.name}")


def remove(connection: Connection) -> None:
    """For migrations, which install again in the same transaction."""
    for guard in _guards(connection):
        place = f" ON {guard.table}" if _is_postgresql(connection) else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}{place}")
    if _is_postgresql(connection):
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def missing(connection: Connection) -> list[str]:
    """Names of the guards that are not there, are switched off, or no longer refuse."""
    wanted = _STANDING[connection.dialect.name]
    return [
        guard.name
        for guard in _guards(connection)
        if connection.execute(wanted, vars(guard) | {"refuse": _REFUSE}).first() is None
    ]


def _guards(connection: Connection) -> Iterator[_Guard]:
    actions = _on_postgresql if _is_postgresql(connection) else _on_sqlite
    for table in (*GUARDED, *_kept(connection)):
        for event, action in actions(table).items():
            name = f"guard_{table.name}_{event.lower()}"
            made = f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} {action}"
            yield _Guard(table.name, name, made)


def _kept(connection: Connection) -> list[Table]:
    """Those that the schema has: a migration to an older one comes by here too."""
    there = set(inspect(connection).get_table_names())
    kept = {name: table for name, table in metadata.tables.items() if table.info.items() >= KEPT.items()}
    return [kept[name] for name in sorted(kept.keys() & there)]


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _on_postgresql(_: Table) -> dict[str, str]:
    """What happens before each event. An upsert is an UPDATE where it meets a row; a cascade truncates like any other."""
    refuse = "EXECUTE FUNCTION refuse_change()"
    return {"UPDATE": f"FOR EACH ROW {refuse}", "DELETE": f"FOR EACH ROW {refuse}", "TRUNCATE": refuse}


def _on_sqlite(table: Table) -> dict[str, str]:
    taken = " OR ".join(_is_taken(table, key) for key in _keys(table))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(f'NEW."{column.name}"' for column in table.columns)
    same = f"INSERT OR IGNORE INTO {table.name} ({columns}) VALUES ({values})"
    return {
        "UPDATE": f"BEGIN {_raise('UPDATE', table)}; END",
        "DELETE": f"BEGIN {_raise('DELETE', table)}; END",
        "INSERT": f"WHEN {taken} BEGIN {same}; {_raise('REPLACE', table)} WHERE changes() > 0; END",
    }


def _raise(event: str, table: Table) -> str:
    return f"SELECT RAISE(ABORT, '{REFUSAL}: {event} of {table.name} is refused')"


def _is_taken(table: Table, key: list[str]) -> str:
    same = " AND ".join(f'"{name}" = NEW."{name}"' for name in key)
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"


def _keys(table: Table) -> list[list[str]]:
    """Columns by which one row replaces another; SQLite's own row number is one where the primary key is not that number."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each.columns for each in table.indexes if each.unique]
    keys = sorted([column.name for column in columns] for columns in (table.primary_key.columns, *unique))
    if table.autoincrement_column is None and table.dialect_options["sqlite"]["with_rowid"]:
        keys.append(["rowid"])
    return keys
