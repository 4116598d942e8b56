"""What each settled market brought its traders, and what all of them brought each person."""

import sqlalchemy as sa
from alembic import op

from core.database import Id, Moment

revision = "0006"
down_revision = "0005"

# From every maker to its traders and back, in the market's own unit; the pool is nobody's.
_BROUGHT = """
INSERT INTO gain (market_id, person_id, credits, at)
SELECT moved.market_id, owned.person_id, SUM(moved.amount), MAX(moved.at)
FROM (
  SELECT m.id AS market_id, m.tick_at AS at,
         CASE WHEN f.source_id = m.maker_id THEN f.destination_id ELSE f.source_id END AS account_id,
         CASE WHEN f.source_id = m.maker_id THEN f.amount ELSE -f.amount END AS amount
  FROM market m JOIN posting f ON f.unit_id = m.unit_id AND m.maker_id IN (f.source_id, f.destination_id)
  WHERE m.state = 'settled'
) moved
JOIN (
  SELECT wallet_id AS account_id, id AS person_id FROM person
  UNION ALL SELECT account_id, person_id FROM limit_order
) owned ON owned.account_id = moved.account_id
GROUP BY moved.market_id, owned.person_id
"""


def upgrade() -> None:
    op.create_table(
        "gain",
        sa.Column("market_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("credits", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("market_id", "person_id", name=op.f("pk_gain")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_gain_person_id"), "gain", ["person_id"])
    op.add_column("person", sa.Column("realised", Id, nullable=False, server_default="0"))
    op.add_column("person", sa.Column("settled", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("person", sa.Column("named_at", Moment()))
    op.create_index("ix_person_realised_id", "person", ["realised", "id"])
    op.execute(_BROUGHT)
    op.execute(
        "UPDATE person SET realised = (SELECT COALESCE(SUM(credits), 0) FROM gain WHERE person_id = person.id), "
        "settled = (SELECT COUNT(*) FROM gain WHERE person_id = person.id)"
    )
