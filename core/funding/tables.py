"""The standing rule by which people get credit without asking; one row, or none while there is no rule."""

from sqlalchemy import Column, Integer, Table

from core.database import Id, Moment, metadata

allowance = Table(
    "allowance",
    metadata,
    Column("id", Id, primary_key=True),
    Column("opening", Id, nullable=False),
    Column("amount", Id, nullable=False),
    Column("cap", Id),
    Column("floor", Id, nullable=False),
    Column("period_days", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("paid_period", Integer, nullable=False),
    Column("paid_to", Id),  # The last person who was paid in the period after it; empty before the first.
)
