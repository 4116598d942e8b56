"""A portfolio's subsidies as CSV: one row a market, amounts in credits, times in UTC."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.exports.report import cell
from core.exchange.spending import SubsidyReport
from core.units import MICRO

AMOUNTS = {"liquidity", "reserve", "losing", "cost", "returned"}


def csv_of(of: SubsidyReport) -> bytes:
    file = io.StringIO()
    rows = [_row(of, vars(line)) for line in of.markets]
    writer = csv.DictWriter(file, list(rows[0] if rows else _about(of)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def _row(of: SubsidyReport, line: Mapping[str, Any]) -> dict[str, Any]:
    return _about(of) | {name: cell(_meant(name, value)) for name, value in line.items()}


def _about(of: SubsidyReport) -> dict[str, Any]:
    return {"portfolio": cell(of.portfolio.name), "at": _at(of.at), "journal_head": of.head}


def _meant(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name == "settled_at":
        return _at(value)
    return value / MICRO if name in AMOUNTS else value


def _at(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat()
