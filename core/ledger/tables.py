"""The journal (entries and their postings, never changed) and the balances it proves.

The rows that every trade writes name accounts, units and entries without foreign keys: checking them would cost a
database more than the rest of the trade, so the book refuses what it has not loaded and the audit proves the names.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

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

# A process that writes, and the last link of the chain of its entries.
writer = Table(
    "writer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("entries", Id, nullable=False),
    Column("hash", String(64), nullable=False),
)

entry = Table(
    "entry",
    metadata,
    # Drawn once the accounts are locked: of two entries that touch the same account, the later one has the higher id.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", String(255), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id),  # A person; empty: the scheduler.
    Column("reason", Text),
    Column("writer_id", Id, nullable=False),
    # Over the entry, its postings and the hash of the entry that this writer made before it.
    Column("hash", String(64), nullable=False),
)

posting = Table(
    "posting",
    metadata,
    Column("entry_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source_id", Id, nullable=False),
    Column("destination_id", Id, nullable=False),
    Column("amount", Id, CheckConstraint("amount > 0", name="positive"), nullable=False),
    Column("unit_id", Id, nullable=False),
    CheckConstraint("source_id <> destination_id", name="moves"),
    sqlite_with_rowid=False,
)

balance = Table(
    "balance",
    metadata,
    Column("account_id", Id, primary_key=True, autoincrement=False),
    Column("unit_id", Id, primary_key=True, autoincrement=False),
    Column("amount", Id, nullable=False),
    Index("ix_balance_unit_id_account_id", "unit_id", "account_id"),
    sqlite_with_rowid=False,
)
