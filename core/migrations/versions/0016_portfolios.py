"""Portfolios: the pool that there was is the first, and backs all that stands; what markets cost it is counted from the journal."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "portfolio",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(255)),
        sa.Column("name", sa.String(75), nullable=False),
        sa.Column("folded", sa.String(255), nullable=False),
        _key("portfolio", "account_id", "account", nullable=True),
        sa.Column("reserve_budget", Id),
        sa.Column("spend_budget", Id),
        sa.Column("period_days", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("address", sa.String(255)),
        sa.Column("auto_most", Id),
        sa.Column("paused_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio")),
        *(_unique("portfolio", column) for column in ("key", "folded", "account_id")),
    )
    op.create_table(
        "spender",
        _key("spender", "portfolio_id", "portfolio"),
        _key("spender", "person_id", "person"),
        sa.PrimaryKeyConstraint("portfolio_id", "person_id", name=op.f("pk_spender")),
    )
    op.create_table(
        "backing",
        sa.Column("id", Id, nullable=False),
        _key("backing", "portfolio_id", "portfolio"),
        _key("backing", "decision_id", "decision", nullable=True),
        _key("backing", "market_id", "market", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backing")),
        *(_unique("backing", column) for column in ("decision_id", "market_id")),
        sa.CheckConstraint("(decision_id IS NULL) <> (market_id IS NULL)", name=op.f("ck_backing_one")),
    )
    op.create_index(op.f("ix_backing_portfolio_id"), "backing", ["portfolio_id"])
    op.create_table(
        "spent",
        _key("spent", "market_id", "market"),
        _key("spent", "portfolio_id", "portfolio"),
        sa.Column("amount", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_spent")),
    )
    op.create_index("ix_spent_portfolio_id_at", "spent", ["portfolio_id", "at"])
    op.create_table(
        "stakes",
        sa.Column("id", Id, nullable=False),
        _key("stakes", "decision_id", "decision"),
        sa.Column("stake", Id, nullable=False),
        sa.Column("gap_sd", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        _key("stakes", "by", "person"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakes")),
    )
    op.create_index(op.f("ix_stakes_decision_id"), "stakes", ["decision_id"])
    op.create_table(
        "portfolio_change",
        sa.Column("id", Id, nullable=False),
        _key("portfolio_change", "portfolio_id", "portfolio"),
        sa.Column("at", Moment(), nullable=False),
        _key("portfolio_change", "by", "person", nullable=True),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_change")),
    )
    op.create_index(op.f("ix_portfolio_change_portfolio_id"), "portfolio_change", ["portfolio_id"])
    op.create_table(
        "learned",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        *(sa.Column(each, Id, nullable=False) for each in ("beta", "attention", "was_beta", "was_attention")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned")),
    )
    _fill()


def _key(table: str, name: str, of: str, *, nullable: bool = False) -> sa.Column[int]:
    constraint = op.f(f"fk_{table}_{name}_{of}")
    return sa.Column(name, Id, sa.ForeignKey(f"{of}.id", name=constraint), nullable=nullable)


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _fill() -> None:
    """The first portfolio has no limits, and whoever could spend the pool, every admin, spends it."""
    pool = "SELECT id FROM account WHERE name = 'pool:main'"
    op.execute(f"INSERT INTO account (name) SELECT 'pool:main' WHERE NOT EXISTS ({pool})")
    op.execute(
        "INSERT INTO portfolio (id, name, folded, account_id, period_days, since) "
        f"SELECT 1, 'Main', 'main', ({pool}), 30, 0"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('portfolio_id_seq', 1)")
    op.execute("INSERT INTO backing (portfolio_id, decision_id) SELECT 1, id FROM decision ORDER BY id")
    op.execute(
        "INSERT INTO backing (portfolio_id, market_id) "
        "SELECT 1, id FROM market WHERE branch_id IS NULL ORDER BY id"
    )
    paid = f"posting.source_id = ({pool}) AND posting.destination_id = market.maker_id"
    back = f"posting.source_id = market.maker_id AND posting.destination_id = ({pool})"
    op.execute(
        "INSERT INTO spent (market_id, portfolio_id, amount, at) "
        f"SELECT market.id, 1, SUM(CASE WHEN {paid} THEN amount ELSE -amount END), MAX(entry.at) "
        f"FROM market JOIN posting ON posting.unit_id = market.unit_id AND (({paid}) OR ({back})) "
        "JOIN entry ON entry.id = posting.entry_id WHERE market.state = 'settled' GROUP BY market.id"
    )
