"""Who did best: credits that settled markets brought, and who agreed to be named for it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from core.database import row_ids
from core.people import tables
from core.rows import Among, Prepared

_person = tables.person.c


class Leader(NamedTuple):
    """``rank`` 1 is the best; ``realised`` micro-credits, over so many settled markets."""

    rank: int
    person: int
    identity: str
    realised: int
    settled: int
    is_named: bool


def add(connection: Connection, gains: Mapping[int, int]) -> None:
    """One more settled market, and what it brought each person."""
    if not gains:
        return
    changed = update(tables.person).where(_person.id == bindparam("who"))
    more = changed.values(realised=_person.realised + bindparam("gain"), settled=_person.settled + 1)
    connection.execute(more, [{"who": who, "gain": gain} for who, gain in sorted(gains.items())])


def top(connection: Connection, most: int) -> list[Leader]:
    """The best so many, of those who had anything settled; of equals, who came first."""
    wanted = _leaders().order_by(_person.realised.desc(), _person.id).limit(most)
    return [_leader(rank, row) for rank, row in enumerate(connection.execute(wanted), 1)]


def one(connection: Connection, person_id: int) -> Leader | None:
    """A person among all; nothing while nothing of theirs was settled."""
    row = connection.execute(_leaders().where(_person.id == person_id)).one_or_none()
    if row is None:
        return None
    is_better = (_person.realised > row.realised) | (
        (_person.realised == row.realised) & (_person.id < row.id)
    )
    better = select(func.count()).select_from(tables.person).where(_person.settled > 0, is_better)
    return _leader(connection.execute(better).scalar_one() + 1, row)


def is_named(connection: Connection, person_id: int) -> bool:
    """Whether they agreed to be named, whatever they realised so far."""
    return (
        connection.execute(select(_person.named_at).where(_person.id == person_id)).scalar_one() is not None
    )


def named(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Those of them who agreed to be named: their identities by their ids."""
    return {row.id: row.identity for row in _NAMED.named(connection, ids=row_ids(ids))}


_NAMED = Prepared(
    select(_person.id, _person.identity).where(Among(_person.id, "ids"), _person.named_at.is_not(None))
)


def _leaders() -> Any:
    columns = (_person.id, _person.identity, _person.realised, _person.settled, _person.named_at)
    return select(*columns).where(_person.settled > 0)


def _leader(rank: int, row: Any) -> Leader:
    return Leader(rank, row.id, row.identity, row.realised, row.settled, row.named_at is not None)
