"""Residuals: by how much what happened was above what a market had priced, of options chosen and of options drawn.

Measures of one decision are not independent, so a decision's residuals are averaged first and count as one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Float, cast, func, insert, select

from core.calibration.tables import residual
from core.pricing import intervals
from core.pricing.twap import MILLIONTHS
from core.rows import Prepared


class Kind(StrEnum):
    """How the option was taken whose market it is."""

    CHOSEN = "chosen"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Summary:
    """So many settled markets of so many decisions; the mean residual and its interval, as parts of the range.

    The mean is empty of none, the interval of fewer than two decisions.
    """

    markets: int
    decisions: int
    mean: float | None
    interval: tuple[float, float] | None


def keep(
    connection: Connection,
    market_id: int,
    decision_id: int,
    measure: int,
    kind: Kind,
    priced: int,
    came_to: int,
    now: datetime,
) -> None:
    """``priced`` and ``came_to`` are millionths of the range."""
    values = {
        "market_id": market_id,
        "decision_id": decision_id,
        "measure": measure,
        "kind": kind,
        "priced": priced,
        "came_to": came_to,
        "at": now,
    }
    connection.execute(insert(residual).values(values))


def summary(connection: Connection) -> Mapping[Kind, Summary]:
    """Of each kind; one statement, which adds up in the database."""
    found = {row[0]: row[1:] for row in _SUMMED.rows(connection)}
    return {kind: _summary(*map(float, found.get(kind, (0, 0, 0, 0)))) for kind in Kind}


def _summary(markets: float, decisions: float, total: float, squares: float) -> Summary:
    """Of the sums of the decisions' means, and of their squares."""
    count = round(decisions)
    if not count:
        return Summary(0, 0, None, None)
    mean = total / count
    spread = max(squares - count * mean**2, 0.0)
    sd = math.sqrt(spread / (count - 1)) if count > 1 else 0.0
    return Summary(round(markets), count, mean, intervals.of_mean(count, mean, sd))


_gap = cast(residual.c.came_to - residual.c.priced, Float) / MILLIONTHS
_of_decision = (
    select(residual.c.kind, func.count().label("markets"), func.avg(_gap).label("mean"))
    .group_by(residual.c.kind, residual.c.decision_id)
    .subquery()
)
_of = _of_decision.c
_SUMMED = Prepared(
    select(
        _of.kind, func.sum(_of.markets), func.count(), func.sum(_of.mean), func.sum(_of.mean * _of.mean)
    ).group_by(_of.kind)
)
