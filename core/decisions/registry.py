"""Decisions as they stand, with everything that a use case asks of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from core.database import row_ids
from core.decisions.branches import Branch, Collateral, branches_of, decision_of, open_branch, open_branches
from core.decisions.tables import decider, decision, option, record
from core.errors import NotAllowed, NotOpen, Unknown
from core.ledger import accounts


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CHOSEN = "chosen"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"


@dataclass(frozen=True)
class Option:
    id: int
    number: int
    name: str
    added_at: datetime | None


@dataclass(frozen=True)
class Terms:
    """What is fixed when a decision opens. Addresses are opaque: where to tell everybody, and the committee."""

    question: str
    closes_at: datetime
    decide_by: datetime
    freezes_at: datetime
    record_challenge_seconds: int
    reading_challenge_seconds: int
    public_address: str
    committee_address: str


@dataclass(frozen=True)
class Record:
    """What was decided; ``option_id`` is empty for a withdrawal. Final once its challenge window is over."""

    option_id: int | None
    reason: str
    recorded_by: int | None
    recorded_at: datetime
    final_at: datetime


@dataclass(frozen=True)
class Decision:
    id: int
    state: State
    terms: Terms
    escrow: int
    opened_at: datetime
    reported_at: datetime
    swept_to: int | None
    warned_at: datetime | None
    warned_to: int | None
    options: tuple[Option, ...]
    branches: tuple[Branch, ...]
    deciders: frozenset[int]
    record: Record | None

    @property
    def live(self) -> tuple[Branch, ...]:
        return tuple(branch for branch in self.branches if branch.is_live)

    @property
    def name(self) -> str:
        return name_of(self.id)

    def collateral(self, credit: int) -> Collateral:
        """What holders of its credit need to know now; ``credit`` is the plain unit."""
        return Collateral(self.escrow, credit, tuple(branch.unit for branch in self.live))

    @property
    def addresses(self) -> list[str]:
        """Where everybody, and where the committee, is told."""
        return sorted({self.terms.public_address, self.terms.committee_address})

    def option(self, option_id: int) -> Option:
        return next(each for each in self.options if each.id == option_id)

    def branch(self, branch_id: int) -> Branch:
        return next(each for each in self.branches if each.id == branch_id)

    def branch_of(self, option_id: int) -> Branch:
        """The branch in which this option is taken."""
        return next(each for each in self.branches if each.option_id == option_id)

    def option_of(self, branch_id: int) -> Option | None:
        """The option whose taking the branch stands for; None for the branch in which none is."""
        option_id = self.branch(branch_id).option_id
        return None if option_id is None else self.option(option_id)

    def require(self, *states: State) -> None:
        """Raises NotOpen unless the decision is in one of the states."""
        if self.state not in states:
            raise NotOpen("decision", self.name, self.state)

    def require_decider(self, person: int | None, act: str) -> None:
        """Raises NotAllowed unless the person was named as a decider at opening."""
        if person not in self.deciders:
            raise NotAllowed(act, "deciders_only")


def name_of(decision_id: int) -> str:
    """The name that people use: D-7."""
    return f"D-{decision_id}"


def create(
    connection: Connection,
    terms: Terms,
    options: Sequence[str],
    deciders: Collection[int],
    by: int,
    key: str | None,
    now: datetime,
) -> Decision:
    """A new open decision with its escrow and its branches: chosen per option, and none."""
    values = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    fixed = {"state": State.OPEN, "opened_by": by, "key": key, "opened_at": now, "reported_at": now}
    row = insert(decision).values(values | fixed).returning(decision.c.id)
    decision_id = connection.execute(row).scalar_one()
    escrow = accounts.open_account(connection, f"escrow:{name_of(decision_id)}")
    _change(connection, decision_id, escrow_id=escrow)
    rows = [{"decision_id": decision_id, "number": n, "name": name} for n, name in enumerate(options, 1)]
    connection.execute(insert(option), rows)
    connection.execute(
        insert(decider), [{"decision_id": decision_id, "person_id": p} for p in sorted(deciders)]
    )
    option_ids = connection.execute(
        select(option.c.id).where(option.c.decision_id == decision_id).order_by(option.c.number)
    ).scalars()
    open_branches(connection, decision_id, name_of(decision_id), escrow, list(option_ids))
    return get(connection, decision_id)


def add_option(connection: Connection, of: Decision, name: str, now: datetime) -> Decision:
    """The decision with one more option and its branch, whose credit nobody holds yet."""
    number = len(of.options) + 1
    values = {"decision_id": of.id, "number": number, "name": name, "added_at": now}
    made = connection.execute(insert(option).values(values).returning(option.c.id)).scalar_one()
    open_branch(connection, of.id, of.name, of.escrow, made, number)
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
    options = connection.execute(
        select(option).where(option.c.decision_id.in_(ids)).order_by(option.c.decision_id, option.c.number)
    ).all()
    deciders = connection.execute(select(decider).where(decider.c.decision_id.in_(ids))).all()
    records = connection.execute(select(record).where(record.c.decision_id.in_(ids))).all()
    branches = branches_of(connection, ids)
    found = {}
    for row in connection.execute(select(decision).where(decision.c.id.in_(ids)).order_by(decision.c.id)):
        taken = [r for r in records if r.decision_id == row.id]
        found[row.id] = Decision(
            id=row.id,
            state=State(row.state),
            terms=Terms(**{name: getattr(row, name) for name in Terms.__dataclass_fields__}),
            escrow=row.escrow_id,
            opened_at=row.opened_at,
            reported_at=row.reported_at,
            swept_to=row.swept_to,
            warned_at=row.warned_at,
            warned_to=row.warned_to,
            options=tuple(
                Option(o.id, o.number, o.name, o.added_at) for o in options if o.decision_id == row.id
            ),
            branches=branches[row.id],
            deciders=frozenset(d.person_id for d in deciders if d.decision_id == row.id),
            record=Record(*(getattr(taken[0], f) for f in Record.__dataclass_fields__)) if taken else None,
        )
    return found


def ids_in(connection: Connection, *states: State) -> list[int]:
    return list(
        connection.execute(
            select(decision.c.id)
            .where(decision.c.state.in_(states))
            .order_by(decision.c.closes_at, decision.c.id)
        ).scalars()
    )


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


def set_reported(connection: Connection, decision_id: int, at: datetime) -> None:
    _change(connection, decision_id, reported_at=at)


def write_record(connection: Connection, decision_id: int, written: Record) -> None:
    """Raises NotOpen if something was recorded before: what is recorded is not edited."""
    if connection.execute(select(record.c.decision_id).where(record.c.decision_id == decision_id)).first():
        raise NotOpen("decision", name_of(decision_id), "recorded")
    values = {name: getattr(written, name) for name in Record.__dataclass_fields__}
    connection.execute(insert(record).values(decision_id=decision_id, **values))


def _change(connection: Connection, decision_id: int, **values: object) -> None:
    connection.execute(update(decision).where(decision.c.id == decision_id).values(**values))
