"""Plans: a portfolio's lines carry the key of what was applied, the policy's last look is kept, and a lesson is learned once."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("portfolio_change", sa.Column("key", sa.String(255)))
    op.create_index("ix_portfolio_change_key", "portfolio_change", ["key"], unique=True)
    op.add_column("portfolio", sa.Column("looked_at", Moment()))
    op.create_index("ix_learned_settled", "learned", ["settled"], unique=True)
