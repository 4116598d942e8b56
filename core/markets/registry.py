"""Markets as they stand: terms, outcomes, state and newest tick."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from core.database import milliseconds, moment
from core.errors import Invalid, NotOpen, Unknown
from core.ledger import accounts
from core.ledger.book import Book, Posting, posting
from core.markets.tables import market, outcome
from core.pricing import lmsr, payout
from core.pricing.twap import Tick, millionths


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"
    DEAD = "dead"
    SETTLED = "settled"


LONG = 0  # The first outcome: its price is what the expected value follows.


@dataclass(frozen=True)
class Outcome:
    number: int
    name: str
    unit: int
    weight: int


@dataclass(frozen=True)
class Terms:
    """What is fixed when a market opens.

    ``price`` is the opening price of the first outcome, from a stated base rate. ``width_cap`` is the most by which
    a trader's shares of one outcome may exceed those of another; none means no cap.
    """

    liquidity: int
    price: float
    outcomes: tuple[str, str]
    closes_at: datetime
    least_order: int
    width_cap: int | None

    @property
    def prices(self) -> tuple[float, float]:
        return self.price, 1.0 - self.price

    @property
    def weights(self) -> tuple[int, ...]:
        return lmsr.weights(self.liquidity, self.prices)


@dataclass(frozen=True)
class Market:
    id: int
    metric_id: int
    branch_id: int | None
    unit: int
    maker: int
    state: State
    liquidity: int
    least_order: int
    width_cap: int | None
    opened_at: datetime
    closes_at: datetime
    settled_to: int | None
    trades: int
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
    # From the integers that are kept, so that the books alone give every price there ever was.
    opening = lmsr.State(terms.liquidity, (0,) * len(terms.weights), terms.weights)
    values = {
        "metric_id": metric_id,
        "branch_id": branch_id,
        "unit_id": unit,
        "state": State.OPEN,
        "liquidity": terms.liquidity,
        "least_order": terms.least_order,
        "width_cap": terms.width_cap,
        "opened_at": now,
        "closes_at": terms.closes_at,
        "trades": 0,
        "tick_at": now,
        "prices": list(millionths(lmsr.prices(opening))),
        "integrals": [0, 0],
    }
    made = connection.execute(insert(market).values(values).returning(market.c.id)).scalar_one()
    maker = accounts.open_account(connection, f"maker:{name_of(made)}")
    change(connection, [made], maker_id=maker)
    for number, (label, weight) in enumerate(zip(terms.outcomes, terms.weights, strict=True)):
        share = accounts.open_unit(connection, f"share:{name_of(made)}:{label}", maker)
        row = {"market_id": made, "number": number, "name": label, "unit_id": share, "weight": weight}
        connection.execute(insert(outcome).values(row))
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


def change(connection: Connection, ids: Iterable[int], **values: object) -> None:
    connection.execute(update(market).where(market.c.id.in_(sorted(set(ids)))).values(**values))


def save_tick(connection: Connection, each: Market) -> None:
    """Keeps the market's newest tick and its count of trades."""
    tick = each.tick
    connection.execute(
        update(market)
        .where(market.c.id == each.id)
        .values(
            trades=each.trades,
            tick_at=moment(tick.at),
            prices=list(tick.prices),
            integrals=list(tick.integrals),
        )
    )


def _select(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, Market]:
    rows = connection.execute(select(market).where(wanted).order_by(market.c.id)).all()
    slots = connection.execute(
        select(outcome)
        .where(outcome.c.market_id.in_([row.id for row in rows]))
        .order_by(outcome.c.market_id, outcome.c.number)
    )
    outcomes = {
        key: tuple(Outcome(o.number, o.name, o.unit_id, o.weight) for o in group)
        for key, group in groupby(slots, key=lambda o: o.market_id)
    }
    return {row.id: _market_of(row, outcomes[row.id]) for row in rows}


def _market_of(row: Any, outcomes: Sequence[Outcome]) -> Market:
    return Market(
        id=row.id,
        metric_id=row.metric_id,
        branch_id=row.branch_id,
        unit=row.unit_id,
        maker=row.maker_id,
        state=State(row.state),
        liquidity=row.liquidity,
        least_order=row.least_order,
        width_cap=row.width_cap,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        settled_to=row.settled_to,
        trades=row.trades,
        tick=Tick(milliseconds(row.tick_at), tuple(row.prices), tuple(row.integrals)),
        outcomes=tuple(outcomes),
    )


def _check(terms: Terms) -> None:
    if not lmsr.OPENING_LEAST <= terms.price <= 1 - lmsr.OPENING_LEAST:
        raise Invalid("base_rate", "opening_price", f"{terms.price:.4f}")
    if terms.liquidity <= 0:
        raise Invalid("subsidy", "positive")
