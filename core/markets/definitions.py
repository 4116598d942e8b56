"""Versions of a metric's definition: the first in force at opening; each later one proposed by one and approved by another."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import texts
from core.errors import Invalid, NotOpen
from core.markets import resting
from core.markets.market import Market
from core.markets.metrics import Definition, Metric
from core.markets.reading_tables import definition
from core.markets.tables import metric, trader
from core.rows import Among, Prepared

REASON_MOST = 1000
FIXED = ("unit", "low", "high")  # What a share pays is worked out from these.
_READ_BY = ("wording", "source", "measured_over")


class State(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in force"
    REPLACED = "replaced"
    TURNED_DOWN = "turned down"


@dataclass(frozen=True)
class Version:
    """People are ids. ``proposed_by`` is empty where nobody kept it, ``ended_by`` until somebody approved or turned it down."""

    metric_id: int
    number: int
    definition: Definition
    owner: int
    state: State
    reason: str
    proposed_by: int | None
    proposed_at: datetime
    ended_by: int | None
    ended_at: datetime | None


_DEFINED = [definition.c[name] for name in Definition.__dataclass_fields__]
_KEPT = [
    definition.c[name]
    for name in ("owner_id", "state", "reason", "proposed_by", "proposed_at", "ended_by", "ended_at")
]
_ALL = Prepared(
    select(definition.c.metric_id, definition.c.number, *_DEFINED, *_KEPT)
    .where(Among(definition.c.metric_id, "metrics"))
    .order_by(definition.c.metric_id, definition.c.number)
)
_CHANGED = Prepared(
    select(definition.c.metric_id, definition.c.number, metric.c.name, definition.c.ended_at)
    .join(metric, metric.c.id == definition.c.metric_id)
    .where(Among(definition.c.metric_id, "metrics"), definition.c.number > 1)
    .where((definition.c.state == State.IN_FORCE) | (definition.c.state == State.REPLACED))
    .order_by(definition.c.ended_at, definition.c.metric_id)
)


def all_of(connection: Connection, metric_id: int) -> list[Version]:
    """Every version, the oldest first."""
    return [_version_of(row) for row in _ALL.named(connection, metrics=[metric_id])]


def changes(connection: Connection, metric_ids: Iterable[int]) -> list[tuple[int, int, str, datetime]]:
    """Of each change that took effect: the metric, the version's number, the metric's name, and when; the first at the top."""
    return [tuple(row) for row in _CHANGED.named(connection, metrics=sorted(set(metric_ids)))]


def find_proposed(connection: Connection, metric_id: int) -> Version | None:
    """The one that waits for somebody's word."""
    return next((each for each in all_of(connection, metric_id) if each.state == State.PROPOSED), None)


def propose(
    connection: Connection, of: Metric, new: Definition, owner: int, reason: str, by: int, now: datetime
) -> Version:
    """Raises Invalid for what cannot change, or changes nothing; NotOpen while another one waits."""
    for field in FIXED:
        if getattr(new, field) != getattr(of.definition, field):
            raise Invalid("metric_unit" if field == "unit" else field, "fixed")
    if (new, owner) == (of.definition, of.owner):
        raise Invalid("metric_wording", "same_definition")
    texts.check("reason", reason, REASON_MOST)
    known = all_of(connection, of.id)
    if any(each.state == State.PROPOSED for each in known):
        raise NotOpen("metric", of.definition.name, "change_waits")
    number = known[-1].number + 1
    made = Version(of.id, number, new, owner, State.PROPOSED, reason.strip(), by, now, None, None)
    connection.execute(insert(definition).values(_values(made)))
    return made


def put_in_force(connection: Connection, of: Metric, proposed: Version, by: int, now: datetime) -> None:
    """The metric is what the version says from now on."""
    _change(connection, of.id, of.version, state=State.REPLACED)
    _change(connection, of.id, proposed.number, state=State.IN_FORCE, ended_by=by, ended_at=now)
    said = asdict(proposed.definition) | {"owner_id": proposed.owner, "version": proposed.number}
    connection.execute(update(metric).where(metric.c.id == of.id).values(said))


def turn_down(connection: Connection, proposed: Version, by: int, now: datetime) -> None:
    _change(
        connection,
        proposed.metric_id,
        proposed.number,
        state=State.TURNED_DOWN,
        ended_by=by,
        ended_at=now,
    )


def is_read_otherwise(before: tuple[Definition, int], after: tuple[Definition, int]) -> bool:
    """Whether another owner reads it, or what is read was worded anew: then a source set before may give something else."""
    (old, old_owner), (new, new_owner) = before, after
    return old_owner != new_owner or any(getattr(old, name) != getattr(new, name) for name in _READ_BY)


def is_read_otherwise_since(connection: Connection, metric_id: int, at: datetime) -> bool:
    """Whether a version came in force after that moment by which the metric is read otherwise than by the one before."""
    in_turn = [
        each for each in all_of(connection, metric_id) if each.state in {State.IN_FORCE, State.REPLACED}
    ]
    return any(
        new.ended_at is not None
        and new.ended_at > at
        and is_read_otherwise((old.definition, old.owner), (new.definition, new.owner))
        for old, new in pairwise(in_turn)
    )


def has_traded(connection: Connection, person: int, markets: Iterable[Market]) -> bool:
    """Whether somebody ever traded in one of the markets, or has an order there that may yet be met.

    Then they have, or will have, what a reading may be bent for.
    """
    ids = [market.id for market in markets]
    here = select(trader.c.person_id).where(trader.c.person_id == person, trader.c.market_id.in_(ids))
    if connection.execute(here.limit(1)).first() is not None:
        return True
    return any(order.market_id in ids for order in resting.of_person(connection, person))


def _change(connection: Connection, metric_id: int, number: int, **values: object) -> None:
    this = (definition.c.metric_id == metric_id) & (definition.c.number == number)
    connection.execute(update(definition).where(this).values(**values))


def _values(of: Version) -> dict[str, Any]:
    kept = {name: getattr(of, name) for name in Version.__dataclass_fields__}
    return {
        "owner_id": kept.pop("owner"),
        **{name: value for name, value in kept.items() if name != "definition"},
        **asdict(of.definition),
    }


def _version_of(row: Any) -> Version:
    metric_id, number, *rest = row
    size = len(_DEFINED)
    owner, state, *kept = rest[size:]
    return Version(metric_id, number, Definition(*rest[:size]), owner, State(state), *kept)
