"""Second wallets for long horizons, which markets are long, and from which wallet limit orders reserved."""

import sqlalchemy as sa
from alembic import op

from core.database import Id

revision = "0017"
down_revision = "0016"

HORIZON = 90 * 86_400_000  # As nobody had said otherwise.


def upgrade() -> None:
    op.create_table(
        "earmark",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_earmark_person_id_person")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_earmark_account_id_account")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_earmark")),
        sa.UniqueConstraint("account_id", name=op.f("uq_earmark_account_id")),
    )
    op.create_table(
        "horizon",
        sa.Column("id", Id, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_horizon")),
    )
    is_long = sa.text("false")
    op.add_column("market", sa.Column("is_long", sa.Boolean(), nullable=False, server_default=is_long))
    op.add_column("limit_order", sa.Column("wallet_id", Id))
    _fill()


def _fill() -> None:
    """Markets that stand are long by their dates; every order reserved from the only wallet that its owner had."""
    op.execute(
        f"""
        UPDATE market SET is_long = true WHERE {HORIZON} <= coalesce(
          (SELECT d.freezes_at FROM decision d JOIN branch b ON b.decision_id = d.id
           WHERE b.id = market.branch_id), void_until) - opened_at
        """
    )
    op.execute(
        """
        UPDATE limit_order SET wallet_id =
          (SELECT wallet_id FROM person WHERE person.id = limit_order.person_id)
        """
    )
