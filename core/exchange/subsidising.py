"""Subsidising: liquidity added to a market while it trades, or taken from it; its portfolio pays exactly what it may lose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.errors import InsufficientFunds, Invalid, NotOpen, OverBudget
from core.exchange import reserving
from core.exchange.plans import LEAST_LIQUIDITY
from core.funding import backings
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, transfer
from core.markets import liquidity, registry, ticks
from core.markets.liquidity import Drip
from core.markets.market import Market, State
from core.units import MOST, positive, to_credits

__all__ = ["Drip", "deepen", "drip", "withdraw"]

_CHANCE = SystemRandom().random


@dataclass(frozen=True)
class _Place:
    """A market that nobody else changes meanwhile, the decision that it hangs on, and the portfolio that pays for it."""

    market: Market
    decision: Decision | None
    source: Portfolio


def deepen(
    connection: Connection,
    by: str,
    market_id: int,
    added: int,
    now: datetime,
    chance: Callable[[], float] = _CHANCE,
) -> Drip:
    """Lets so much liquidity, in micro-credits, drip into a market: a little at a time, at random times, while it is calm.

    Raises NotAllowed, Unknown, NotOpen, Invalid, and OverBudget, OverSpent or InsufficientFunds for more than there is.
    """
    place = _lock(connection, market_id)
    spender = reserving.require_spender(connection, by, place.source, "subsidise")
    positive(added, "liquidity")
    place.market.require_open(now)
    before = liquidity.find_drip(connection, market_id)
    dripping = before.remaining if before else 0
    _require_room(added, MOST - place.market.liquidity - dripping)
    reserving.promise(connection, place.source.id, {market_id: added}, now)
    next_at = before.next_at if before else liquidity.next_time(now, chance)
    asked = Drip(market_id, dripping + added, next_at, spender.id)
    liquidity.keep_drip(connection, asked)
    return asked


def drip(
    connection: Connection, market_id: int, now: datetime, chance: Callable[[], float] = _CHANCE
) -> None:
    """Adds the next piece once its time has come; it waits while the price moves, or trading is halted.

    It also waits while the portfolio has nothing left for it, or is paused.
    """
    place = _lock(connection, market_id)
    market, asked = place.market, liquidity.find_drip(connection, market_id)
    if asked is None or now < asked.next_at:
        return
    if market.state != State.OPEN or now >= market.closes_at:
        liquidity.keep_drip(connection, Drip(market_id, 0, asked.next_at, asked.asked_by))
        return
    added = liquidity.piece(market, asked)
    averages = ticks.average_prices(connection, market, now - liquidity.DAY, now)
    is_calm = market.halted_at is None and liquidity.is_calm(market, averages, now)
    if not (is_calm and _paid(connection, place, added, asked.asked_by, now)):
        added = 0
    later = Drip(market_id, asked.remaining - added, liquidity.next_time(now, chance), asked.asked_by)
    liquidity.keep_drip(connection, later)


def withdraw(connection: Connection, by: str, market_id: int, taken: int, now: datetime) -> int:
    """Takes so much liquidity out of a market at the prices in force; by how much its reserve shrank, micro-credits.

    What backs outstanding shares stays. Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    place = _lock(connection, market_id)
    spender = reserving.require_spender(connection, by, place.source, "subsidise")
    positive(taken, "liquidity")
    place.market.require_open(now)
    _require_room(taken, place.market.liquidity - LEAST_LIQUIDITY)
    return -_change(connection, place, -taken, spender.id, now)


def _require_room(amount: int, most: int) -> None:
    if amount > most:
        raise Invalid("liquidity", "too_large", f"{to_credits(max(0, most)):,f}")


def _paid(connection: Connection, place: _Place, added: int, by: int, now: datetime) -> bool:
    """Whether the portfolio could pay for the piece; if not, nothing was changed."""
    try:
        _change(connection, place, added, by, now)
    except (InsufficientFunds, OverBudget, NotOpen):
        return False
    return True


def _change(connection: Connection, place: _Place, added: int, by: int, now: datetime) -> int:
    """Changes the liquidity at the prices in force, and moves what the reserve grew by; that is returned.

    Raises InsufficientFunds, OverBudget, or NotOpen while the portfolio is paused, before anything is written.
    """
    market, decision, source = place.market, place.decision, place.source.pool
    credit = accounts.CREDIT
    units = [credit, *market.units, *(branch.unit for branch in (decision.live if decision else ()))]
    touched = [source, market.maker, *([decision.escrow] if decision else [])]
    book = Book.load(connection, touched, units)
    after = liquidity.deepened(market, market.maker_state(book), added)
    grown = after.reserve - market.reserve
    moves = transfer(source, market.maker, grown, market.unit)
    if decision:
        moves = decision.collateral(credit).normal_form(book, source, moves)
    number = len(ticks.tranches(connection, market.id))
    entry = Entry("tranche", f"tranche:{market.name}:{number}", now, tuple(moves), by)
    if added > 0:
        reserving.reserve(connection, place.source.id, book, entry, is_promised=True)
    elif moves:
        book.post(entry)
    after.prove(book)
    liquidity.save_tranche(connection, market, after, now)
    book.save(connection)
    return grown


def _lock(connection: Connection, market_id: int) -> _Place:
    decision = decisions.lock_of_branch(connection, registry.get(connection, market_id).branch_id)
    market = registry.lock_all(connection, [market_id])[market_id]
    source = backings.of_market(connection, market_id, decision.id if decision else None)
    return _Place(market, decision, source)
