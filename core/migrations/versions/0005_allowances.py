"""Allowances: the standing rule, and who was welcomed by it."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("person", sa.Column("welcomed_at", Moment()))
    op.create_index(op.f("ix_person_welcomed_at"), "person", ["welcomed_at"])
    op.create_table(
        "allowance",
        sa.Column("id", Id, nullable=False),
        sa.Column("opening", Id, nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.Column("cap", Id),
        sa.Column("floor", Id, nullable=False),
        sa.Column("period_days", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("paid_period", sa.Integer(), nullable=False),
        sa.Column("paid_to", Id),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
    )
