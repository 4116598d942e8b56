"""Forecasts and declarations as they were given, and how far prices were from what happened."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from core.database import KEPT, Id, Moment, metadata

forecast = Table(
    "forecast",
    metadata,
    Column("id", Id, primary_key=True),
    Column("market_id", Id, ForeignKey("market.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("price", Id, nullable=False),  # Millionths: the forecast as a price of the first outcome.
    Column("at", Moment, nullable=False),
    Index("ix_forecast_market_id_person_id", "market_id", "person_id"),
)

# Of each market that a reading settled: what it was priced at when its decision closed, and what it came to, both in
# millionths of its range. Options that people chose and options that were drawn by lottery are kept apart.
residual = Table(
    "residual",
    metadata,
    Column("market_id", Id, ForeignKey("market.id"), primary_key=True, autoincrement=False),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False),
    Column("measure", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("priced", Id, nullable=False),
    Column("came_to", Id, nullable=False),
    Column("at", Moment, nullable=False),
    info=KEPT,
)

# What a decider said before the close, each version of it. A backup holds it too, whenever it is made.
declaration = Table(
    "declaration",
    metadata,
    Column("id", Id, primary_key=True),
    Column("decision_id", Id, ForeignKey("decision.id"), nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column(
        "chances", JSON, nullable=False
    ),  # Pairs of an option and whole percents; what is left is for none.
    Column("forecasts", JSON, nullable=False),  # Pairs of a market and micro-units of its metric.
    UniqueConstraint("decision_id", "person_id", "number"),
    info=KEPT,
)
