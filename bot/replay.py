"""Replay: real trades, forecasts and outcomes from three tables, played through the exchange's own use cases."""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rich.progress import Progress
from sqlalchemy import Connection, Engine

from core.database import writing
from core.errors import Refusal
from core.exchange import forecasting, granting, opening, resolving, trading
from core.exchange.opening import Definition, QuestionPlan
from core.exchange.trading import Act, Fill, Order
from core.units import MICRO, to_micro

LIQUIDITY = 100 * MICRO
OPERATOR = "replay/operator"
TRADER_GRANT = 1_000_000 * MICRO


class BadTable(Exception):  # noqa: N818 - says what is wrong with a file, not with the code
    """A row that cannot be read: file, line and reason."""


@dataclass(frozen=True)
class TradeRow:
    at: datetime
    market: str
    trader: str
    yes_shares: Decimal
    price_after: float


@dataclass(frozen=True)
class Tables:
    trades: list[TradeRow]
    outcomes: dict[str, tuple[str, int]]
    forecasts: list[tuple[str, str, float]]


@dataclass(frozen=True)
class MarketResult:
    """One market: what its last price and its mean forecast were worth against what happened."""

    market: str
    trades: int
    last_price: float
    mean_forecast: float
    outcome: int
    max_price_difference: float
