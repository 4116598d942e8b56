"""Charts and their limits: lines, bars and areas over categories, and pies."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.checks.rules import Check, anything, complaint, record, sequence, string, tagged

LABEL = string(20)
AXIS_LABEL = string(50)


def number(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield complaint("must be a number", pointer)


def positive(value: Any, pointer: str) -> Iterator[str]:
    found = list(number(value, pointer))
    yield from found
    if not found and value <= 0:
        yield complaint("must be more than 0", pointer)


def point_for_each(chart: dict[str, Any], pointer: str) -> Iterator[str]:
    """Categories and series have names of their own, and each series has one point a category."""
    categories, names = chart["axis_config"]["categories"], [each["name"] for each in chart["series"]]
    if len(set(categories)) < len(categories):
        yield complaint("categories must be unique", f"{pointer}/axis_config/categories")
    if len(set(names)) < len(names):
        yield complaint("names of series must be unique", f"{pointer}/series")
    for index, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield complaint(
                "must have exactly one point for every category", f"{pointer}/series/{index}/data"
            )


POINT = record({"label": LABEL, "value": number})
SERIES = record({"name": LABEL, "data": sequence(POINT, 20)})
AXES = record({"categories": sequence(LABEL, 20)}, {"x_label": AXIS_LABEL, "y_label": AXIS_LABEL})
OVER_CATEGORIES = record(
    {"type": anything, "series": sequence(SERIES, 12), "axis_config": AXES}, None, point_for_each
)
SEGMENT = record({"label": LABEL, "value": positive})
PIE = record({"type": anything, "segments": sequence(SEGMENT, 12)})
CHART: Check = tagged(
    {"line": OVER_CATEGORIES, "bar": OVER_CATEGORIES, "area": OVER_CATEGORIES, "pie": PIE}, "chart"
)
