"""Facts that were kept before reports said more: what they lack, as empty, so that old reports can still be drawn."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]

_REPORT: Facts = {"course": None, "declared": None, "deciders": ()}
_MEASURE: Facts = {"trust": None}
_SPREAD: Facts = {"resolvable": None, "error": None, "people": None, "ranked": None}
_LINE: Facts = {"median": None, "lagged": None, "moved": None, "opened": None}


def complete(facts: Facts) -> dict[str, Any]:
    """The facts of a report with all that today's have."""
    return {**_REPORT, **facts, "measures": [_complete(measure) for measure in facts["measures"]]}


def _complete(measure: Facts) -> dict[str, Any]:
    lines = [{**_LINE, **line} for line in measure["options"]]
    return {**_MEASURE, **measure, "options": lines, "spread": {**_SPREAD, **measure["spread"]}}
