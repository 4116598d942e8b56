"""Where a question that hangs on no decision is told, and by which key it was opened."""

import sqlalchemy as sa
from alembic import op

from core.database import Id

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column(
            "market_id",
            Id,
            sa.ForeignKey("market.id", name=op.f("fk_question_market_id_market")),
            nullable=False,
        ),
        sa.Column("key", sa.String(255)),
        sa.Column("public_address", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_question")),
        sa.UniqueConstraint("key", name=op.f("uq_question_key")),
    )
