"""What deciders say around a decision, as facts: what they declared, how they weigh metrics, and what is on record.

None of it leaves core before the close, but to whoever said it. Times are whole seconds since 1970, UTC.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One decider's chances in whole percents, by option in their order, and forecasts as pairs of market and micro-units.

    An option that was added after they said it has a chance of 0 and no forecasts. There are no chances where a lottery
    always decides.
    """

    by: str
    at: int
    chances: tuple[int, ...]
    forecasts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Forecast:
    """What deciders expect of one market, micro-units of its metric; so many of them have said it."""

    market_id: int
    given: int
    mean: float
    median: float
    least: int
    most: int


@dataclass(frozen=True)
class Declared:
    """What deciders declared before the close, and who of them did not.

    ``chances`` are means as parts of one, by option in their order; ``none`` is that of taking none of them. They are empty
    where nobody declared anything, or a lottery always decides.
    """

    said: tuple[Said, ...]
    missing: tuple[str, ...]
    chances: tuple[float, ...] | None
    none: float | None
    forecasts: tuple[Forecast, ...]


@dataclass(frozen=True)
class Weight:
    """What one unit of a measure is worth by the median ballot, in units of the first measure."""

    metric: str
    unit: str
    worth: float


@dataclass(frozen=True)
class Weighed:
    """An option's welfare by the median weights, micro-units of the first measure's."""

    number: int
    name: str
    welfare: float


@dataclass(frozen=True)
class Welfare:
    """Several measures weighed into one by the deciders' ballots, in micro-units of the first measure's.

    ``level`` is the gap below which the options are not ranked; ``ranked`` says whether they are, by the one rule for all
    spreads, and is empty where that cannot be known any more. ``spreads`` are what each ballot alone makes of leader and
    follower, the least first, and ``others`` is how many ballots have another option first: nobody's ballot is told by name.
    """

    unit: str
    weights: tuple[Weight, ...]
    options: tuple[Weighed, ...]
    leader: str
    follower: str
    gap: float
    level: float
    spreads: tuple[float, ...]
    others: int
    missing: int
    ranked: bool | None = None


@dataclass(frozen=True)
class Ballots:
    """The votes of a decision with several measures. Without a reason they were never reopened; open now, if they are."""

    welfare: Welfare | None
    reopened_at: int | None
    reason: str | None
    is_open: bool


@dataclass(frozen=True)
class Noted:
    """What was added to a record (``addendum``), or arrived between close and decision (``late``)."""

    kind: str
    by: str
    at: int
    text: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class OnRecord:
    """What was recorded, but for the option, and what came after. The first five are empty where nothing is recorded."""

    reason: str | None
    unpriced: str | None
    links: tuple[str, ...]
    by: str | None
    at: int | None
    notes: tuple[Noted, ...]
