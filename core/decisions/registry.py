"""Decisions as they are kept: opened, found, and changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select, update

from core.database import row_ids
from core.decisions.branches import (
    BRANCHES,
    CHOSEN,
    DRAWN,
    branch_of,
    decision_of,
    open_branch,
    open_branches,
)
from core.decisions.decision import Decision, Option, Record, State, Terms, name_of
from core.decisions.tables import decider, decision, option, record
from core.errors import NotOpen, Unknown
from core.ledger import accounts
from core.pricing.lottery import Lottery
from core.rows import Among, Prepared, gather


def create(
    connection: Connection,
    terms: Terms,
    options: Sequence[str],
    deciders: Collection[int],
    by: int,
    key: str | None,
    now: datetime,
    lottery: Lottery | None = None,
) -> Decision:
    """A new open decision with its escrow and branches: chosen per option, drawn too if a lottery may draw, and none."""
    values = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    fixed = {"state": State.OPEN, "opened_by": by, "key": key, "opened_at": now}
    chance = {"probability": lottery.probability if lottery else None}
    row = insert(decision).values(values | fixed | chance).returning(decision.c.id)
    decision_id = connection.execute(row).scalar_one()
    escrow = accounts.open_account(connection, f"escrow:{name_of(decision_id)}")
    _change(connection, decision_id, escrow_id=escrow)
    weights = lottery.weights if lottery else [None] * len(options)
    connection.execute(
        insert(option),
        [
            {"decision_id": decision_id, "number": n, "name": name, "weight": weight}
            for n, (name, weight) in enumerate(zip(options, weights, strict=True), 1)
        ],
    )
    connection.execute(
        insert(decider), [{"decision_id": decision_id, "person_id": p} for p in sorted(deciders)]
    )
    option_ids = connection.execute(
        select(option.c.id).where(option.c.decision_id == decision_id).order_by(option.c.number)
    ).scalars()
    kinds = [CHOSEN, DRAWN] if lottery else [CHOSEN]
    open_branches(connection, decision_id, name_of(decision_id), escrow, list(option_ids), kinds)
    return get(connection, decision_id)


def add_option(connection: Connection, of: Decision, name: str, now: datetime) -> Decision:
    """The decision with one more option and its branch, whose credit nobody holds yet."""
    number = len(of.options) + 1
    values = {"decision_id": of.id, "number": number, "name": name, "added_at": now}
    made = connection.execute(insert(option).values(values).returning(option.c.id)).scalar_one()
    open_branch(connection, of.id, of.name, of.escrow, made, number, CHOSEN)
    return get(connection, of.id)


def get(connection: Connection, decision_id: int) -> Decision:
    """Raises Unknown if there is no such decision."""
    found = get_all(connection, [decision_id])
    if not found:
        raise Unknown("decision", name_of(decision_id))
    return found[decision_id]


def find(connection: Connection, key: str) -> Decision | None:
    """The decision that was opened under this key."""
    found = connection.execute(select(decision.c.id).where(decision.c.key == key)).scalar_one_or_none()
    return None if found is None else get(connection, found)


def lock(connection: Connection, decision_id: int) -> Decision:
    """The decision, changed by nobody else until the transaction ends."""
    this = decision.c.id.in_(row_ids([decision_id]))
    connection.execute(select(decision.c.id).where(this).with_for_update()).all()
    return get(connection, decision_id)


def of_branch(connection: Connection, branch_id: int | None) -> Decision | None:
    """The decision that a branch belongs to; None for what hangs on no branch."""
    return None if branch_id is None else get(connection, decision_of(connection, [branch_id])[branch_id])


def lock_of_branch(connection: Connection, branch_id: int | None) -> Decision | None:
    """The same, locked. Decisions are locked before their markets, everywhere, so that nobody waits in a ring."""
    found = of_branch(connection, branch_id)
    return lock(connection, found.id) if found else None


def get_all(connection: Connection, decision_ids: Iterable[int]) -> dict[int, Decision]:
    """The decisions of these ids, complete; ids that do not exist are left out."""
    ids = row_ids(decision_ids)
    if not ids:
        return {}
    wanted = {"ids": ids}
    asked = [(query, wanted) for query in (_DECISIONS, _OPTIONS, _DECIDERS, _RECORDS, BRANCHES)]
    decisions, options, deciders, records, branches = gather(connection, *asked)
    records_of = {row.decision_id: row for row in _RECORDS.read(records)}
    options_of, deciders_of = _by_decision(_OPTIONS.read(options)), _by_decision(_DECIDERS.read(deciders))
    branches_of = _by_decision(BRANCHES.read(branches))
    return {
        row.id: _decision_of(
            row, options_of[row.id], branches_of[row.id], deciders_of[row.id], records_of.get(row.id)
        )
        for row in _DECISIONS.read(decisions)
    }


def _by_decision(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for row in rows:
        found[row.decision_id].append(row)
    return found


def _decision_of(
    row: Any, options: Sequence[Any], branches: Sequence[Any], deciders: Sequence[Any], made: Any
) -> Decision:
    return Decision(
        id=row.id,
        state=State(row.state),
        terms=Terms(**{name: getattr(row, name) for name in Terms.__dataclass_fields__}),
        escrow=row.escrow_id,
        opened_at=row.opened_at,
        swept_to=row.swept_to,
        warned_at=row.warned_at,
        warned_to=row.warned_to,
        probability=row.probability,
        nudged_for=row.nudged_for,
        options=tuple(
            Option(each.id, each.number, each.name, each.added_at, each.weight) for each in options
        ),
        branches=tuple(map(branch_of, branches)),
        deciders=frozenset(each.person_id for each in deciders),
        record=Record(*(getattr(made, name) for name in Record.__dataclass_fields__)) if made else None,
    )


def _among(table: Table, column: ColumnElement[Any], *order: ColumnElement[Any]) -> Prepared:
    return Prepared(select(table).where(Among(column, "ids")).order_by(*order))


_DECISIONS = _among(decision, decision.c.id, decision.c.id)
_OPTIONS = _among(option, option.c.decision_id, option.c.decision_id, option.c.number)
_DECIDERS = _among(decider, decider.c.decision_id, decider.c.decision_id)
_RECORDS = _among(record, record.c.decision_id)
_IN_STATES = Prepared(
    select(decision.c.id)
    .where(Among(decision.c.state, "states"))
    .order_by(decision.c.closes_at, decision.c.id)
)


def ids_in(connection: Connection, *states: State) -> list[int]:
    """Those that close first at the top."""
    return [decision_id for (decision_id,) in _IN_STATES.rows(connection, states=[*states])]


def set_state(connection: Connection, decision_id: int, state: State) -> None:
    _change(connection, decision_id, state=state)


def set_dates(connection: Connection, decision_id: int, dates: Mapping[str, datetime]) -> None:
    """Whoever was told of another close is told of the new one."""
    anew = {"warned_at": None, "warned_to": None} if "closes_at" in dates else {}
    _change(connection, decision_id, **dates, **anew)


def set_swept(connection: Connection, decision_id: int, swept_to: int | None) -> None:
    _change(connection, decision_id, swept_to=swept_to)


def set_warned(
    connection: Connection, decision_id: int, warned_to: int | None, warned_at: datetime | None
) -> None:
    _change(connection, decision_id, warned_to=warned_to, warned_at=warned_at)


def set_nudged(connection: Connection, decision_id: int, nudged_for: datetime) -> None:
    _change(connection, decision_id, nudged_for=nudged_for)


def write_record(connection: Connection, decision_id: int, written: Record) -> None:
    """Raises NotOpen if something was recorded before: what is recorded is not edited."""
    if connection.execute(select(record.c.decision_id).where(record.c.decision_id == decision_id)).first():
        raise NotOpen("decision", name_of(decision_id), "recorded")
    values = {name: getattr(written, name) for name in Record.__dataclass_fields__}
    values |= {"links": list(written.links)}
    connection.execute(insert(record).values(decision_id=decision_id, **values))


def _change(connection: Connection, decision_id: int, **values: object) -> None:
    connection.execute(update(decision).where(decision.c.id == decision_id).values(**values))
