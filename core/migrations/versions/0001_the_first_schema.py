"""The first schema: the ledger with its treasury, people, decisions, markets, announcements, forecasts."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("key", name=op.f("uq_announcement_key")),
    )
    op.create_index("ix_announcement_state_due_at", "announcement", ["state", "due_at"], unique=False)
    op.create_table(
        "lane",
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("leased_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_lane")),
    )
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("identity", sa.String(length=255), nullable=False),
        sa.Column("wallet_id", Id, nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["wallet_id"], ["account.id"], name=op.f("fk_person_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("identity", name=op.f("uq_person_identity")),
        sa.UniqueConstraint("wallet_id", name=op.f("uq_person_wallet_id")),
    )
    op.create_table(
        "unit",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("issuer_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["account.id"], name=op.f("fk_unit_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_table(
        "balance",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_balance_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_balance_unit_id")),
        sa.PrimaryKeyConstraint("account_id", "unit_id", name=op.f("pk_balance")),
    )
    op.create_index("ix_balance_unit_id_account_id", "balance", ["unit_id", "account_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("escrow_id", Id, nullable=True),
        sa.Column("opened_by", Id, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("decide_by", Moment(), nullable=False),
        sa.Column("freezes_at", Moment(), nullable=False),
        sa.Column("record_challenge_seconds", sa.Integer(), nullable=False),
        sa.Column("reading_challenge_seconds", sa.Integer(), nullable=False),
        sa.Column("public_address", sa.String(length=255), nullable=False),
        sa.Column("committee_address", sa.String(length=255), nullable=False),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("swept_to", Id, nullable=True),
        sa.ForeignKeyConstraint(["escrow_id"], ["account.id"], name=op.f("fk_decision_escrow_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_decision_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("escrow_id", name=op.f("uq_decision_escrow_id")),
        sa.UniqueConstraint("key", name=op.f("uq_decision_key")),
    )
    op.create_table(
        "entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_entry_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
    )
    op.create_table(
        "metric",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("low", Id, nullable=False),
        sa.Column("high", Id, nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("challenge_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("low < high", name=op.f("ck_metric_range")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_metric_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
    )
    op.create_table(
        "decider",
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decider_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decider_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("pk_decider")),
    )
    op.create_table(
        "option",
        sa.Column("id", Id, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_option_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option")),
        sa.UniqueConstraint("decision_id", "number", name=op.f("uq_option_decision_id_number")),
    )
    op.create_table(
        "posting",
        sa.Column("id", Id, nullable=False),
        sa.Column("entry_id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("destination_id", Id, nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.CheckConstraint("source_id <> destination_id", name=op.f("ck_posting_moves")),
        sa.ForeignKeyConstraint(["destination_id"], ["account.id"], name=op.f("fk_posting_destination_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id")),
        sa.ForeignKeyConstraint(["source_id"], ["account.id"], name=op.f("fk_posting_source_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_posting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_entry_id"), "posting", ["entry_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("value", Id, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("filed_by", Id, nullable=False),
        sa.Column("filed_at", Moment(), nullable=False),
        sa.Column("final_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_reading_filed_by")),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_reading_metric_id")),
        sa.PrimaryKeyConstraint("metric_id", name=op.f("pk_reading")),
    )
    op.create_table(
        "branch",
        sa.Column("id", Id, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("option_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(kind = 'none') = (option_id IS NULL)", name=op.f("ck_branch_option")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_branch_decision_id")),
        sa.ForeignKeyConstraint(["option_id"], ["option.id"], name=op.f("fk_branch_option_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_branch_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_branch_unit_id")),
    )
    op.create_index(op.f("ix_branch_decision_id"), "branch", ["decision_id"], unique=False)
    op.create_table(
        "record",
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("option_id", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", Id, nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("final_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_record_decision_id")),
        sa.ForeignKeyConstraint(["option_id"], ["option.id"], name=op.f("fk_record_option_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_record_recorded_by")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_record")),
    )
    op.create_table(
        "market",
        sa.Column("id", Id, nullable=False),
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("branch_id", Id, nullable=True),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("maker_id", Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("liquidity", Id, nullable=False),
        sa.Column("least_order", Id, nullable=False),
        sa.Column("width_cap", Id, nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("settled_to", Id, nullable=True),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("tick_at", Moment(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("integrals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_market_branch_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["account.id"], name=op.f("fk_market_maker_id")),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_market_metric_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_market_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market")),
        sa.UniqueConstraint("maker_id", name=op.f("uq_market_maker_id")),
    )
    op.create_index(op.f("ix_market_branch_id"), "market", ["branch_id"], unique=False)
    op.create_index(op.f("ix_market_metric_id"), "market", ["metric_id"], unique=False)
    op.create_table(
        "forecast",
        sa.Column("id", Id, nullable=False),
        sa.Column("market_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("price", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_forecast_market_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_forecast_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
    )
    op.create_index("ix_forecast_market_id_person_id", "forecast", ["market_id", "person_id"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("market_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("weight", Id, nullable=False),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_outcome_market_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outcome_unit_id")),
        sa.PrimaryKeyConstraint("market_id", "number", name=op.f("pk_outcome")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_outcome_unit_id")),
    )
    op.create_table(
        "trade",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("entry_id", Id, nullable=False),
        sa.Column("market_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("shares", Id, nullable=False),
        sa.Column("cost", Id, nullable=False),
        sa.Column("sets", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("integrals", sa.JSON(), nullable=False),
        sa.Column("fill", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_trade_entry_id")),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_trade_market_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trade_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_trade_entry_id")),
        sa.UniqueConstraint("key", name=op.f("uq_trade_key")),
        sa.UniqueConstraint("market_id", "number", name=op.f("uq_trade_market_id_number")),
    )
    op.create_index("ix_trade_market_id_at", "trade", ["market_id", "at"], unique=False)
    op.create_index(op.f("ix_trade_person_id"), "trade", ["person_id"], unique=False)
    op.create_table(
        "trader",
        sa.Column("market_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["market_id"], ["market.id"], name=op.f("fk_trader_market_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trader_person_id")),
        sa.PrimaryKeyConstraint("market_id", "person_id", name=op.f("pk_trader")),
    )
    op.execute("INSERT INTO account (id, name) VALUES (1, 'treasury')")
    op.execute("INSERT INTO unit (id, name, issuer_id) VALUES (1, 'credit', 1)")
    if op.get_bind().dialect.name == "postgresql":  # Its sequences do not see the ids given above.
        op.execute("SELECT setval('account_id_seq', 1), setval('unit_id_seq', 1)")
