"""What a settled market brought each person: all that they had from its maker less all that they paid to it."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from core import writes
from core.database import milliseconds, row_ids
from core.ledger.tables import posting
from core.markets.market import Market, State
from core.markets.tables import gain, limit_order, market, trade

GAIN = ("market_id", "person_id", "credits", "at")


class Gain(NamedTuple):
    """``credits`` are micro-credits, below zero lost."""

    market_id: int
    credits: int
    at: datetime


def add(connection: Connection, brought: Mapping[tuple[int, int], int], now: datetime) -> None:
    """Adds to what markets brought so far, by the ids of market and person."""
    rows = [(*of, credits_brought, milliseconds(now)) for of, credits_brought in sorted(brought.items())]
    writes.run(connection, writes.count(gain, GAIN, rows, ("credits",)))


def finish(connection: Connection, market_id: int, now: datetime) -> None:
    """It is whole: the market is settled now."""
    connection.execute(update(gain).where(gain.c.market_id == market_id).values(at=now))


def of_market(connection: Connection, market_id: int) -> dict[int, int]:
    """Micro-credits by the ids of persons."""
    wanted = select(gain.c.person_id, gain.c.credits).where(gain.c.market_id == market_id)
    return {row.person_id: row.credits for row in connection.execute(wanted)}


def paid(connection: Connection, market_id: int) -> int:
    """Micro-credits that its traders made together: what its maker lost to them; below zero, it gained."""
    wanted = select(func.coalesce(func.sum(gain.c.credits), 0)).where(gain.c.market_id == market_id)
    return int(connection.execute(wanted).scalar_one())


def best(connection: Connection, market_ids: Collection[int]) -> dict[int, int]:
    """Who made something in these markets together, by their ids: micro-credits, the most first."""
    total = func.sum(gain.c.credits)
    wanted = (
        select(gain.c.person_id, total)
        .where(gain.c.market_id.in_(row_ids(market_ids)))
        .group_by(gain.c.person_id)
        .having(total > 0)
        .order_by(total.desc(), gain.c.person_id)
    )
    return {person: int(made) for person, made in connection.execute(wanted)}


def of_person(connection: Connection, person_id: int, most: int) -> list[Gain]:
    """Those of markets that are settled, the newest first."""
    wanted = (
        select(gain.c.market_id, gain.c.credits, gain.c.at)
        .join(market, market.c.id == gain.c.market_id)
        .where(gain.c.person_id == person_id, market.c.state == State.SETTLED)
        .order_by(gain.c.at.desc(), gain.c.market_id.desc())
        .limit(most)
    )
    return [Gain(*row) for row in connection.execute(wanted)]


def traded(connection: Connection, of: Market) -> Counter[int]:
    """What trading brought each account, of the market's own unit: wallets, and accounts of limit orders.

    Full sets that a cancelled order left are paid for by no trade; they were added when that happened.
    """
    moved = (
        select(posting.c.source_id, posting.c.destination_id, func.sum(posting.c.amount))
        .join(trade, trade.c.entry_id == posting.c.entry_id)
        .where(trade.c.market_id == of.id, posting.c.unit_id == of.unit)
        .group_by(posting.c.source_id, posting.c.destination_id)
    )
    brought = Counter[int]()
    for source, destination, amount in connection.execute(moved):
        if source == of.maker:
            brought[destination] += int(amount)
        elif destination == of.maker:
            brought[source] -= int(amount)
    return brought


def owners(connection: Connection, market_id: int) -> dict[int, int]:
    """Who placed each limit order of the market, by the order's account."""
    wanted = select(limit_order.c.account_id, limit_order.c.person_id).where(
        limit_order.c.market_id == market_id
    )
    return {row.account_id: row.person_id for row in connection.execute(wanted)}
