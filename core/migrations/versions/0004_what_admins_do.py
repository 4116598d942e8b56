"""What admins do: trading is halted, people leave; and each such act is kept with who and why."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("market", sa.Column("halted_at", Moment()))
    op.add_column("person", sa.Column("left_at", Moment()))
    op.create_index(op.f("ix_person_left_at"), "person", ["left_at"])
    op.create_table(
        "act",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_act_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index(op.f("ix_act_about"), "act", ["about"])
