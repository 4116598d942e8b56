"""Who takes part, and what admins did. An identity is whatever string the surface knows a person by; core never looks inside."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

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
    Column("welcomed_at", Moment, index=True),  # When the opening grant was given, or needed no giving.
    # What settled markets brought, and how many they were.
    Column("realised", Id, nullable=False, server_default="0"),
    Column("settled", Integer, nullable=False, server_default="0"),
    Column("named_at", Moment),  # When they agreed to be named among the leaders.
    Index("ix_person_realised_id", "realised", "id"),
)

# Second wallets, for credit that was given for one use: of a person, at most one a kind.
earmark = Table(
    "earmark",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("account_id", Id, ForeignKey("account.id"), nullable=False, unique=True),
)

# What somebody does not want to be told of; whoever has no row is told of everything.
mute = Table(
    "mute",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("topic", String(16), primary_key=True),
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
