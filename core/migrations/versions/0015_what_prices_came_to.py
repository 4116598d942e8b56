"""How far what happened was from what a market priced, of options that were chosen and of options that were drawn."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "residual",
        sa.Column(
            "market_id",
            Id,
            sa.ForeignKey("market.id", name=op.f("fk_residual_market_id_market")),
            nullable=False,
        ),
        sa.Column(
            "decision_id",
            Id,
            sa.ForeignKey("decision.id", name=op.f("fk_residual_decision_id_decision")),
            nullable=False,
        ),
        sa.Column("measure", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("priced", Id, nullable=False),
        sa.Column("came_to", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_residual")),
    )
