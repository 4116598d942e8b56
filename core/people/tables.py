"""Who takes part. An identity is whatever string the surface knows a person by; core never looks inside."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table

from core.database import Id, Moment, metadata

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", String(255), nullable=False, unique=True),
    Column("wallet_id", Id, ForeignKey("account.id"), nullable=False, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("joined_at", Moment, nullable=False),
)
