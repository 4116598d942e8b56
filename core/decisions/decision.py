"""A decision: its options, its terms, what was recorded, and what each use case asks of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.decisions.branches import Branch, Collateral
from core.errors import NotAllowed, NotOpen


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
