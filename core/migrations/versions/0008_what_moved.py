"""Since when each trader knows a market's prices, and what they were when its traders were last looked through."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # Nobody is told now of what moved before: it all begins at the newest price of each market.
    op.add_column("trader", sa.Column("seen_at", Moment(), nullable=False, server_default="0"))
    op.add_column("trader", sa.Column("seen_trade", sa.Integer(), nullable=False, server_default="0"))
    newest = "(SELECT {} FROM market WHERE market.id = trader.market_id)"
    op.execute(
        f"UPDATE trader SET seen_at = {newest.format('tick_at')}, seen_trade = {newest.format('trades')}"
    )
    op.create_table(
        "watch",
        sa.Column(
            "market_id",
            Id,
            sa.ForeignKey("market.id", name=op.f("fk_watch_market_id_market")),
            nullable=False,
        ),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("looked_to", Id),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_watch")),
    )
    op.execute("INSERT INTO watch (market_id, trades, prices) SELECT id, trades, prices FROM market")
