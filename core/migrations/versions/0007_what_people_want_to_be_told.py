"""What people do not want to be told, when each was last told something, and what is being told to many."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "mute",
        sa.Column(
            "person_id", Id, sa.ForeignKey("person.id", name=op.f("fk_mute_person_id_person")), nullable=False
        ),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_mute")),
    )
    op.create_table(
        "digest",
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_digest")),
    )
    op.add_column("decision", sa.Column("warned_at", Moment()))
    op.add_column("decision", sa.Column("warned_to", Id))
