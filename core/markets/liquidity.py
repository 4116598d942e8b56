"""Liquidity that changes while a market trades: tranches at the prices in force, and drips that nobody can foresee.

Whoever knew when liquidity is added could push the price before and sell into the deeper market after (THEORY 2). So
later additions are small, come at random times, and wait while the price moves.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from core.database import milliseconds, row_ids, upsert
from core.markets import registry
from core.markets.market import Market
from core.markets.tables import drip, outcome, tranche
from core.pricing import lmsr
from core.pricing.twap import MILLIONTHS
from core.rows import Among, Prepared

DAY = timedelta(days=1)
GAP = DAY / 4  # Between two pieces of a drip there is at least so much time, and at most twice of it.
PIECE = (
    1,
    42,
)  # Of the liquidity there is: four of them, one upon the other, add less than a tenth in a day.
CALM = 0.02  # Prices are calm while less than this much of them lies elsewhere than on average over the last day,
QUIET = timedelta(hours=1)  # and nobody traded for so long.


@dataclass(frozen=True)
class Drip:
    """Liquidity that is still to be added to a market, and when the next piece of it is tried."""

    market_id: int
    remaining: int
    next_at: datetime
    asked_by: int


def deepened(market: Market, state: lmsr.State, liquidity: int) -> Market:
    """The market with so much more liquidity (less, below zero) at the prices in force; its width cap grows with it."""
    after = state.deepened(liquidity)
    weighed = tuple(o._replace(weight=w) for o, w in zip(market.outcomes, after.weights, strict=True))
    cap = market.width_cap and market.width_cap * after.liquidity // market.liquidity
    return replace(market, liquidity=after.liquidity, outcomes=weighed, width_cap=cap)


def reserve_with(market: Market, more: int) -> int:
    """What backs it once so much liquidity is added at the prices in force."""
    prices = [each / MILLIONTHS for each in market.tick.prices]
    return max(w + a for w, a in zip(market.weights, lmsr.weights(more, prices), strict=True))


def save_tranche(connection: Connection, before: Market, after: Market, now: datetime) -> int:
    """Keeps a market that was deepened; the tranche's number."""
    counted = select(func.count()).where(tranche.c.market_id == after.id)
    number: int = connection.execute(counted).scalar_one()
    added = [new.weight - old.weight for old, new in zip(before.outcomes, after.outcomes, strict=True)]
    values = {"market_id": after.id, "number": number, "at": now, "after_trade": after.trades}
    changed = {"liquidity": after.liquidity - before.liquidity, "weights": added}
    connection.execute(insert(tranche).values(values | changed))
    registry.change(connection, [after.id], liquidity=after.liquidity, width_cap=after.width_cap)
    for each in after.outcomes:
        this = (outcome.c.market_id == after.id) & (outcome.c.number == each.number)
        connection.execute(update(outcome).where(this).values(weight=each.weight))
    return number


def find_drip(connection: Connection, market_id: int) -> Drip | None:
    row = connection.execute(select(drip).where(drip.c.market_id == market_id)).one_or_none()
    return Drip(*row) if row else None


def remaining(connection: Connection, market_ids: Iterable[int]) -> dict[int, int]:
    """What is still to be added, by market; those into which nothing drips are left out."""
    return dict(_REMAINING.rows(connection, ids=row_ids(market_ids)))


def let_drip(
    connection: Connection,
    added: Mapping[int, int],
    asked_by: int,
    now: datetime,
    chance: Callable[[], float],
) -> None:
    """So much more is to drip into each of these markets, which nobody else changes meanwhile."""
    before = {row.market_id: Drip(*row) for row in _DRIPS.named(connection, ids=row_ids(added))}
    rows = []
    for market_id, more in sorted(added.items()):
        was = before.get(market_id)
        next_at = was.next_at if was else next_time(now, chance)
        of = Drip(market_id, more + (was.remaining if was else 0), next_at, asked_by)
        rows.append({name: getattr(of, name) for name in Drip.__dataclass_fields__})
    upsert(connection, drip, rows, ["remaining", "next_at", "asked_by"])


_DRIPS = Prepared(select(drip).where(Among(drip.c.market_id, "ids")))
_REMAINING = Prepared(select(drip.c.market_id, drip.c.remaining).where(Among(drip.c.market_id, "ids")))


def keep_drip(connection: Connection, of: Drip) -> None:
    """Keeps what is left of a drip, or drops one that is used up."""
    if of.remaining <= 0:
        connection.execute(delete(drip).where(drip.c.market_id == of.market_id))
        return
    row = {name: getattr(of, name) for name in Drip.__dataclass_fields__}
    upsert(connection, drip, [row], ["remaining", "next_at", "asked_by"])


def drop_drips(connection: Connection, market_ids: Collection[int]) -> None:
    """What was still to be added there is not added any more."""
    connection.execute(delete(drip).where(drip.c.market_id.in_(sorted(market_ids))))


def piece(market: Market, of: Drip) -> int:
    """What the next piece of a drip adds."""
    times, over = PIECE
    return min(of.remaining, market.liquidity * times // over)


def next_time(now: datetime, chance: Callable[[], float]) -> datetime:
    """When the next piece is tried; ``chance`` draws from [0, 1)."""
    return now + GAP * (1.0 + chance())


def is_calm(market: Market, averages: Sequence[float], now: datetime) -> bool:
    """Whether liquidity may be added: every price stands near its daily average, and nobody has just moved one.

    In a market of many outcomes prices can be pushed far while the value that they make together stays.
    """
    moved = zip(market.tick.prices, averages, strict=True)
    from_average = sum(abs(price / MILLIONTHS - average) for price, average in moved) / 2
    has_rested = market.trades == 0 or milliseconds(now) - market.tick.at >= QUIET // timedelta(
        milliseconds=1
    )
    return from_average < CALM and has_rested
