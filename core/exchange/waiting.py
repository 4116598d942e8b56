"""The limit orders of a batch's markets: matched, placed and ended in memory, and written once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.exchange import notifying
from core.exchange.legs import Leg
from core.ledger.book import Sealed
from core.ledger.entries import Posting, posting
from core.markets import registry, resting, trades
from core.markets.deals import Deal
from core.markets.market import LONG, Market, value_priced
from core.markets.orders import Order
from core.markets.resting import Ending, Resting, State
from core.markets.walk import Match
from core.people.persons import Person
from core.pricing.twap import MILLIONTHS

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Placed:
    """A new limit order, what was asked and answered, and the entry that placed it."""

    order: Resting
    asked: list[object]
    told: Sequence[Any]
    entry_key: str


class Waiting:
    """Orders that wait in some markets, by market, with their owners."""

    def __init__(self, orders: Iterable[Resting], owners: Mapping[int, Person], now: datetime) -> None:
        self._orders: dict[int, list[Resting]] = {}
        for order in orders:
            self._orders.setdefault(order.market_id, []).append(order)
        self._owners = dict(owners)
        self._now = now
        self._changed: dict[int, Resting] = {}
        self._placed: list[Placed] = []
        self._fills: list[Match] = []
        self._ended: list[tuple[Resting, Ending]] = []

    def in_market(self, market_id: int) -> Sequence[Resting]:
        """Those that can be filled now, oldest first."""
        return [order for order in self._orders.get(market_id, ()) if order.is_live(self._now)]

    def of(self, person: int, market_id: int) -> tuple[Resting, ...]:
        """A person's, also those whose time is over: until they are ended, they hold what they reserve."""
        waiting = (order for order in self._orders.get(market_id, ()) if order.state == State.RESTING)
        return tuple(order for order in waiting if order.person == person)

    @property
    def touched(self) -> list[int]:
        """Ids of the markets in which an order was placed, filled or ended."""
        return sorted({order.market_id for order in (*self._changed.values(), *self._new())})

    def moves(self, order: Order, market: Market, wallet: int, deal: Deal, account: int) -> Sequence[Posting]:
        """What the trader, then what each owner of a matched limit order gives and gets."""
        moves = deal.postings(market, wallet)
        reserved = market.units[order.outcomes[0]] if order.is_sale and deal.rests else market.unit
        moves += posting(wallet, account, deal.rests, reserved)
        for match in deal.matches:
            moves += self.matched(market, match)
        return moves

    def matched(self, market: Market, match: Match) -> list[Posting]:
        """What the owner of a matched order gives and gets."""
        order, wallet = match.order, match.order.wallet
        credits_moved = order.credits_for(match.shares)
        share = market.units[order.outcome]
        if order.is_sale:
            return posting(order.account, market.maker, match.shares, share) + posting(
                market.maker, wallet, credits_moved, market.unit
            )
        return posting(order.account, market.maker, credits_moved, market.unit) + posting(
            market.maker, wallet, match.shares, share
        )

    def freed(self, market: Market, order: Resting) -> list[Posting]:
        """What an order still reserves goes back to its owner."""
        unit = market.units[order.outcome] if order.is_sale else market.unit
        return posting(order.account, order.wallet, order.left, unit)

    def fill(self, match: Match) -> None:
        self._fills.append(match)
        self._change(filled(match.order, match.shares))

    def end(self, order: Resting, state: State, why: Ending | None) -> None:
        """Ends it; its owner is told why, or nothing where it was they who ended it."""
        self._change(replace(order, state=state))
        if why:
            self._ended.append((order, why))

    def place(self, order: Order, leg: Leg, person: Person, told: Sequence[Any]) -> None:
        """A new order under an id below zero until it is saved."""
        new = waiting_order(leg, person.id, -len(self._placed) - 1)
        self._owners[person.id] = person
        self._orders.setdefault(order.market_id, []).append(new)
        self._placed.append(Placed(new, order.asked, told, trades.entry_key(order.key)))

    def save(self, connection: Connection, sealed: Sealed, subjects: Mapping[int, Facts]) -> dict[int, int]:
        """Writes what became of the orders, and tells their owners; subjects say what each market is about.

        Returns ids of new orders by those that they had until now.
        """
        new = {order.id for order in self._new()}
        resting.save(
            connection, [order for order in self._changed.values() if order.id not in new], self._now
        )
        entries = sealed.ids if self._placed else {}
        rows = [self._row(each, sealed.accounts, entries) for each in self._placed]
        ids = dict(
            zip((each.order.id for each in self._placed), resting.place(connection, rows), strict=True)
        )
        for market_id in self.touched:
            count = sum(order.state == State.RESTING for order in self._orders[market_id])
            registry.change(connection, [market_id], resting=count)
        for match in self._fills:
            named = replace(filled(match.order, match.shares), id=ids.get(match.order.id, match.order.id))
            facts = {"shares": match.shares, "credits": match.order.credits_for(match.shares)}
            self._tell(connection, "filled", named, facts | {"left": named.left}, subjects, str(named.shares))
        for order, why in self._ended:
            named = replace(order, id=ids.get(order.id, order.id))
            self._tell(connection, "order_ended", named, {"why": why, "left": order.left}, subjects, "")
        return ids

    def _new(self) -> list[Resting]:
        return [placed.order for placed in self._placed]

    def _change(self, order: Resting) -> None:
        orders = self._orders[order.market_id]
        place = next(n for n, each in enumerate(orders) if each.id == order.id)
        orders[place] = self._changed[order.id] = order

    def _row(self, placed: Placed, accounts: Mapping[int, int], entries: Mapping[str, int]) -> dict[str, Any]:
        order = self._changed.get(placed.order.id, placed.order)
        kept = asdict(order)
        account, wallet, person, _ = (kept.pop(name) for name in ("account", "wallet", "person", "id"))
        ended = None if order.state == State.RESTING else self._now
        return kept | {
            "account_id": accounts[account],
            "wallet_id": wallet,
            "person_id": person,
            "entry_id": entries[placed.entry_key],
            "placed_at": self._now,
            "ended_at": ended,
            "asked": placed.asked,
            "told": placed.told,
        }

    def _tell(
        self,
        connection: Connection,
        kind: str,
        order: Resting,
        said: Facts,
        subjects: Mapping[int, Facts],
        which: str,
    ) -> None:
        subject, price = subjects[order.market_id], order.price_of(order.outcome)
        facts = dict(subject) | {
            "order": order.name,
            "market_id": order.market_id,
            "outcome": order.outcome,
            "is_sale": order.is_sale,
            "price": price,
            "value": value_priced(subject["centres"], order.outcome, price),
        }
        owner = self._owners[order.person].identity
        key = f"{kind}{which}:{order.name}"
        notifying.tell(connection, key, kind, order.name, owner, facts | dict(said), self._now)


def waiting_order(leg: Leg, person: int, order_id: int) -> Resting:
    """What an order leaves to wait: micro-credits, or micro-shares of a sale."""
    order = leg.order
    (outcome,) = order.outcomes
    own_price = order.price or 0
    return Resting(
        id=order_id,
        market_id=order.market_id,
        person=person,
        account=leg.account,
        wallet=leg.wallet,
        is_bid=(outcome == LONG) != order.is_sale,
        outcome=outcome,
        is_sale=order.is_sale,
        price=own_price if outcome == LONG else MILLIONTHS - own_price,
        amount=leg.deal.rests,
        shares=0,
        credits=0,
        expires_at=order.expires_at,
    )


def filled(order: Resting, shares: int) -> Resting:
    """The order once so many shares were filled; a micro-credit buys another one, so of a full order none is left."""
    moved = order.credits + order.credits_for(shares)
    after = replace(order, shares=order.shares + shares, credits=moved)
    return after if after.capacity else replace(after, state=State.FILLED)
