"""What is to be told to whom, and the lanes in which telling keeps its order."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from core.database import Id, Moment, metadata

announcement = Table(
    "announcement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("about", String(64), nullable=False),
    Column("address", String(255), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("receipt", JSON),  # Where the surface put it, so that a newer version can take its place.
    Index("ix_announcement_state_due_at", "state", "due_at"),
)

# When each person's newest digest is due, or was.
digest = Table(
    "digest",
    metadata,
    Column("address", String(255), primary_key=True),
    Column("due_at", Moment, nullable=False),
)

lane = Table(
    "lane",
    metadata,
    Column("address", String(255), primary_key=True),
    Column("leased_until", Moment, nullable=False),
)
