"""A market as it stands: its terms, outcomes, state and newest tick, and what they mean for money and shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from core.database import milliseconds
from core.errors import NotOpen
from core.ledger.book import Book
from core.ledger.entries import Posting, changes, posting
from core.pricing import lag, lmsr, payout
from core.pricing.lag import Observation
from core.pricing.median import Dwell
from core.pricing.twap import MILLIONTHS, Tick, millionths


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    DEAD = "dead"
    SETTLED = "settled"


LIVE = (State.OPEN, State.CLOSED, State.FROZEN)  # Its maker may still have to pay.
HALTED = "halted"  # What an open market is called while an admin keeps it from trading.
LONG, SHORT = 0, 1  # In a market of two outcomes: the one that gains as the metric rises, and the other.


class Outcome(NamedTuple):
    number: int
    name: str
    centre: int
    unit: int
    weight: int


class Newest(NamedTuple):
    """The newest tick of a market, its lagged observation, and how long each level stayed in the tick's hour up to it."""

    tick: Tick
    observation: Observation
    dwell: Dwell


@dataclass(frozen=True)
class Market:
    id: int
    metric_id: int
    branch_id: int | None
    measure: int
    unit: int
    maker: int
    state: State
    liquidity: int
    least_order: int
    width_cap: int | None
    opened_at: datetime
    closes_at: datetime
    halted_at: datetime | None
    void_from: datetime
    void_until: datetime
    settled_to: int | None
    trades: int
    resting: int
    newest: Newest
    outcomes: tuple[Outcome, ...]
    is_long: bool = False

    @property
    def name(self) -> str:
        return name_of(self.id)

    @property
    def reserve(self) -> int:
        """The most its maker can lose."""
        return max(self.weights)

    @cached_property
    def units(self) -> list[int]:
        return [each.unit for each in self.outcomes]

    @cached_property
    def weights(self) -> tuple[int, ...]:
        return tuple(each.weight for each in self.outcomes)

    @cached_property
    def centres(self) -> list[int]:
        return [each.centre for each in self.outcomes]

    def expected(self, prices: Sequence[float]) -> float:
        """The metric's expected value at these prices, in its micro-units."""
        return payout.expected(prices, self.centres)

    def level(self, prices: Sequence[int]) -> int:
        """Where in the metric's range its expected value lies at these prices, both in millionths."""
        return level_of(prices, self.centres)

    def value_at(self, level: float) -> float:
        """The metric's value at a part of its range, from 0 to 1."""
        low, high = min(self.centres), max(self.centres)
        return low + level * (high - low)

    def opened_with(self, prices: Sequence[float]) -> Newest:
        """The tick of its opening at these prices."""
        tick = Tick(milliseconds(self.opened_at), millionths(prices), (0,) * len(prices))
        return Newest(tick, lag.opening(tick.at, self.level(tick.prices)), Dwell())

    def observed(self, row: Any) -> Observation:
        """The observation that a row keeps beside its tick."""
        at = milliseconds(row.at)
        opened_at, level = milliseconds(self.opened_at), self.level(row.prices)
        return Observation(opened_at, at, level, row.observation, row.observation_integral)

    def traded(self, newest: Newest) -> "Market":
        """After one more trade, with all that was worked out about its terms."""
        after = object.__new__(Market)
        after.__dict__.update(self.__dict__, trades=self.trades + 1, newest=newest)
        return after

    @property
    def tick(self) -> Tick:
        return self.newest.tick

    def maker_state(self, book: Book) -> lmsr.State:
        """The maker's state: shares outstanding are minus its own share balances."""
        shares = tuple([-held for held in book.balances(self.maker, self.units)])
        return lmsr.State(self.liquidity, shares, self.weights)

    def prove(self, book: Book) -> None:
        """L2, after an entry and before its commit: the maker can pay whatever comes out."""
        owed = -min(book.balances(self.maker, self.units))
        if book.balance(self.maker, self.unit) < owed:
            raise AssertionError(f"L2: the maker of {self.name} owes up to {owed} and holds less")

    def return_shares(self, book: Book, holder: int) -> list[Posting]:
        """All that the holder has of its shares goes back to the maker that issued them."""
        return [each for u in self.units for each in posting(holder, self.maker, book.balance(holder, u), u)]

    def return_sets(self, holder: int, sets: int) -> list[Posting]:
        """So many full sets go back to the maker, for exactly 1 each."""
        if not sets:
            return []
        back = [each for unit in self.units for each in posting(holder, self.maker, sets, unit)]
        return back + posting(self.maker, holder, sets, self.unit)

    def whole_sets(self, book: Book, holder: int, pending: Sequence[Posting]) -> list[Posting]:
        """The return of all full sets that a holder has once the pending postings are made."""
        moved = changes(pending)
        held = zip(self.units, book.balances(holder, self.units), strict=True)
        return self.return_sets(holder, min([has + moved.get((holder, unit), 0) for unit, has in held]))

    def payment(self, book: Book, holder: int, vector: payout.Vector) -> tuple[int, list[Posting]]:
        """What the holder's shares pay by the vector, and the movements: shares back, credit for them."""
        paid = payout.pays(book.balances(holder, self.units), vector)
        return paid, self.return_shares(book, holder) + posting(self.maker, holder, paid, self.unit)

    def is_trading(self, now: datetime) -> bool:
        return self.state == State.OPEN and now < self.closes_at and self.halted_at is None

    def require_void_window(self, now: datetime) -> None:
        """Raises NotOpen while the window that would pay is not over: it would be filled with the price at which it was ended."""
        if now < self.void_until:
            raise NotOpen("market", self.name, "void_window", self.void_until)

    def require_open(self, now: datetime) -> None:
        """Raises NotOpen outside trading hours, whether or not the scheduler has noticed."""
        if self.state != State.OPEN:
            raise NotOpen("market", self.name, self.state)
        if now >= self.closes_at:
            raise NotOpen("market", self.name, State.CLOSED, self.closes_at)
        if self.halted_at is not None:
            raise NotOpen("market", self.name, HALTED, self.halted_at)


def name_of(market_id: int) -> str:
    """The name that people use: M-12."""
    return f"M-{market_id}"


def value_priced(centres: Sequence[int], outcome: int, price: int) -> int:
    """What the metric is priced at where one of two outcomes, at these centres, has this price (millionths)."""
    own, other = centres[outcome], centres[1 - outcome]
    return other + (own - other) * price // MILLIONTHS


def level_of(prices: Sequence[int], centres: Sequence[int]) -> int:
    """Where between the outer centres the prices' mean of the centres lies, in millionths, as the prices are."""
    low, high = min(centres), max(centres)
    above = sum(p * (centre - low) for p, centre in zip(prices, centres, strict=True))
    return (2 * above + high - low) // (2 * (high - low))
