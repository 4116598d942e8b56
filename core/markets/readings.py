"""What a metric came to: filed by its owner, open to objection until it is final, and settled by only then."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from core.errors import Invalid, NotAllowed, NotOpen
from core.markets.metrics import Metric
from core.markets.tables import objection, reading
from core.units import MICRO, MOST

TEXT_MOST = 3000


@dataclass(frozen=True)
class Reading:
    """One measured value, micro-units of the metric; without one, the metric was never measured (void).

    It is final from ``final_at`` on; an objection takes that away until somebody rules on it.
    """

    metric_id: int
    number: int
    value: int | None
    source: str
    filed_by: int
    filed_at: datetime
    final_at: datetime | None

    def is_final(self, now: datetime) -> bool:
        return self.final_at is not None and now >= self.final_at


@dataclass(frozen=True)
class Objection:
    """Somebody says that a reading is wrong; ``is_upheld`` is empty until somebody else rules."""

    metric_id: int
    number: int
    reason: str
    made_by: int
    made_at: datetime
    is_upheld: bool | None = None


def find(connection: Connection, metric_id: int) -> Reading | None:
    """The newest reading, the one that counts."""
    return find_all(connection, [metric_id]).get(metric_id)


def find_all(connection: Connection, metric_ids: Iterable[int]) -> dict[int, Reading]:
    """The newest reading of each metric that has one."""
    wanted = select(reading).where(reading.c.metric_id.in_(sorted(set(metric_ids))))
    return {row.metric_id: Reading(*row) for row in connection.execute(wanted.order_by(reading.c.number))}


def find_objection(connection: Connection, of: Reading) -> Objection | None:
    fields = [objection.c[name] for name in Objection.__dataclass_fields__]
    row = connection.execute(
        select(*fields).where(objection.c.metric_id == of.metric_id, objection.c.number == of.number)
    ).one_or_none()
    return Objection(*row) if row else None


def file(
    connection: Connection, of: Metric, value: int | None, source: str, by: int, now: datetime
) -> Reading:
    """A new reading; it takes the place of one that is not final yet. Raises Invalid, NotOpen."""
    if value is not None and abs(value) > MOST:
        raise Invalid("value", "too_large", str(MOST // MICRO))
    _text("source", source)
    before = find(connection, of.id)
    if before:
        _require_open(connection, of, before, now)
    number, final_at = before.number + 1 if before else 1, now + timedelta(seconds=of.challenge_seconds)
    filed = Reading(of.id, number, value, source.strip(), by, now, final_at)
    connection.execute(insert(reading).values(asdict(filed)))
    return filed


def challenge(connection: Connection, of: Metric, reason: str, by: int, now: datetime) -> Objection:
    """Objects to the newest reading, which is not final until it is ruled on. Raises Invalid, NotAllowed, NotOpen."""
    _text("reason", reason)
    filed = find(connection, of.id)
    if filed is None:
        raise NotOpen("metric", of.definition.name, "unread")
    if filed.filed_by == by:
        raise NotAllowed("object", "own_reading")
    _require_open(connection, of, filed, now)
    if filed.final_at is None:
        raise NotOpen("metric", of.definition.name, "set_aside")
    made = Objection(of.id, filed.number, reason.strip(), by, now)
    connection.execute(insert(objection).values(asdict(made)))
    _finish(connection, filed, None)
    return made


def rule(
    connection: Connection, of: Metric, *, is_upheld: bool, ruling: str, by: int, now: datetime
) -> Objection:
    """Dismisses the open objection, which makes the reading final, or upholds it: then the metric is read anew.

    Raises Invalid, NotAllowed (who filed or objected does not rule), NotOpen.
    """
    _text("ruling", ruling)
    filed = find(connection, of.id)
    made = find_objection(connection, filed) if filed else None
    if filed is None or made is None or made.is_upheld is not None:
        raise NotOpen("metric", of.definition.name, "no_objection")
    if by in (filed.filed_by, made.made_by):
        raise NotAllowed("rule", "own_objection")
    said = {"is_upheld": is_upheld, "ruling": ruling.strip(), "ruled_by": by, "ruled_at": now}
    this = (objection.c.metric_id == of.id) & (objection.c.number == filed.number)
    connection.execute(update(objection).where(this).values(said))
    _finish(connection, filed, None if is_upheld else now)
    return Objection(made.metric_id, made.number, made.reason, made.made_by, made.made_at, is_upheld)


def _finish(connection: Connection, of: Reading, final_at: datetime | None) -> None:
    this = (reading.c.metric_id == of.metric_id) & (reading.c.number == of.number)
    connection.execute(update(reading).where(this).values(final_at=final_at))


def _require_open(connection: Connection, of: Metric, filed: Reading, now: datetime) -> None:
    if filed.is_final(now):
        raise NotOpen("metric", of.definition.name, "read")
    made = find_objection(connection, filed)
    if made and made.is_upheld is None:
        raise NotOpen("metric", of.definition.name, "objected")


def _text(field: str, text: str) -> None:
    if not text.strip() or len(text) > TEXT_MOST:
        raise Invalid(field, "length", str(TEXT_MOST))
