"""What is due is found by its state, since what was settled long ago is most of what there is."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index(op.f("ix_decision_state"), "decision", ["state"])
    op.create_index(op.f("ix_decision_swept_to"), "decision", ["swept_to"])
    op.create_index("ix_market_state_closes_at", "market", ["state", "closes_at"])
