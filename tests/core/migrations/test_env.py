"""Every migration, whatever it does to the journal, leaves it guarded."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from journal_acts import grant, journal, refuse
from sqlalchemy import Engine

import core.migrations
from core.database import migrate, reading, writing
from core.ledger import guards

MIGRATION = '''
"""A migration that changes the journal and makes one of its tables anew."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade():
    op.execute("UPDATE entry SET reason = 'seen by a migration'")
    with op.batch_alter_table("posting", recreate="always") as batch:
        batch.add_column(sa.Column("memo", sa.Text()))
'''


def test_a_database_is_guarded_however_often_it_is_migrated(engine: Engine):
    with writing(engine) as connection:
        grant(connection, "first")
    migrate(engine)
    with reading(engine) as connection:
        assert guards.missing(connection) == []
    refuse(engine, "UPDATE entry SET reason = 'another'")


def test_guards_survive_a_migration_that_makes_a_table_anew(engine: Engine, tmp_path: Path):
    """The migration itself may change the journal; nobody may afterwards."""
    with writing(engine) as connection:
        grant(connection, "first")
    before = journal(engine)
    upgrade(engine, tmp_path)

    (_, postings), (entries, same) = before, journal(engine)
    assert [row["reason"] for row in entries] == ["seen by a migration"]
    assert same == postings
    with reading(engine) as connection:
        assert guards.missing(connection) == []
    refuse(engine, "UPDATE entry SET reason = 'another'")
    refuse(engine, "UPDATE posting SET memo = 'another'")
    refuse(engine, "DELETE FROM posting")


def upgrade(engine: Engine, folder: Path) -> None:
    """Runs one more migration than the program has, by the program's own way."""
    rooms = Path(core.migrations.__file__).parent
    config = Config()
    config.set_main_option("script_location", str(rooms))
    config.set_main_option("version_locations", f"{rooms / 'versions'} {folder}")
    config.set_main_option("path_separator", "space")
    head = ScriptDirectory.from_config(config).get_current_head()
    (folder / "9999.py").write_text(MIGRATION.format(head=head))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
