"""Metrics and their readings; markets, their outcomes, and every trade with the prices it left."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.database import Id, Moment, metadata

metric = Table(
    "metric",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(150), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("low", Id, nullable=False),
    Column("high", Id, nullable=False),
    Column("wording", Text, nullable=False),
    Column("owner_id", Id, ForeignKey("person.id"), nullable=False),
    Column("challenge_seconds", Integer, nullable=False),
    CheckConstraint("low < high", name="range"),
)

reading = Table(
    "reading",
    metadata,
    Column("metric_id", Id, ForeignKey("metric.id"), primary_key=True),
    Column("value", Id, nullable=False),
    Column("source", Text, nullable=False),
    Column("filed_by", Id, ForeignKey("person.id"), nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("final_at", Moment, nullable=False),
)

market = Table(
    "market",
    metadata,
    Column("id", Id, primary_key=True),
    Column("metric_id", Id, ForeignKey("metric.id"), nullable=False, index=True),
    Column(
        "branch_id", Id, ForeignKey("branch.id"), index=True
    ),  # Empty: a question that hangs on no decision.
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False),
    Column(
        "maker_id", Id, ForeignKey("account.id"), unique=True
    ),  # Named after the market, so opened after it.
    Column("state", String(16), nullable=False),
    Column("liquidity", Id, nullable=False),
    Column("least_order", Id, nullable=False),
    Column("width_cap", Id),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("settled_to", Id),  # The last holder who was paid; empty until settlement begins.
    # The newest tick, so that the next one is one addition.
    Column("trades", Integer, nullable=False),
    Column("tick_at", Moment, nullable=False),
    Column("prices", JSON, nullable=False),
    Column("integrals", JSON, nullable=False),
)

outcome = Table(
    "outcome",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(32), nullable=False),
    Column("unit_id", Id, ForeignKey("unit.id"), nullable=False, unique=True),
    Column("weight", Id, nullable=False),
)

trade = Table(
    "trade",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("entry_id", Id, ForeignKey("entry.id"), nullable=False, unique=True),
    Column("market_id", Id, ForeignKey("market.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("asked", JSON, nullable=False),  # The order as it came, to tell a repeat from a reused key.
    Column("outcome", Integer, nullable=False),
    Column("shares", Id, nullable=False),  # Above zero bought, below zero sold.
    Column("cost", Id, nullable=False),  # Above zero paid, below zero received.
    Column("sets", Id, nullable=False),  # Full sets given back to the maker, for 1 each.
    Column("at", Moment, nullable=False),
    Column("prices", JSON, nullable=False),
    Column("integrals", JSON, nullable=False),
    Column("fill", JSON, nullable=False),  # What the trader was told, for the same key asked again.
    UniqueConstraint("market_id", "number"),
    Index("ix_trade_market_id_at", "market_id", "at"),
)

trader = Table(
    "trader",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("trades", Integer, nullable=False),
)
