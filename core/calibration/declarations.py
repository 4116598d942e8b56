"""Declarations: how likely a decider finds each option, and what they expect of each market, before the close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select

from core.calibration.tables import declaration
from core.rows import Prepared

_newer = declaration.alias()
_is_newest = ~exists().where(
    _newer.c.decision_id == declaration.c.decision_id,
    _newer.c.person_id == declaration.c.person_id,
    _newer.c.number > declaration.c.number,
)
_NEWEST = Prepared(
    select(declaration.c.person_id, declaration.c.at, declaration.c.chances, declaration.c.forecasts)
    .where(declaration.c.decision_id == bindparam("decision"), _is_newest)
    .order_by(declaration.c.person_id)
)


@dataclass(frozen=True)
class Declaration:
    """Whole percents by option, the rest being for none of them; forecasts by market, in micro-units of its metric."""

    person: int
    at: datetime
    chances: Mapping[int, int]
    forecasts: Mapping[int, int]


def keep(
    connection: Connection,
    decision_id: int,
    person_id: int,
    chances: Mapping[int, int],
    forecasts: Mapping[int, int],
    now: datetime,
) -> None:
    """What was declared before is kept beside it."""
    mine = (declaration.c.decision_id == decision_id) & (declaration.c.person_id == person_id)
    kept = connection.execute(select(func.count()).select_from(declaration).where(mine)).scalar_one()
    values = {
        "decision_id": decision_id,
        "person_id": person_id,
        "number": kept + 1,
        "at": now,
        "chances": [list(pair) for pair in chances.items()],
        "forecasts": [list(pair) for pair in forecasts.items()],
    }
    connection.execute(insert(declaration).values(values))


def newest(connection: Connection, decision_id: int) -> list[Declaration]:
    """The newest of each person."""
    return [_declaration_of(row) for row in _NEWEST.named(connection, decision=decision_id)]


def find(connection: Connection, decision_id: int, person_id: int) -> Declaration | None:
    """A person's newest."""
    return next((each for each in newest(connection, decision_id) if each.person == person_id), None)


def _declaration_of(row: Any) -> Declaration:
    return Declaration(row.person_id, row.at, dict(row.chances), dict(row.forecasts))
