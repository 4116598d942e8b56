"""In a sentence: how far what happened was from prices so far, of options that people chose and of drawn ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words

Facts = Mapping[str, Any]
_NAMED = {"chosen": "chosen by people", "drawn": "drawn by lottery"}


def sentence(found: Mapping[str, Facts]) -> str:
    """``So far 12 options chosen by people: on average 0.4 points of the range above what was priced (…)``.

    ``found`` are the facts of ``calibration.residuals.summary``.
    """
    return f"So far {'; '.join(_said(found[kind], named) for kind, named in _NAMED.items())}."


def _said(found: Facts, named: str) -> str:
    if found["mean"] is None:
        return f"none {named}: no evidence yet"
    return f"{words.count(found['markets'], 'option')} {named}: {_mean(found['mean'])}{_interval(found)}"


def _mean(mean: float) -> str:
    if words.points(abs(mean)) == words.points(0):
        return "on average what was priced"
    side = "above" if mean > 0 else "below"
    return f"on average {words.points(abs(mean))} points of the range {side} what was priced"


def _interval(found: Facts) -> str:
    bounds: Sequence[float] | None = found["interval"]
    if bounds is None:
        return ", all of one decision, from which nothing follows"
    low, high = map(words.points, bounds)
    return f" (95% interval of the mean of {words.count(found['decisions'], 'decision')}: {low} to {high})"
