"""What a report says, as facts: a decision as the market sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.calibration.residuals import Summary
from core.exchange.course import Course
from core.exchange.deciders import Ballots, Declared, OnRecord


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
    reading that settled it; empty once it is settled: the metric was never measured. Of a full report: the time-weighted
    ``median`` and the ``lagged`` average over the averages' window, how far the average ``moved`` since the report
    before (empty: there is none to compare with), and the base rate that it ``opened`` at.
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
    median: float | None = None
    lagged: float | None = None
    moved: float | None = None
    opened: float | None = None


@dataclass(frozen=True)
class Spread:
    """How far the highest option is priced above the next, by 24 h averages, and what erasing that would take.

    ``ranked`` says whether the gap is large enough for anybody to say which of them is priced higher: at least
    ``resolvable``, what the market could show at all, and ``error``, the leave-one-out standard error over the
    ``people`` who hold anything of either. It is empty where that is not asked, or cannot be known any more since the
    options stopped trading together.
    """

    leader: str
    follower: str
    gap: float
    outlay_credits: float
    expected_loss_credits: float
    resolvable: float | None = None
    error: float | None = None
    people: int | None = None
    ranked: bool | None = None


@dataclass(frozen=True)
class OptionTrust:
    """How far one option's number can be trusted, in micro-units of its metric.

    ``chance`` is that of being chosen. ``sd`` is the metric's, from the prices of bins, or else the most that the mean
    allows. ``low`` and ``high`` are where the metric could lie under the option if nothing is assumed of how it is
    chosen; ``stable`` is the band of prices that locked credits leave alone if the average is what is believed.
    ``beyond`` is the most that bins let lie at or beyond the ends of the range; two outcomes do not tell.
    """

    number: int
    name: str
    chance: float
    resolvable: float
    sd: float
    is_sd_priced: bool
    low: float
    high: float
    stable: tuple[float, float]
    beyond: float | None


@dataclass(frozen=True)
class FlipLeg:
    """What making the leader and the follower level takes in one of their markets, credits.

    ``settled_loss`` is the expected loss times the chance that the market settles at all.
    """

    name: str
    outlay: float
    expected_loss: float
    settled_loss: float


@dataclass(frozen=True)
class Sensitivity:
    """By how much selection of a strength can move the spread: if all is normal, and at the very most."""

    rho: float
    gaussian: float
    most: float


@dataclass(frozen=True)
class Trust:
    """How far a measure's spread can be trusted (THEORY 16). Values are micro-units of the metric.

    ``without`` are the least and the most that the leader would now be priced above the follower without any one of the
    people behind them; empty if nobody holds anything. ``rho`` is the correlation of selection that could explain all of
    the gap, ``rho_by_merit`` the one if choice follows merit; empty: none could. ``restricted`` is the share held by
    people who may not trade, ``optimism`` by how much the best of all options looks too good.
    """

    options: tuple[OptionTrust, ...]
    flips: tuple[FlipLeg, FlipLeg]
    traders: int
    effective: float
    top_share: float
    restricted: float
    without: tuple[float, float] | None
    rho: float | None
    rho_by_merit: float | None
    is_leader_likelier: bool | None
    sensitivity: tuple[Sensitivity, ...]
    effect: tuple[float, float]
    optimism: float


@dataclass(frozen=True)
class Measure:
    """What the options are compared on. ``metric`` names one metric for all, or those of the options in their order.

    Where a lottery may decide, ``drawn`` are the options as they are priced if it draws them, and so many people have
    traded one of them apart from what it is priced at if it is chosen.
    How far to ``trust`` it stands in full reports.
    """

    number: int
    metric: str
    unit: str
    wording: str
    low: int
    high: int
    options: tuple[OptionLine, ...]
    spread: Spread
    trust: Trust | None = None
    drawn: tuple[OptionLine, ...] = ()
    drawn_spread: Spread | None = None
    traded_apart: int = 0
    is_drawn: bool = False


@dataclass(frozen=True)
class Breach:
    """Where a promise about a lottery was not kept. ``kind`` is no_beacon, misread or not_carried_out.

    ``before`` and ``after`` are the value that was drawn by and the one that it should have been, where it was misread.
    """

    kind: str
    reason: str
    by: str | None
    at: int
    before: str | None = None
    after: str | None = None


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
class Read:
    """A beacon's value as somebody typed it; ``word`` says whether that was proposed, confirmed or disputed."""

    word: str
    value: str
    by: str
    at: int


@dataclass(frozen=True)
class Lottery:
    """With ``probability`` (millionths) a lottery decides, each option by its chance (millionths, rounded).

    ``awaits`` says that it may still do so; ``read_by`` is who typed a value of the beacon that waits for a second person.
    ``draws`` are all that were ever made, ``drawn`` the last of them, and ``readings`` all values that people typed.
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
    read_by: str | None = None
    draws: tuple[Drawn, ...] = ()
    readings: tuple[Read, ...] = ()


@dataclass(frozen=True)
class Report:
    """A decision as the market sees it. Times are whole seconds since 1970, UTC. The course is there where it is drawn.

    ``declared`` are the chances of being chosen that the deciders gave the options, in their order; empty before the
    close, or if nobody did: even chances are assumed then. Deciders are named in full reports, which also say by how much
    what happened was above prices so far, of options chosen and of options drawn.
    What deciders said, how they voted and what is on record is there once trading is closed.
    ``redefined`` says when the definition of which metric was changed, the first change at the top. ``lockup`` is the
    part of the range within which locked credits leave prices alone; empty unless markets are long.
    """

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
    declared: tuple[float, ...] | None = None
    deciders: tuple[str, ...] = ()
    residuals: Mapping[str, Summary] | None = None
    deciders_said: Declared | None = None
    ballots: Ballots | None = None
    on_record: OnRecord | None = None
    redefined: tuple[tuple[int, str], ...] = ()
    lockup: float | None = None


@dataclass(frozen=True)
class Asked:
    """A question that hangs on no decision, as the market sees it. Times are whole seconds since 1970, UTC.

    ``state`` is open, halted, frozen, read, objected, set_aside or settled. What was read is empty before, and where it
    says that it was never measured; ``final_at`` is when the newest reading counts. ``lockup`` is as in a report.
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
    redefined: tuple[tuple[int, str], ...] = ()
    lockup: float | None = None
