"""What portfolios had day by day, and the subsidy reports that were sent."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "portfolio_day",
        _of("portfolio_day"),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        *(sa.Column(name, Id, nullable=False) for name in ("free", "reserved", "lost")),
        sa.PrimaryKeyConstraint("portfolio_id", "day", name=op.f("pk_portfolio_day")),
    )
    op.create_table(
        "subsidy_report",
        _of("subsidy_report"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_for", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("portfolio_id", "number", name=op.f("pk_subsidy_report")),
    )


def _of(table: str) -> sa.Column[int]:
    constraint = op.f(f"fk_{table}_portfolio_id_portfolio")
    return sa.Column("portfolio_id", Id, sa.ForeignKey("portfolio.id", name=constraint), nullable=False)
