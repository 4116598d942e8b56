"""What a report says, as facts: a decision as the market sees it."""

from dataclasses import dataclass

from core.exchange.course import Course


@dataclass(frozen=True)
class Implied:
    """What prices of bins say beyond the mean, in micro-units of the metric: its sd, and the 10, 50 and 90% points.

    Two outcomes tell the mean and nothing else.
    """

    sd: float
    quantiles: tuple[float, float, float]


@dataclass(frozen=True)
class OptionLine:
    """One option in one measure: expected values of its metric if it is chosen, in micro-units; prices of the outcomes.

    ``added_at`` says when it was added to an open decision; empty: it was there from the start. ``came_to`` is the
    reading that settled it; empty once it is settled: the metric was never measured.
    """

    number: int
    name: str
    market_id: int
    metric_id: int
    metric: str
    outcomes: tuple[str, ...]
    prices: tuple[float, ...]
    expected: float
    average: float
    implied: Implied | None
    trades: int
    traders: int
    is_settled: bool
    came_to: int | None
    is_trading: bool
    added_at: int | None


@dataclass(frozen=True)
class Spread:
    """How far the highest option is priced above the next, by 24 h averages, and what erasing that would take."""

    leader: str
    follower: str
    gap: float
    outlay_credits: float
    expected_loss_credits: float


@dataclass(frozen=True)
class Measure:
    """What the options are compared on. ``metric`` names one metric for all, or those of the options in their order.

    Where a lottery may decide, ``drawn`` are the options as they are priced if it draws them, and so many people have
    traded one of them apart from what it is priced at if it is chosen.
    """

    number: int
    metric: str
    unit: str
    wording: str
    low: int
    high: int
    options: tuple[OptionLine, ...]
    spread: Spread
    drawn: tuple[OptionLine, ...] = ()
    drawn_spread: Spread | None = None
    traded_apart: int = 0


@dataclass(frozen=True)
class Breach:
    """Where a promise about a lottery was not kept. ``kind`` is corrected, no_beacon or not_carried_out."""

    kind: str
    reason: str
    by: str | None
    at: int


@dataclass(frozen=True)
class Drawn:
    """What a lottery came to; without an option people decide. It is final at ``final_at``."""

    option: str | None
    beacon_value: str
    digest: str
    by: str | None
    at: int
    final_at: int


@dataclass(frozen=True)
class Lottery:
    """With ``probability`` (millionths) a lottery decides, each option by its chance (millionths, rounded).

    ``awaits`` says that it may still do so.
    """

    probability: int
    chances: tuple[int, ...]
    beacon: str
    url: str
    round: str
    commitment: str
    awaits: bool
    drawn: Drawn | None
    breaches: tuple[Breach, ...]


@dataclass(frozen=True)
class Report:
    """A decision as the market sees it. Times are whole seconds since 1970, UTC. The course is there where it is drawn."""

    decision_id: int
    question: str
    state: str
    at: int
    window_end: int
    window_start: int
    closes_at: int
    decide_by: int
    freezes_at: int
    measures: tuple[Measure, ...]
    chosen: str | None
    recorded: bool
    final_at: int | None
    is_trading: bool
    halted_at: int | None
    traders: int
    course: Course | None
    lottery: Lottery | None = None


@dataclass(frozen=True)
class Asked:
    """A question that hangs on no decision, as the market sees it. Times are whole seconds since 1970, UTC.

    ``state`` is open, halted, frozen, read, objected, set_aside or settled. What was read is empty before, and where it
    says that it was never measured; ``final_at`` is when the newest reading counts.
    """

    market_id: int
    metric_id: int
    question: str
    state: str
    at: int
    closes_at: int
    unit: str
    wording: str
    low: int
    high: int
    owner: str
    outcomes: tuple[str, ...]
    prices: tuple[float, ...]
    expected: float
    average: float
    implied: Implied | None
    trades: int
    traders: int
    is_trading: bool
    is_read: bool
    value: int | None
    final_at: int | None
    course: Course | None
