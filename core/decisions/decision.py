"""A decision: its options, its terms, what was recorded, and what each use case asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.decisions.branches import CHOSEN, DRAWN, NONE, Branch, Collateral
from core.errors import NotAllowed, NotOpen
from core.pricing.lottery import SURE, Lottery


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CHOSEN = "chosen"
    DRAWN = "drawn"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"


TAKEN = (
    State.CHOSEN,
    State.DRAWN,
)  # An option was taken, and its markets trade on, or wait for their reading.


@dataclass(frozen=True)
class Option:
    id: int
    number: int
    name: str
    added_at: datetime | None
    weight: int | None = None


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
    """What was decided; ``option_id`` is empty for a withdrawal. Final once its challenge window is over.

    ``unpriced`` is what the committee knew that the market did not; empty where nobody was asked.
    """

    option_id: int | None
    reason: str
    recorded_by: int | None
    recorded_at: datetime
    final_at: datetime
    unpriced: str | None = None
    links: Sequence[str] = ()


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
    probability: int | None
    nudged_for: datetime | None
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

    @property
    def lottery(self) -> Lottery | None:
        """By which chances a lottery draws, if one may."""
        if self.probability is None:
            return None
        return Lottery(self.probability, tuple(option.weight or 0 for option in self.options))

    @property
    def is_always_drawn(self) -> bool:
        """Whether its lottery is certain, so that what people might have chosen can never come true."""
        return self.probability == SURE

    @property
    def awaits_draw(self) -> bool:
        """Whether a lottery may still decide it."""
        return any(branch.kind == DRAWN for branch in self.live) and len(self.live) > 1

    @property
    def taken(self) -> Option | None:
        """The option that was taken for good, by people or by a lottery."""
        return self.option_of(self.live[0].id) if len(self.live) == 1 else None

    @property
    def is_drawn(self) -> bool:
        """Whether a lottery took its option for good."""
        return self.taken is not None and self.live[0].kind == DRAWN

    @property
    def none(self) -> Branch:
        """The branch in which no option is taken: each holds as much of its credit as they put in."""
        return next(each for each in self.branches if each.kind == NONE)

    def option(self, option_id: int) -> Option:
        return next(each for each in self.options if each.id == option_id)

    def branch(self, branch_id: int) -> Branch:
        return next(each for each in self.branches if each.id == branch_id)

    def branch_of(self, option_id: int, kind: str = CHOSEN) -> Branch:
        """The branch in which this option is taken, by people or by a lottery."""
        return next(each for each in self.branches if (each.option_id, each.kind) == (option_id, kind))

    def is_drawn_in(self, branch_id: int | None) -> bool | None:
        """Whether in this branch a lottery takes the option, not people; None where no lottery may decide."""
        if branch_id is None or self.probability is None:
            return None
        return self.branch(branch_id).kind == DRAWN

    def is_idle(self, branch_id: int | None) -> bool:
        """Whether people would choose in this branch of a decision that a lottery always decides: it never comes true."""
        return self.is_always_drawn and branch_id in {b.id for b in self.branches if b.kind == CHOSEN}

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
