"""What settled markets have to teach: what they opened at, what they came to, and by how much each trade moved them."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from core.database import row_ids
from core.markets import registry
from core.markets.market import Market, State
from core.markets.tables import market, reading, trade, tranche
from core.pricing.twap import MILLIONTHS
from core.rows import Among, Prepared, parsed


class Settled(NamedTuple):
    """A market that was settled by a value of its metric, and the prices that it opened at."""

    market: Market
    value: int
    opening: tuple[float, ...]


def settled(connection: Connection, most: int) -> list[Settled]:
    """The last so many that were settled, but those whose metric was never measured."""
    ids = [each for (each,) in _SETTLED.rows(connection, most=most)]
    found = registry.get_all(connection, ids)
    read: dict[int, int | None] = dict(
        _READINGS.rows(connection, ids=row_ids(each.metric_id for each in found.values()))
    )
    opened = {
        row[0]: _opening(row[1], parsed(row[2])) for row in _OPENINGS.rows(connection, ids=row_ids(ids))
    }
    values = ((each, read.get(each.metric_id)) for each in found.values())
    return [Settled(each, value, opened[each.id]) for each, value in values if value is not None]


def moves(
    connection: Connection, of: Sequence[Settled], most: int
) -> list[tuple[int, tuple[float, ...], tuple[float, ...]]]:
    """Of at most so many trades of these markets: the market, prices before, and after."""
    last = {each.market.id: each.opening for each in of}
    found = []
    for market_id, prices in _TRADES.rows(connection, ids=row_ids(last), most=most):
        after = tuple(each / MILLIONTHS for each in parsed(prices))
        found.append((market_id, last[market_id], after))
        last[market_id] = after
    return found


def _opening(liquidity: int, weights: Sequence[int]) -> tuple[float, ...]:
    masses = [math.exp(-each / liquidity) for each in weights]
    return tuple(each / math.fsum(masses) for each in masses)


_SETTLED = Prepared(
    select(market.c.id)
    .where(market.c.state == State.SETTLED.value)
    .order_by(market.c.closes_at.desc(), market.c.id.desc())
    .limit(bindparam("most"))
)
_READINGS = Prepared(
    select(reading.c.metric_id, reading.c.value)
    .where(Among(reading.c.metric_id, "ids"))
    .order_by(reading.c.metric_id, reading.c.number)
)
_OPENINGS = Prepared(
    select(tranche.c.market_id, tranche.c.liquidity, tranche.c.weights).where(
        tranche.c.number == 0, Among(tranche.c.market_id, "ids")
    )
)
_TRADES = Prepared(
    select(trade.c.market_id, trade.c.prices)
    .where(Among(trade.c.market_id, "ids"))
    .order_by(trade.c.market_id, trade.c.number)
    .limit(bindparam("most"))
)
