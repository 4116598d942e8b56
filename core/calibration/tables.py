"""Forecasts, as they were given."""

from sqlalchemy import Column, ForeignKey, Index, Table

from core.database import Id, Moment, metadata

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
