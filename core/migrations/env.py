"""Gathers every room's tables, and runs migrations over the connection that core.database hands in."""

from alembic import context

from core.announcements import tables as announcements
from core.calibration import tables as calibration
from core.database import metadata
from core.decisions import tables as decisions
from core.ledger import tables as ledger
from core.markets import tables as markets
from core.people import tables as people

ROOMS = (announcements, calibration, decisions, ledger, markets, people)

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
