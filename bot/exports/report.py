"""A report that was sent, as CSV: one row a measure and option with every number that it had, times in UTC."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

from bot.reports import priced
from core.exchange.sending import Kept
from core.units import MICRO

Facts = Mapping[str, Any]
# What facts have in millionths of the metric's unit, and what they have in seconds since 1970.
VALUES = {
    "expected",
    "average",
    "median",
    "lagged",
    "moved",
    "opened",
    "gap",
    "low",
    "high",
    "sd",
    "quantiles",
    "came_to",
}
VALUES |= {"resolvable", "error", "without", "effect", "optimism", "gaussian", "most", "least", "stable"}
VALUES |= {"level", "spreads", "welfare", "forecasts", "forecasts_mean"}
TIMES = {"at", "window_start", "window_end", "closes_at", "decide_by", "freezes_at", "final_at"}
TIMES |= {"added_at", "halted_at", "reopened_at", "redefined"}
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(kept: Kept, file: TextIO) -> None:
    rows = [
        _cells(kept, measure, option, taken)
        for measure in kept.facts["measures"]
        for taken, options in ((priced.how(measure), measure["options"]), ("drawn", measure.get("drawn", ())))
        for option in options
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(file, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _cells(kept: Kept, measure: Facts, option: Facts, taken: str) -> dict[str, Any]:
    about = {
        "decision": f"D-{kept.decision_id}",
        "report": kept.number,
        "occasion": str(kept.occasion),
        "journal_head": kept.head,
        "if": taken,
    }
    whole = {name: value for name, value in kept.facts.items() if name not in {"measures", "course"}}
    own = {name: value for name, value in measure.items() if name not in {"options", "drawn"}}
    found = [*_flat("", whole), *_flat("measure_", own), *_flat("option_", option)]
    return about | dict(found)


def _flat(prefix: str, facts: Facts) -> Iterator[tuple[str, Any]]:
    """Facts within facts get the names of both; a list stays in one cell."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{name}_", value)
        else:
            yield f"{prefix}{name}", cell(_meant(name, value))


def _meant(name: str, value: Any) -> Any:
    """The value in units that people know, also within lists."""
    if isinstance(value, Mapping):
        return {each: _meant(_named(name, each), within) for each, within in value.items()}
    if name == "forecasts" and _is_pair(value):
        market, expected = value
        return [market, _meant(name, expected)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_meant(name, each) for each in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name in TIMES:
            return datetime.fromtimestamp(value, tz=UTC).isoformat()
        return value / MICRO if name in VALUES else value
    return value


def _named(within: str, name: str) -> str:
    """A mean is of a metric's values only among forecasts."""
    return "forecasts_mean" if (within, name) == ("forecasts", "mean") else name


def _is_pair(value: Any) -> bool:
    """A market's number with what is expected of it."""
    return isinstance(value, Sequence) and len(value) == 2 and not isinstance(value[0], Mapping | Sequence)


def cell(value: Any) -> Any:
    """No spreadsheet takes for a formula what people typed."""
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
