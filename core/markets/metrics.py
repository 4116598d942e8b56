"""What is measured later, as it is worded at opening. Values are micro-units of the metric's unit."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from core import texts
from core.database import row_ids
from core.errors import Invalid, NotAllowed, Unknown
from core.markets.tables import market, metric
from core.rows import Among, Later, Prepared, ask
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
            texts.check(f"metric_{field}", getattr(self, field), most)
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


_BY_ID = Prepared(
    select(
        metric.c.id,
        metric.c.owner_id,
        metric.c.challenge_seconds,
        *(metric.c[name] for name in Definition.__dataclass_fields__),
    ).where(Among(metric.c.id, "ids"))
)

_OWNERS = Prepared(
    select(market.c.branch_id, metric.c.owner_id)
    .join(metric, metric.c.id == market.c.metric_id)
    .where(Among(market.c.branch_id, "branches"))
)


def create(connection: Connection, definition: Definition, owner: int, challenge_seconds: int) -> Metric:
    values = asdict(definition) | {"owner_id": owner, "challenge_seconds": challenge_seconds}
    made = connection.execute(insert(metric).values(values).returning(metric.c.id)).scalar_one()
    return Metric(made, definition, owner, challenge_seconds)


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Metric]:
    return ask_all(connection, ids)()


def ask_all(connection: Connection, ids: Iterable[int]) -> Later[dict[int, Metric]]:
    """The same, by a round trip that is shared with others."""
    found = ask(connection, (_BY_ID, {"ids": row_ids(ids)}))
    return lambda: {
        number: Metric(number, Definition(*said), owner, seconds)
        for number, owner, seconds, *said in found()[0]
    }


def owners(connection: Connection, branch_ids: Iterable[int]) -> dict[int, set[int]]:
    """Who files the readings of the markets in each branch."""
    found = dict[int, set[int]]()
    wanted = row_ids(branch_ids)
    for branch, owner in _OWNERS.rows(connection, branches=wanted) if wanted else []:
        found.setdefault(branch, set()).add(owner)
    return found


def get(connection: Connection, metric_id: int) -> Metric:
    """Raises Unknown if there is no such metric."""
    found = get_all(connection, [metric_id])
    if not found:
        raise Unknown("metric", str(metric_id))
    return found[metric_id]
