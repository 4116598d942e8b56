"""When the committee gets the reports of a decision, and every report that was sent, as it was.

Decisions that are open got one each day at nine, UTC; so they still do.
"""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0011"
down_revision = "0010"

DAILY, STEP = "0 9 * * *", 50_000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def upgrade() -> None:
    op.create_table(
        "schedule",
        _decision("schedule"),
        sa.Column("cron", sa.String(100)),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("next_at", Moment()),
        sa.Column("look_at", Moment()),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_schedule")),
    )
    op.create_index(op.f("ix_schedule_next_at"), "schedule", ["next_at"])
    op.create_index(op.f("ix_schedule_look_at"), "schedule", ["look_at"])
    op.create_table(
        "report",
        sa.Column("id", Id, nullable=False),
        _decision("report"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("decision_id", "number", name=op.f("uq_report_decision_id_number")),
    )
    _keep_what_was_due()
    op.drop_column("decision", "reported_at")
    # Which of the open ones close is asked at each beat, however many are open.
    op.drop_index(op.f("ix_decision_state"), "decision")
    op.create_index("ix_decision_state_closes_at", "decision", ["state", "closes_at"])


def _decision(table: str) -> sa.Column[int]:
    name = op.f(f"fk_{table}_decision_id_decision")
    return sa.Column("decision_id", Id, sa.ForeignKey("decision.id", name=name), nullable=False)


def _keep_what_was_due() -> None:
    """The first nine o'clock after the last report."""
    decision = sa.table("decision", *map(sa.column, ("id", "state", "reported_at")))
    opened = sa.select(decision.c.id, decision.c.reported_at).where(decision.c.state == "open")
    rows = [
        {
            "decision_id": each.id,
            "cron": DAILY,
            "zone": "UTC",
            "step": STEP,
            "next_at": ((each.reported_at - 9 * HOUR_MS) // DAY_MS + 1) * DAY_MS + 9 * HOUR_MS,
            "look_at": each.reported_at,
        }
        for each in op.get_bind().execute(opened)
    ]
    if rows:
        names = ("decision_id", "cron", "zone", "step", "next_at", "look_at")
        op.bulk_insert(sa.table("schedule", *map(sa.column, names)), rows)
