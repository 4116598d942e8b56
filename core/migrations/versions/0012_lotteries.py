"""Lotteries: the chances by which one may decide, what it draws by, what it drew, and what was not kept of it."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("decision", sa.Column("probability", sa.Integer()))
    op.add_column("option", sa.Column("weight", sa.Integer()))
    op.add_column("trader", sa.Column("apart", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "lottery",
        _decision("lottery"),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("beacon", sa.String(150), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("round", sa.String(100), nullable=False),
        sa.Column("value_at", sa.String(200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Moment()),
        sa.Column("asked_at", Moment()),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_lottery")),
    )
    op.create_table(
        "draw",
        _decision("draw"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("option_id", Id, sa.ForeignKey("option.id", name=op.f("fk_draw_option_id_option"))),
        sa.Column("beacon_value", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("pasted_by", Id, sa.ForeignKey("person.id", name=op.f("fk_draw_pasted_by_person"))),
        sa.Column("reason", sa.Text()),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.Column("final_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", "number", name=op.f("pk_draw")),
    )
    op.create_table(
        "breach",
        _decision("breach"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("recorded_by", Id, sa.ForeignKey("person.id", name=op.f("fk_breach_recorded_by_person"))),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", "number", name=op.f("pk_breach")),
    )


def _decision(table: str) -> sa.Column[int]:
    named = sa.ForeignKey("decision.id", name=op.f(f"fk_{table}_decision_id_decision"))
    return sa.Column("decision_id", Id, named, nullable=False)
