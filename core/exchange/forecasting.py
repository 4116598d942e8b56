"""Forecasting: a person's own number for a market, kept beside the market's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.calibration import forecasts
from core.markets import registry
from core.people import persons
from core.pricing import scoring


@dataclass(frozen=True)
class Scores:
    """How far forecasts were from what happened; lower is better."""

    brier: float
    mean_absolute_error: float


def forecast(connection: Connection, by: str, market_id: int, price: float, now: datetime) -> None:
    """Keeps the forecast, as a price of the market's first outcome. Raises Unknown, Invalid."""
    market = registry.get(connection, market_id)
    person = persons.enrol(connection, by, now)
    forecasts.keep(connection, market.id, person.id, price, now)


def mean(connection: Connection, market_id: int) -> float | None:
    return forecasts.mean(connection, market_id)


def score(forecasts_given: Sequence[float], happened: Sequence[float]) -> Scores:
    return Scores(
        scoring.brier(forecasts_given, happened), scoring.mean_absolute_error(forecasts_given, happened)
    )
