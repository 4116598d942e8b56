"""The journal (entries and their postings, never changed) and the balances it proves."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from core.database import Id, Moment, metadata

account = Table(
    "account",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(255), nullable=False, unique=True),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(255), nullable=False, unique=True),
    # The only account that may be below zero in this unit.
    Column("issuer_id", Id, ForeignKey("account.id"), nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id, ForeignKey("person.id")),  # Empty: the scheduler.
    Column("reason", Text),
    Column(
        "digest", String(64), nullable=False
    ),  # Over all of the entry and its postings, as they were written.
)

posting = Table(
    "posting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("entry_id", Id, ForeignKey("entry.id"), nullable=False, index=True),
    Column("source_id", Id, ForeignKey("account.id"), nullable=False),
    Column("destination_id", Id, ForeignKey("account.id"), nullable=False),
    Column("amount", Id, CheckConstraint("amount > 0", name="positive"), nullable=False),
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False),
    CheckConstraint("source_id <> destination_id", name="moves"),
)

balance = Table(
    "balance",
    metadata,
    Column("account_id", Id, ForeignKey("account.id"), primary_key=True),
    Column("unit_id", Id, ForeignKey("unit.id"), primary_key=True),
    Column("amount", Id, nullable=False),
    Index("ix_balance_unit_id_account_id", "unit_id", "account_id"),
)
