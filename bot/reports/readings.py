"""A reading in words: what the metric came to, and whether that counts."""

from bot import words
from core.exchange.measured import MetricRow
from core.exchange.resolving import Reading


def came_to(metric: MetricRow, reading: Reading, name: str = "") -> str:
    """``Helpfulness score came to *71 points*``, or under another name: ``It came to *Yes*``."""
    name = name or words.escape(metric.definition.name)
    if reading.value is None:
        return f"{name} was *never measured*"
    return f"{name} came to *{words.escape(words.reading(reading.value, metric.definition.unit))}*"


def standing(reading: Reading, at: int) -> str:
    """Whether it counts, as of a time in seconds, in a few words."""
    if reading.is_objected:
        return "somebody objected, an admin rules on that"
    if reading.is_set_aside:
        return "does not count, an objection was upheld: to be filed anew"
    if reading.objection:
        return "final, an objection was dismissed"
    if reading.final_at and int(reading.final_at.timestamp()) <= at:
        return "final"
    return f"final {words.moment(reading.final_at)}, unless somebody objects" if reading.final_at else ""
