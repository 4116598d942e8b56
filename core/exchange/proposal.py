"""What a plan says, as facts: what the policy would add where and why, and what stands in the way of being of use."""

from dataclasses import dataclass
from enum import StrEnum

from core.pricing.lockup import Band


class Why(StrEnum):
    """Why a decision or a question gets what it gets."""

    FUNDED = "funded"  # As much as credit buys more there than elsewhere.
    LEAST = "least"  # Just so much that it is of any use.
    BELOW = "below"  # What makes it of use is worth less than it takes, or more than there is.
    NOTHING = "nothing"  # Nothing would be learned, or nothing hangs on it.
    CAPPED = "capped"  # With more the opening price would rule: traders' credit could not move it.
    HELD = "held"  # It has as much already as it would get.
    WINDOW = "window"  # What it needs for being of use is more than traders' credit could move.
    CLOSED = "closed"  # It does not trade any more, so nothing that is learned can change the decision.
    HALTED = "halted"  # Trading is halted.
    QUESTION = "question"  # It hangs on no decision.


class Help(StrEnum):
    """What would make a market useful that cannot be made so now, with an amount."""

    BUDGET = "budget"  # So much reserve, all in all, micro-credits.
    RANGE = "range"  # A range, or a kind, that pays more: so many thousandths of what yes or no pays, now.
    CAPITAL = "capital"  # So much credit in the hands of those who trade, micro-credits.


@dataclass(frozen=True)
class Remedy:
    kind: Help
    amount: int


@dataclass(frozen=True)
class Planned:
    """A market: its liquidity with what still drips into it, what is added, and between which liquidities it is of use."""

    market_id: int
    option: str
    measure: int
    is_drawn: bool
    liquidity: int
    adds: int
    least: int
    most: int


@dataclass(frozen=True)
class Prior:
    """What a plan takes for known of a decision; parts of the first measure's range, or of one.

    ``learned`` is the part of the gap's variance that traders are expected to learn with the liquidity there is, and
    ``learns`` with what is planned. ``pays_less`` says by how many times less than yes or no its first market pays.
    """

    stake: int
    is_stated: bool
    gap: float
    gap_sd: float
    chance: float
    days: float
    options: int
    measures: int
    kind: str
    pays_less: float
    learned: float
    learns: float


@dataclass(frozen=True)
class Row:
    """A decision, or a question that hangs on none. Amounts are micro-credits.

    ``reserved`` counts what still drips in. ``adds`` is the reserve that it takes at most, ``worth`` what the plan buys by
    its stakes. ``needed`` is the reserve
    from which it is of use, None where none is enough. ``band`` is where the leader's price may stay though nobody
    believes it, in micro-units, since credit is locked for long. Of what is not planned for, the last four are empty.
    """

    decision_id: int | None
    market_id: int | None
    name: str
    question: str
    why: Why
    reserved: int
    adds: int = 0
    worth: int = 0
    markets: tuple[Planned, ...] = ()
    prior: Prior | None = None
    needed: int | None = None
    remedies: tuple[Remedy, ...] = ()
    unit: str = ""
    band: Band | None = None


@dataclass(frozen=True)
class Proposal:
    """What the policy would do with a portfolio now; nothing is changed by it. Amounts are micro-credits.

    ``reserved`` counts what still drips in, and ``free`` does not. ``budget`` is the reserve that it could hold in all. ``losing`` is what it would lose by today's prices, and ``expects``
    what is lost beyond that while traders learn, with the plan; ``spend_left`` is how much of that it may lose on average
    once the period costs what today's prices say, None without a limit. ``beta`` is what a nat costs, ``attention`` a look at a market,
    and ``capital`` the credit of those who trade, but for what counts for long horizons only. The ``digest`` says what the plan rests on: it is applied only while
    that is the same.
    """

    portfolio_id: int
    name: str
    at: int
    digest: str
    rows: tuple[Row, ...]
    reserved: int
    free: int
    budget: int
    adds: int
    losing: int
    spend_left: int | None
    expects: int
    beta: int
    attention: int
    capital: int
    reserve_price: float
    spend_price: float
