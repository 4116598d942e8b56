"""What is measured later, and the reading that says what it came to. Values are micro-units of the metric's unit."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from core.errors import Invalid, NotAllowed, NotOpen
from core.markets.tables import metric, reading
from core.units import MICRO, MOST


@dataclass(frozen=True)
class Definition:
    """A metric as it is worded at opening; prices speak of its value clipped to [low, high]."""

    name: str
    unit: str
    low: int
    high: int
    wording: str

    def __post_init__(self) -> None:
        for field, most in (("name", 150), ("unit", 32), ("wording", 3000)):
            text = getattr(self, field)
            if not text.strip() or len(text) > most:
                raise Invalid(f"metric_{field}", "length", str(most))
        for field in ("low", "high"):
            if abs(getattr(self, field)) > MOST:
                raise Invalid(field, "too_large", str(MOST // MICRO))
        if self.low >= self.high:
            raise Invalid("high", "above_low")


@dataclass(frozen=True)
class Metric:
    id: int
    definition: Definition
    owner: int
    challenge_seconds: int

    def require_owner(self, person: int, act: str) -> None:
        """Raises NotAllowed unless the person owns the metric."""
        if person != self.owner:
            raise NotAllowed(act, "metric_owner_only")


@dataclass(frozen=True)
class Reading:
    """One measured value; final once its challenge window is over."""

    metric_id: int
    value: int
    source: str
    filed_by: int
    filed_at: datetime
    final_at: datetime


def create(connection: Connection, definition: Definition, owner: int, challenge_seconds: int) -> Metric:
    values = asdict(definition) | {"owner_id": owner, "challenge_seconds": challenge_seconds}
    made = connection.execute(insert(metric).values(values).returning(metric.c.id)).scalar_one()
    return Metric(made, definition, owner, challenge_seconds)


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Metric]:
    rows = connection.execute(select(metric).where(metric.c.id.in_(sorted(set(ids)))))
    fields = Definition.__dataclass_fields__
    return {
        row.id: Metric(
            row.id, Definition(*(getattr(row, f) for f in fields)), row.owner_id, row.challenge_seconds
        )
        for row in rows
    }


def find_reading(connection: Connection, metric_id: int) -> Reading | None:
    row = connection.execute(select(reading).where(reading.c.metric_id == metric_id)).one_or_none()
    return Reading(*row) if row else None


def file(connection: Connection, of: Metric, value: int, source: str, by: int, now: datetime) -> Reading:
    """Raises NotOpen if a reading was filed before."""
    if abs(value) > MOST:
        raise Invalid("value", "too_large", str(MOST // MICRO))
    if not source.strip() or len(source) > 3000:
        raise Invalid("source", "length", "3000")
    if find_reading(connection, of.id):
        raise NotOpen("metric", of.definition.name, "read")
    filed = Reading(of.id, value, source.strip(), by, now, now + timedelta(seconds=of.challenge_seconds))
    connection.execute(insert(reading).values(asdict(filed)))
    return filed
