"""The three tables that a replay takes, read whole before anything is played. Every fault names file, line and reason."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

Row = dict[str, str]
_T = TypeVar("_T")


class BadTable(Exception):  # noqa: N818 - says what is wrong with a file, not with the code
    """Something in a table, or about it, keeps it from being played."""


@dataclass(frozen=True)
class Finding:
    title: str
    outcome: int


@dataclass(frozen=True)
class TradeRow:
    """``yes_shares`` above zero were bought of YES, below zero of NO; ``place`` is file and line."""

    place: str
    at: datetime
    market: str
    trader: str
    yes_shares: Decimal
    price_after: float


@dataclass(frozen=True)
class ForecastRow:
    market: str
    forecaster: str
    probability: float


@dataclass(frozen=True)
class Tables:
    trades: tuple[TradeRow, ...]
    outcomes: dict[str, Finding]
    forecasts: tuple[ForecastRow, ...]


def read(trades: Path, outcomes: Path, forecasts: Path) -> Tables:
    """Raises BadTable at the first row that is not what its columns say."""
    findings: dict[str, Finding] = {}
    for place, row in _rows(outcomes, "market", "title", "outcome"):
        if row["market"] in findings:
            raise BadTable(f"{place}: market {row['market']} appears twice")
        findings[row["market"]] = Finding(row["title"], _field(place, row, "outcome", _binary))
    played = tuple(
        _trade(place, row, findings)
        for place, row in _rows(trades, "at", "market", "trader", "yes_shares", "price_after")
    )
    said = tuple(
        ForecastRow(
            _market(place, row, findings), row["forecaster"], _field(place, row, "probability", _probability)
        )
        for place, row in _rows(forecasts, "market", "forecaster", "probability")
    )
    if not played:
        raise BadTable(f"{trades}: there are no trades")
    return Tables(played, findings, said)


def _trade(place: str, row: Row, findings: dict[str, Finding]) -> TradeRow:
    return TradeRow(
        place,
        _field(place, row, "at", _moment),
        _market(place, row, findings),
        row["trader"],
        _field(place, row, "yes_shares", _shares),
        _field(place, row, "price_after", _probability),
    )


def _rows(file: Path, *columns: str) -> Iterator[tuple[str, Row]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadTable(f"{file}: cannot be read: {problem}") from None
    reader = csv.DictReader(text.splitlines())
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise BadTable(f"{file}, line 1: column {', '.join(missing)} is missing")
    for row in reader:
        place = f"{file}, line {reader.line_num}"
        if None in row or None in row.values():
            raise BadTable(f"{place}: the row does not have as many fields as the heading")
        if empty := [name for name in columns if not row[name].strip()]:
            raise BadTable(f"{place}: {', '.join(empty)} is empty")
        yield place, row


def _field(place: str, row: Row, name: str, parse: Callable[[str], _T]) -> _T:
    try:
        return parse(row[name])
    except (ValueError, InvalidOperation):
        raise BadTable(f"{place}: {name} is “{row[name]}”, which {_WANTED[name]}") from None


_WANTED = {
    "at": "is not a time in UTC like 2012-11-09T10:08:20Z",
    "outcome": "is neither 0 nor 1",
    "probability": "is not between 0 and 1",
    "price_after": "is not between 0 and 1",
    "yes_shares": "is not a number of shares other than 0",
}


def _market(place: str, row: Row, findings: dict[str, Finding]) -> str:
    if row["market"] not in findings:
        raise BadTable(f"{place}: market {row['market']} is not in the table of outcomes")
    return row["market"]


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)


def _binary(text: str) -> int:
    if text not in {"0", "1"}:
        raise ValueError(text)
    return int(text)


def _probability(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def _shares(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or round(number, 6) == 0:
        raise ValueError(text)
    return number
