"""Limit orders that wait: what each reserved lies in an account of its own until it is filled, cancelled or expires."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.database import row_ids
from core.errors import Unknown
from core.markets.tables import limit_order
from core.pricing.twap import MILLIONTHS
from core.rows import Among, Prepared


class State(StrEnum):
    RESTING = "resting"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Ending(StrEnum):
    """Why an order ended that its owner did not ask to end: its time was over, trading stopped, or they traded past it."""

    EXPIRED = "expired"
    CLOSED = "closed"  # For the decision.
    WITHDRAWN = "withdrawn"  # The decision was, or it was not decided in time.
    FROZEN = "frozen"  # The date came on which the metric is read.
    READ = "read"  # A reading was filed.
    PASSED = "passed"  # Its owner traded past it, and nobody trades with themselves.


@dataclass(frozen=True)
class Resting:
    """A limit order. ``price`` is of LONG, in millionths; ``amount`` was reserved: micro-credits, or shares of a sale.

    It reserved from a ``wallet`` of its owner, into which all that it gets and gives back goes. A bid gains when the price of LONG rises (it buys LONG, or sells SHORT), an ask when it falls.
    """

    id: int
    market_id: int
    person: int
    account: int
    wallet: int
    is_bid: bool
    outcome: int
    is_sale: bool
    price: int
    amount: int
    shares: int
    credits: int
    expires_at: datetime | None
    state: State = State.RESTING

    @property
    def name(self) -> str:
        return name_of(self.id)

    @property
    def left(self) -> int:
        """What is still reserved: micro-credits of a purchase, micro-shares of a sale."""
        return self.amount - (self.shares if self.is_sale else self.credits)

    def price_of(self, outcome: int) -> int:
        """Its price in terms of one of the two outcomes, millionths."""
        return self.price if outcome == 0 else MILLIONTHS - self.price

    @property
    def capacity(self) -> int:
        """The shares that it can still take, or give, at its price."""
        return self.left if self.is_sale else self.left * MILLIONTHS // self.price_of(self.outcome)

    def credits_for(self, shares: int) -> int:
        """What it pays for so many shares (receives, for a sale), rounded against it."""
        exact = self.price_of(self.outcome) * shares
        return exact // MILLIONTHS if self.is_sale else -(-exact // MILLIONTHS)

    def is_live(self, now: datetime) -> bool:
        """Whether it can still be filled, whether or not the scheduler has noticed that its time is over."""
        return self.state == State.RESTING and (self.expires_at is None or now < self.expires_at)


def name_of(order_id: int) -> str:
    """The name that people use: O-12."""
    return f"O-{order_id}"


def get(connection: Connection, order_id: int) -> Resting:
    """Raises Unknown if there is no such order."""
    row = connection.execute(
        select(limit_order).where(limit_order.c.id.in_(row_ids([order_id])))
    ).one_or_none()
    if row is None:
        raise Unknown("order", name_of(order_id))
    return _order_of(row)


def in_markets(connection: Connection, market_ids: Collection[int]) -> list[Resting]:
    """All orders that wait in the markets, oldest first."""
    if not market_ids:
        return []
    return [_order_of(row) for row in _IN_MARKETS.named(connection, markets=sorted(set(market_ids)))]


def of_person(connection: Connection, person_id: int) -> list[Resting]:
    """The orders of a person that wait, oldest first."""
    return [_order_of(row) for row in _OF_PERSON.named(connection, person=person_id)]


def filled_since(connection: Connection, person_id: int, since: datetime) -> list[Resting]:
    """The orders of a person that were filled whole since then, the newest first."""
    wanted = select(limit_order).where(
        limit_order.c.person_id == person_id,
        limit_order.c.state == State.FILLED,
        limit_order.c.ended_at >= since,
    )
    return [_order_of(row) for row in connection.execute(wanted.order_by(limit_order.c.id.desc()))]


def all_orders(connection: Connection, market_id: int | None = None) -> list[Resting]:
    """Every order there ever was, of one market or of all."""
    wanted = select(limit_order).order_by(limit_order.c.id)
    if market_id is not None:
        wanted = wanted.where(limit_order.c.market_id == market_id)
    return [_order_of(row) for row in connection.execute(wanted)]


def place(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Keeps new orders; their ids, in the same order."""
    made = insert(limit_order).returning(limit_order.c.id)
    return [connection.execute(made.values(row)).scalar_one() for row in rows]


def save(connection: Connection, orders: Iterable[Resting], now: datetime) -> None:
    """Keeps what became of orders."""
    for each in orders:
        ended = None if each.state == State.RESTING else now
        values = {"state": each.state, "shares": each.shares, "credits": each.credits, "ended_at": ended}
        connection.execute(update(limit_order).where(limit_order.c.id == each.id).values(values))


_WAITING = select(limit_order).where(limit_order.c.state == State.RESTING).order_by(limit_order.c.id)
_IN_MARKETS = Prepared(_WAITING.where(Among(limit_order.c.market_id, "markets")))
_OF_PERSON = Prepared(_WAITING.where(limit_order.c.person_id == bindparam("person")))


def _order_of(row: Any) -> Resting:
    return Resting(
        row.id,
        row.market_id,
        row.person_id,
        row.account_id,
        row.wallet_id,
        row.is_bid,
        row.outcome,
        row.is_sale,
        row.price,
        row.amount,
        row.shares,
        row.credits,
        row.expires_at,
        State(row.state),
    )
