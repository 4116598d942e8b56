"""What the committee was told last of each market of a decision."""

from typing import Any

from sqlalchemy import Connection

from core.decisions import reports
from core.decisions.reports import Kept

__all__ = ["Kept", "averages", "find", "newest"]


def newest(connection: Connection, decision_id: int) -> Kept | None:
    """The newest report that was sent."""
    return reports.newest(connection, decision_id)


def find(connection: Connection, decision_id: int, number: int | None) -> Kept | None:
    """The report of this number, or without one the newest."""
    if number is None:
        return newest(connection, decision_id)
    return reports.find(connection, decision_id, number)


def averages(kept: Kept | None) -> dict[int, float]:
    """The averages that a report said, micro-units of the metrics, by the ids of markets; none without a report."""
    measures: list[Any] = kept.facts["measures"] if kept else []
    lines = [line for measure in measures for line in (*measure["options"], *measure.get("drawn", ()))]
    return {line["market_id"]: line["average"] for line in lines}
