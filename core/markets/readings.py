"""What a metric came to: filed by its owner, open to objection until it is final, and settled by only then."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import texts
from core.errors import Invalid, NotAllowed, NotOpen
from core.markets.metrics import Metric
from core.markets.tables import objection, reading
from core.rows import Among, Prepared
from core.units import MICRO, MOST

TEXT_MOST = 3000


@dataclass(frozen=True)
class Objection:
    """Somebody says that a reading is wrong; ``is_upheld`` is empty until somebody else rules."""

    metric_id: int
    number: int
    reason: str
    made_by: int
    made_at: datetime
    is_upheld: bool | None = None


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
    objection: Objection | None = None

    @property
    def is_objected(self) -> bool:
        """Whether an objection waits for a ruling."""
        return self.objection is not None and self.objection.is_upheld is None

    @property
    def is_set_aside(self) -> bool:
        """Whether an objection was upheld: it does not count, and the metric is to be read anew."""
        return self.objection is not None and self.objection.is_upheld is True

    def is_party(self, person: int) -> bool:
        """Whether they filed it or objected to it."""
        return person in {self.filed_by, self.objection.made_by if self.objection else None}

    def is_final(self, now: datetime) -> bool:
        return self.final_at is not None and now >= self.final_at


def find(connection: Connection, metric_id: int) -> Reading | None:
    """The newest reading, the one that counts."""
    return find_all(connection, [metric_id]).get(metric_id)


def find_all(connection: Connection, metric_ids: Iterable[int]) -> dict[int, Reading]:
    """The newest reading of each metric that has one."""
    return {row[0]: _reading_of(row) for row in _READINGS.named(connection, metrics=sorted(set(metric_ids)))}


_IS_TO_IT = (objection.c.metric_id == reading.c.metric_id) & (objection.c.number == reading.c.number)
_MADE = [objection.c[name].label(f"objection_{name}") for name in Objection.__dataclass_fields__]
_READINGS = Prepared(
    select(*reading.c, *_MADE)
    .outerjoin_from(reading, objection, _IS_TO_IT)
    .where(Among(reading.c.metric_id, "metrics"))
    .order_by(reading.c.number)
)


def _reading_of(row: Any) -> Reading:
    filed, made = row[: len(reading.c)], row[len(reading.c) :]
    return Reading(*[*filed, Objection(*made) if made[0] is not None else None])


def file(
    connection: Connection, of: Metric, value: int | None, source: str, by: int, now: datetime
) -> Reading:
    """A new reading, rounded as its metric says; it takes the place of one that is not final yet.

    Raises Invalid, NotOpen.
    """
    if value is not None and abs(value) > MOST:
        raise Invalid("value", "too_large", str(MOST // MICRO))
    texts.check("source", source, TEXT_MOST)
    counted = None if value is None else of.definition.rounded(value)
    before = find(connection, of.id)
    if before:
        _require_open(of, before, now)
    number, final_at = before.number + 1 if before else 1, now + timedelta(seconds=of.challenge_seconds)
    filed = Reading(of.id, number, counted, source.strip(), by, now, final_at)
    connection.execute(
        insert(reading).values({column.name: getattr(filed, column.name) for column in reading.c})
    )
    return filed


def challenge(connection: Connection, of: Metric, reason: str, by: int, now: datetime) -> Objection:
    """Objects to the newest reading, which is not final until it is ruled on. Raises Invalid, NotAllowed, NotOpen."""
    texts.check("reason", reason, TEXT_MOST)
    filed = find(connection, of.id)
    if filed is None:
        raise NotOpen("metric", of.definition.name, "unread")
    if filed.filed_by == by:
        raise NotAllowed("object", "own_reading")
    _require_open(of, filed, now)
    if filed.is_set_aside:
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
    texts.check("ruling", ruling, TEXT_MOST)
    filed = find(connection, of.id)
    made = filed.objection if filed else None
    if filed is None or made is None or not filed.is_objected:
        raise NotOpen("metric", of.definition.name, "no_objection")
    if filed.is_party(by):
        raise NotAllowed("rule", "own_objection")
    said = {"is_upheld": is_upheld, "ruling": ruling.strip(), "ruled_by": by, "ruled_at": now}
    this = (objection.c.metric_id == of.id) & (objection.c.number == filed.number)
    connection.execute(update(objection).where(this).values(said))
    _finish(connection, filed, None if is_upheld else now)
    return replace(made, is_upheld=is_upheld)


def _finish(connection: Connection, of: Reading, final_at: datetime | None) -> None:
    this = (reading.c.metric_id == of.metric_id) & (reading.c.number == of.number)
    connection.execute(update(reading).where(this).values(final_at=final_at))


def _require_open(of: Metric, filed: Reading, now: datetime) -> None:
    if filed.is_final(now):
        raise NotOpen("metric", of.definition.name, "read")
    if filed.is_objected:
        raise NotOpen("metric", of.definition.name, "objected")
