"""Markets as they stand: terms, outcomes, state and newest tick."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from core.database import milliseconds
from core.errors import Invalid, NotOpen, Unknown
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Posting, changes, posting
from core.markets import outcomes
from core.markets.outcomes import Slot
from core.markets.tables import market, outcome, tranche
from core.pricing import lmsr, payout
from core.pricing.twap import Tick, millionths


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    DEAD = "dead"
    SETTLED = "settled"


LONG, SHORT = 0, 1  # In a market of two outcomes: the one that gains as the metric rises, and the other.


@dataclass(frozen=True)
class Outcome:
    number: int
    name: str
    centre: int
    unit: int
    weight: int


@dataclass(frozen=True)
class Terms:
    """What is fixed when a market opens.

    ``measure`` numbers what is compared within one decision. ``width_cap`` is the most by which a trader's shares of
    one outcome may exceed those of another; none means no cap. Prices averaged over the void window settle the market
    if its metric is never measured.
    """

    outcomes: tuple[Slot, ...]
    liquidity: int
    closes_at: datetime
    void_from: datetime
    void_until: datetime
    least_order: int
    width_cap: int | None
    measure: int = 1

    @property
    def weights(self) -> tuple[int, ...]:
        return lmsr.weights(self.liquidity, [slot.price for slot in self.outcomes])


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
    void_from: datetime
    void_until: datetime
    settled_to: int | None
    trades: int
    resting: int
    tick: Tick
    outcomes: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        return name_of(self.id)

    @property
    def reserve(self) -> int:
        """The most its maker can lose."""
        return max(each.weight for each in self.outcomes)

    @property
    def units(self) -> list[int]:
        return [each.unit for each in self.outcomes]

    @property
    def centres(self) -> list[int]:
        return [each.centre for each in self.outcomes]

    def expected(self, prices: Sequence[float]) -> float:
        """The metric's expected value at these prices, in its micro-units."""
        return payout.expected(prices, self.centres)

    def maker_state(self, book: Book) -> lmsr.State:
        """The maker's state: shares outstanding are minus its own share balances."""
        shares = tuple(-book.balance(self.maker, unit) for unit in self.units)
        return lmsr.State(self.liquidity, shares, tuple(each.weight for each in self.outcomes))

    def prove(self, book: Book) -> None:
        """L2, after an entry and before its commit: the maker can pay whatever comes out."""
        owed = max(self.maker_state(book).shares)
        if book.balance(self.maker, self.unit) < owed:
            raise AssertionError(f"L2: the maker of {self.name} owes up to {owed} and holds less")

    def return_shares(self, book: Book, holder: int) -> list[Posting]:
        """All that the holder has of its shares goes back to the maker that issued them."""
        return [each for u in self.units for each in posting(holder, self.maker, book.balance(holder, u), u)]

    def return_sets(self, holder: int, sets: int) -> list[Posting]:
        """So many full sets go back to the maker, for exactly 1 each."""
        back = [each for unit in self.units for each in posting(holder, self.maker, sets, unit)]
        return back + posting(self.maker, holder, sets, self.unit)

    def whole_sets(self, book: Book, holder: int, pending: Sequence[Posting]) -> list[Posting]:
        """The return of all full sets that a holder has once the pending postings are made."""
        held = changes(pending)
        return self.return_sets(holder, min(book.balance(holder, u) + held[holder, u] for u in self.units))

    def payment(self, book: Book, holder: int, vector: payout.Vector) -> tuple[int, list[Posting]]:
        """What the holder's shares pay by the vector, and the movements: shares back, credit for them."""
        paid = payout.pays([book.balance(holder, unit) for unit in self.units], vector)
        return paid, self.return_shares(book, holder) + posting(self.maker, holder, paid, self.unit)

    def require_open(self, now: datetime) -> None:
        """Raises NotOpen outside trading hours, whether or not the scheduler has noticed."""
        if self.state != State.OPEN:
            raise NotOpen("market", self.name, self.state)
        if now >= self.closes_at:
            raise NotOpen("market", self.name, State.CLOSED, self.closes_at)


def name_of(market_id: int) -> str:
    """The name that people use: M-12."""
    return f"M-{market_id}"


def create(
    connection: Connection, metric_id: int, branch_id: int | None, unit: int, terms: Terms, now: datetime
) -> Market:
    """A new open market with its maker and a unit per outcome; who funds it is not decided here."""
    _check(terms)
    weights = terms.weights
    # From the integers that are kept, so that the books alone give every price there ever was.
    opening = lmsr.prices(lmsr.State(terms.liquidity, (0,) * len(weights), weights))
    values = {
        "metric_id": metric_id,
        "branch_id": branch_id,
        "unit_id": unit,
        "state": State.OPEN,
        "opened_at": now,
        "trades": 0,
        "resting": 0,
        "tick_at": now,
        "prices": millionths(opening),
        "integrals": [0] * len(weights),
        "observation": 0,
        "observation_integral": 0,
        "dwell": {},
    } | {name: getattr(terms, name) for name in _KEPT_TERMS}
    made = connection.execute(insert(market).values(values).returning(market.c.id)).scalar_one()
    maker = accounts.open_account(connection, f"maker:{name_of(made)}")
    change(connection, [made], maker_id=maker)
    for number, (slot, weight) in enumerate(zip(terms.outcomes, weights, strict=True)):
        share = accounts.open_unit(connection, f"share:{name_of(made)}:{slot.name}", maker)
        row = {"number": number, "name": slot.name, "centre": slot.centre, "weight": weight}
        connection.execute(insert(outcome).values(row | {"market_id": made, "unit_id": share}))
    first = {"number": 0, "at": now, "after_trade": 0, "liquidity": terms.liquidity, "weights": weights}
    connection.execute(insert(tranche).values(first | {"market_id": made}))
    return get(connection, made)


def get(connection: Connection, market_id: int) -> Market:
    """Raises Unknown if there is no such market."""
    found = get_all(connection, [market_id])
    if not found:
        raise Unknown("market", name_of(market_id))
    return found[market_id]


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Market]:
    return _select(connection, market.c.id.in_(sorted(set(ids))))


def lock_all(connection: Connection, ids: Iterable[int]) -> dict[int, Market]:
    """The markets, changed by nobody else until the transaction ends; always locked in the order of their ids."""
    wanted = sorted(set(ids))
    connection.execute(
        select(market.c.id).where(market.c.id.in_(wanted)).order_by(market.c.id).with_for_update()
    ).all()
    return get_all(connection, wanted)


def in_branches(connection: Connection, branch_ids: Iterable[int]) -> dict[int, Market]:
    return _select(connection, market.c.branch_id.in_(sorted(set(branch_ids))))


def on_metric(connection: Connection, metric_id: int) -> dict[int, Market]:
    return _select(connection, market.c.metric_id == metric_id)


def change(connection: Connection, ids: Iterable[int], **values: object) -> None:
    connection.execute(update(market).where(market.c.id.in_(sorted(set(ids)))).values(**values))


def _select(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, Market]:
    rows = connection.execute(select(market).where(wanted).order_by(market.c.id)).all()
    slots = connection.execute(
        select(outcome)
        .where(outcome.c.market_id.in_([row.id for row in rows]))
        .order_by(outcome.c.market_id, outcome.c.number)
    )
    found = {
        key: tuple(Outcome(o.number, o.name, o.centre, o.unit_id, o.weight) for o in group)
        for key, group in groupby(slots, key=lambda o: o.market_id)
    }
    return {row.id: _market_of(row, found[row.id]) for row in rows}


_KEPT_TERMS = (
    "liquidity",
    "closes_at",
    "void_from",
    "void_until",
    "least_order",
    "width_cap",
    "measure",
)
_AS_KEPT = (
    "id",
    "metric_id",
    "branch_id",
    "opened_at",
    "settled_to",
    "trades",
    "resting",
    *_KEPT_TERMS,
)


def _market_of(row: Any, of: tuple[Outcome, ...]) -> Market:
    tick = Tick(milliseconds(row.tick_at), tuple(row.prices), tuple(row.integrals))
    kept = {name: getattr(row, name) for name in _AS_KEPT}
    return Market(
        unit=row.unit_id, maker=row.maker_id, state=State(row.state), tick=tick, outcomes=of, **kept
    )


def _check(terms: Terms) -> None:
    outcomes.check(terms.outcomes)
    if terms.liquidity <= 0:
        raise Invalid("subsidy", "positive")
