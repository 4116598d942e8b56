"""Versions of definitions, sources that readings are taken from, and reminders of what is overdue."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0014"
down_revision = "0013"

DAY = 86_400_000


def upgrade() -> None:
    for name in ("source", "measured_over", "void_if"):
        op.add_column("metric", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("metric", sa.Column("decimals", sa.Integer()))
    op.add_column("metric", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("decision", sa.Column("nudged_for", Moment()))
    op.create_table(
        "definition",
        _key("definition", "metric_id", "metric"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("low", Id, nullable=False),
        sa.Column("high", Id, nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("measured_over", sa.Text(), nullable=False),
        sa.Column("void_if", sa.Text(), nullable=False),
        sa.Column("decimals", sa.Integer()),
        _person("definition", "owner_id", nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _person("definition", "proposed_by"),
        sa.Column("proposed_at", Moment(), nullable=False),
        _person("definition", "ended_by"),
        sa.Column("ended_at", Moment()),
        sa.PrimaryKeyConstraint("metric_id", "number", name=op.f("pk_definition")),
    )
    op.create_table(
        "source",
        _key("source", "metric_id", "metric"),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        _person("source", "set_by", nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("before", Id),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment()),
        sa.Column("error", sa.Text()),
        sa.Column("doubt", sa.JSON()),
        sa.PrimaryKeyConstraint("metric_id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_next_at"), "source", ["next_at"])
    op.create_table(
        "nudge",
        _key("nudge", "market_id", "market"),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", name=op.f("pk_nudge")),
    )
    op.create_index(op.f("ix_nudge_next_at"), "nudge", ["next_at"])
    _fill()


def _key(table: str, name: str, of: str) -> sa.Column[int]:
    constraint = op.f(f"fk_{table}_{name}_{of}")
    return sa.Column(name, Id, sa.ForeignKey(f"{of}.id", name=constraint), nullable=False)


def _person(table: str, name: str, *, nullable: bool = True) -> sa.Column[int]:
    constraint = op.f(f"fk_{table}_{name}_person")
    return sa.Column(name, Id, sa.ForeignKey("person.id", name=constraint), nullable=nullable)


def _fill() -> None:
    """What was opened before has one version; what is not read yet is waited for from its freeze on."""
    op.execute(
        "INSERT INTO definition (metric_id, number, name, unit, low, high, wording, source, measured_over, void_if, "
        "owner_id, state, reason, proposed_at) "
        "SELECT id, 1, name, unit, low, high, wording, '', '', '', owner_id, 'in force', '', "
        "COALESCE((SELECT MIN(opened_at) FROM market WHERE market.metric_id = metric.id), 0) FROM metric"
    )
    unread = "NOT EXISTS (SELECT 1 FROM reading WHERE reading.metric_id = market.metric_id)"
    op.execute(
        "INSERT INTO nudge (market_id, since, next_at) "
        f"SELECT id, closes_at, closes_at + {DAY} FROM market WHERE state = 'frozen' AND {unread}"
    )
