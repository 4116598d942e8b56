"""What is measured later, as it is worded by the version in force. Values are micro-units of the metric's unit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from core import texts
from core.database import row_ids
from core.errors import Invalid, NotAllowed, Unknown
from core.markets.reading_tables import definition as version
from core.markets.tables import market, metric
from core.rows import Among, Later, Prepared, ask
from core.units import MICRO, MOST

DECIMALS_MOST = 6
TEXT_MOST = 500


@dataclass(frozen=True)
class Definition:
    """A metric as it is worded; prices speak of its value clipped to [low, high].

    ``source`` is where anybody can read it, ``measured_over`` the span that is measured, ``void_if`` when it counts as
    never measured. Readings are rounded half up to ``decimals``, or stay as they are filed.
    """

    name: str
    unit: str
    low: int
    high: int
    wording: str
    source: str = ""
    measured_over: str = ""
    void_if: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        for field, most in (("name", 150), ("unit", 32), ("wording", 3000)):
            texts.check(f"metric_{field}", getattr(self, field), most)
        for field in ("source", "measured_over", "void_if"):
            if text := getattr(self, field):
                texts.check(f"metric_{field}", text, TEXT_MOST)
        if self.decimals is not None and not 0 <= self.decimals <= DECIMALS_MOST:
            raise Invalid("decimals", "decimals", str(DECIMALS_MOST))
        for field in ("low", "high"):
            if abs(getattr(self, field)) > MOST:
                raise Invalid(field, "too_large", str(MOST // MICRO))
        if self.low >= self.high:
            raise Invalid("high", "above_low")

    def rounded(self, value: int) -> int:
        """The value as it counts: half a unit of the last decimal goes up, also below zero."""
        if self.decimals is None:
            return value
        step: int = 10 ** (DECIMALS_MOST - self.decimals)
        return (2 * value + step) // (2 * step) * step


@dataclass(frozen=True)
class Metric:
    """``version`` is the number of the definition in force."""

    id: int
    definition: Definition
    owner: int
    challenge_seconds: int
    version: int = 1

    def require_owner(self, person: int, act: str) -> None:
        """Raises NotAllowed unless the person owns the metric."""
        if person != self.owner:
            raise NotAllowed(act, "metric_owner_only")


_BY_ID = Prepared(
    select(
        metric.c.id,
        metric.c.owner_id,
        metric.c.challenge_seconds,
        metric.c.version,
        *(metric.c[name] for name in Definition.__dataclass_fields__),
    ).where(Among(metric.c.id, "ids"))
)

_OWNERS = Prepared(
    select(market.c.branch_id, metric.c.owner_id)
    .join(metric, metric.c.id == market.c.metric_id)
    .where(Among(market.c.branch_id, "branches"))
)


def create(
    connection: Connection, definition: Definition, owner: int, challenge_seconds: int, by: int, now: datetime
) -> Metric:
    """A metric with the first version of its definition, in force from the start."""
    said = asdict(definition) | {"owner_id": owner}
    values = said | {"challenge_seconds": challenge_seconds}
    made = connection.execute(insert(metric).values(values).returning(metric.c.id)).scalar_one()
    first = {"metric_id": made, "number": 1, "state": "in force", "reason": ""}
    connection.execute(insert(version).values(said | first | {"proposed_by": by, "proposed_at": now}))
    return Metric(made, definition, owner, challenge_seconds)


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Metric]:
    return ask_all(connection, ids)()


def ask_all(connection: Connection, ids: Iterable[int]) -> Later[dict[int, Metric]]:
    """The same, by a round trip that is shared with others."""
    found = ask(connection, (_BY_ID, {"ids": row_ids(ids)}))
    return lambda: {
        number: Metric(number, Definition(*said), owner, seconds, version)
        for number, owner, seconds, version, *said in found()[0]
    }


def owners(connection: Connection, branch_ids: Iterable[int]) -> dict[int, set[int]]:
    """Who files the readings of the markets in each branch."""
    found = dict[int, set[int]]()
    wanted = row_ids(branch_ids)
    for branch, owner in _OWNERS.rows(connection, branches=wanted) if wanted else []:
        found.setdefault(branch, set()).add(owner)
    return found


def owners_together(connection: Connection, groups: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """The same of groups of branches."""
    found = owners(connection, [branch for ids in groups.values() for branch in ids])
    return {
        group: {owner for branch in ids for owner in found.get(branch, ())} for group, ids in groups.items()
    }


def get(connection: Connection, metric_id: int) -> Metric:
    """Raises Unknown if there is no such metric."""
    found = get_all(connection, [metric_id])
    if not found:
        raise Unknown("metric", str(metric_id))
    return found[metric_id]
