"""When all who hold something in a question were told that it closes soon, and the last of them while that goes on."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("question", sa.Column("warned_at", Moment()))
    op.add_column("question", sa.Column("warned_to", Id))
