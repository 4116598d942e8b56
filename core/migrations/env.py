"""Gathers every room's tables, and runs migrations over the connection that core.database hands in.

Migrations may change the journal, and SQLite drops the guards of a table that is made anew, so they are set after all others.
"""

from alembic import context

from core.announcements import tables as announcements
from core.calibration import tables as calibration
from core.database import metadata
from core.decisions import tables as decisions
from core.funding import tables as funding
from core.ledger import guards
from core.ledger import tables as ledger
from core.markets import reading_tables as reading
from core.markets import tables as markets
from core.people import tables as people

ROOMS = (announcements, calibration, decisions, funding, ledger, markets, people, reading)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
guards.remove(connection)
context.run_migrations()
guards.install(connection)
