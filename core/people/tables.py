"""Who takes part, and what admins did. An identity is whatever string the surface knows a person by; core never looks inside."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, String, Table, Text

from core.database import Id, Moment, metadata

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", String(255), nullable=False, unique=True),
    Column("wallet_id", Id, ForeignKey("account.id"), nullable=False, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("left_at", Moment, index=True),
)

# What admins did without moving money, beside the journal.
act = Table(
    "act",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("about", String(255), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("by", Id, ForeignKey("person.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", JSON, nullable=False),
)
