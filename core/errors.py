"""Everything the exchange can answer instead of doing what was asked.

A Refusal is an expected no: it carries data and no prose, the surface finds the words.
Whatever else is raised is a fault in the code.

    Refusal
    ├── Invalid             an input breaks a rule
    ├── Unknown             no such thing
    ├── NotAllowed          the asker may not do this
    ├── NotOpen             the time for this has not come, or is over
    ├── InsufficientFunds   the holder has less than the entry takes
    ├── OverBudget          the portfolio would have more reserved than its budget
    ├── OverSpent           the portfolio is expected to lose what it may in this period
    ├── PlanMoved           what a plan of subsidies rests on is not what it was
    ├── PriceMoved          the price is beyond the order's limit
    ├── PriceBound          the trade would push a price past the bound
    ├── WidthCap            the position would grow past the market's cap
    ├── KeyReused           the key was used with other inputs
    ├── Repeated            the same was done a moment ago under another key
    └── Busy                the queue was too long; nothing was done
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Refusal(Exception):  # noqa: N818 - the house word for an expected no
    """An expected no, with what the person needs in order to act on it."""


@dataclass(eq=False)
class Invalid(Refusal):
    field: str
    rule: str
    value: str = ""
    limit: str = ""


@dataclass(eq=False)
class Unknown(Refusal):
    kind: str
    name: str


@dataclass(eq=False)
class NotAllowed(Refusal):
    act: str
    because: str
    who: tuple[str, ...] = ()  # Identities of those who may.


@dataclass(eq=False)
class NotOpen(Refusal):
    kind: str
    name: str
    state: str
    since: datetime | None = None


@dataclass(eq=False)
class InsufficientFunds(Refusal):
    account: int
    unit: int
    needed: int
    available: int
    of: str = "credits"
    portfolio: str = ""  # The one that was to pay, where it was one,
    promised: int = 0  # and what of it is still to drip into makers.


@dataclass(eq=False)
class OverBudget(Refusal):
    portfolio: str
    budget: int
    reserved: int
    needed: int
    promised: int = 0  # What is still to drip into makers.


@dataclass(eq=False)
class OverSpent(Refusal):
    """``expected`` is what the portfolio will have lost by the end of its period, by today's prices."""

    portfolio: str
    budget: int
    expected: int
    ends_at: datetime


@dataclass(eq=False)
class PlanMoved(Refusal):
    """``parts`` of what it rests on are others now; it would have added ``was`` micro-credits of reserve, and would ``is_now``."""

    portfolio: str
    parts: tuple[str, ...]
    was: int
    is_now: int


@dataclass(eq=False)
class PriceMoved(Refusal):
    quote: Any


@dataclass(eq=False)
class PriceBound(Refusal):
    most: int
    act: str


@dataclass(eq=False)
class WidthCap(Refusal):
    cap: int
    width: int
    most: int
    act: str


@dataclass(eq=False)
class KeyReused(Refusal):
    key: str


@dataclass(eq=False)
class Repeated(Refusal):
    key: str
    at: datetime


@dataclass(eq=False)
class Busy(Refusal):
    waited_seconds: float
