"""Figures for people and for programs: a table on the screen, JSON in a file."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Rows = Sequence[Any]  # Of one dataclass.

_console = Console(width=160)


def show(title: str, rows: Rows) -> None:
    """One line a row, one column a field."""
    names = [field.name for field in fields(rows[0])]
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*(_shown(getattr(row, name)) for name in names))
    _console.print(table)


def save(file: Path | None, found: Mapping[str, Rows]) -> None:
    """All rows by their title, if there is a file to save them in."""
    if file:
        told = {title: [asdict(row) for row in rows] for title, rows in found.items()}
        file.write_text(json.dumps(told, indent=2) + "\n")


def say(sentence: str) -> None:
    _console.print(sentence)


def percentile(values: Sequence[float], part: float) -> float:
    """The value that so large a part of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def medians(rows: Rows) -> dict[str, Any]:
    """The median of each field over rows of one dataclass."""
    return {each.name: statistics.median(getattr(row, each.name) for row in rows) for each in fields(rows[0])}


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
