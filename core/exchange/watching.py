"""Watching: who holds something that the market values far less than they knew is told so, once for each such move.

A move is big if three things hold. A tenth of all probability went elsewhere: for Higher and Lower the expected value
moved by a tenth of the metric's range, which a market that only breathes does not do. What selling would bring fell by a
fifth: at less most people would do nothing about it, and near certainty a tenth is little of what a share is worth. And
it fell by five credits, below which a message costs more attention than it saves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.exchange import notifying
from core.ledger.book import Book
from core.markets import metrics, registry, resting, watches
from core.markets.market import Market, State
from core.markets.watches import Seen
from core.people import persons
from core.people.persons import Person
from core.pricing import lmsr
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

SLICE = 100  # Those who are told cost a few statements each, and trades wait meanwhile.
FALL = 5  # One part in so many of what selling would have brought.
LEAST = 5 * MICRO


@dataclass(frozen=True)
class _Position:
    """Somebody's shares of each outcome, those that no limit order holds, and what selling all brought and brings."""

    shares: tuple[int, ...]
    free: tuple[int, ...]
    brought: int
    brings: int

    @property
    def has_fallen(self) -> bool:
        lost = self.brought - self.brings
        return lost >= LEAST and lost * FALL >= self.brought


def look(connection: Connection, market_id: int, now: datetime) -> None:
    """Looks through the next slice of a market's traders, if its prices moved, and tells those who lost a big step."""
    market = registry.lock_all(connection, [market_id])[market_id]
    begun = watches.begun(connection, market)
    if begun is None or market.state != State.OPEN or market.halted_at or now >= market.closes_at:
        return
    found = watches.seen(connection, market, begun.looked_to or 0, SLICE)
    far = [each for each in found if watches.distance(each.prices, market.tick.prices) >= watches.STEP]
    fallen = _fallen(connection, market, far)
    about = _about(connection, market) if fallen else {}
    for each, person, position in fallen:
        facts = about | _moved(market, each, position, now)
        key = f"moved:{market.name}:{person.id}:{now.isoformat()}"
        notifying.tell(connection, key, "moved", market.name, person.identity, facts, now)
    watches.saw(connection, market, [each.person for each, _, _ in fallen], now)
    is_done = len(found) < SLICE
    watches.save(connection, market_id, begun, None if is_done else found[-1].person)


def _fallen(
    connection: Connection, market: Market, far: Sequence[Seen]
) -> list[tuple[Seen, Person, _Position]]:
    """Those whose position is worth far less than at the prices that they saw; whoever left can do nothing about it."""
    if not far:
        return []
    people = persons.by_ids(connection, [each.person for each in far])
    orders = resting.in_markets(connection, [market.id] if market.resting else [])
    accounts = {person.id: [*person.wallets.values()] for person in people.values()}
    for order in orders:
        if order.person in accounts:
            accounts[order.person].append(order.account)
    every = [account for each in accounts.values() for account in each]
    book = Book.load(connection, [market.maker, *every], market.units, lock=False)
    found = ((each, people[each.person]) for each in far)
    positions = [
        (each, person, _position(book, market, person, accounts[person.id], each)) for each, person in found
    ]
    return [each for each in positions if each[2].has_fallen and not each[1].has_left]


def _position(book: Book, market: Market, person: Person, own: Sequence[int], seen: Seen) -> _Position:
    free = tuple(sum(book.balance(each, unit) for each in person.wallets.values()) for unit in market.units)
    shares = tuple(sum(book.balance(account, unit) for account in own) for unit in market.units)
    weights = lmsr.weights(market.liquidity, [price / MILLIONTHS for price in seen.prices])
    before = lmsr.State(market.liquidity, (0,) * len(weights), weights)  # With the liquidity of now.
    return _Position(shares, free, _proceeds(before, shares), _proceeds(market.maker_state(book), shares))


def _proceeds(state: lmsr.State, shares: Sequence[int]) -> int:
    return -lmsr.cost(state, [-each for each in shares]) if any(shares) else 0


def _moved(market: Market, seen: Seen, position: _Position, now: datetime) -> dict[str, Any]:
    return {
        "held": _held(market, position),
        "expected_before": market.expected([price / MILLIONTHS for price in seen.prices]),
        "expected_now": market.expected([price / MILLIONTHS for price in market.tick.prices]),
        "brought": position.brought,
        "brings": position.brings,
        "seen_at": int(seen.at.timestamp()),
        "at": int(now.timestamp()),
    }


def _held(market: Market, position: _Position) -> list[dict[str, Any]]:
    """The outcomes of which they hold shares, those with most shares first."""
    each = zip(market.outcomes, position.shares, position.free, strict=True)
    held = [
        {"outcome": of.number, "name": of.name, "shares": shares, "free": free}
        for of, shares, free in each
        if shares
    ]
    return sorted(held, key=lambda one: -one["shares"])


def _about(connection: Connection, market: Market) -> dict[str, Any]:
    decision = decisions.of_branch(connection, market.branch_id)
    option = decision.option_of(market.branch_id) if decision and market.branch_id else None
    definition = metrics.get(connection, market.metric_id).definition
    return {
        "decision_id": decision.id if decision else None,
        "question": decision.terms.question if decision else definition.name,
        "option": option.name if option else None,
        "is_drawn": decision.is_drawn_in(market.branch_id) if decision else None,
        "is_final": decision is None or len(decision.live) == 1,
        "market_id": market.id,
        "metric": definition.name,
        "unit": definition.unit,
        "low": definition.low,
        "high": definition.high,
    }
