"""Promised: what is still to drip into makers, beside what is reserved for them. Nobody else may spend it meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.exchange import reserved
from core.exchange.reserved import Held
from core.markets import liquidity, registry
from core.markets.market import Market, State


def promised(
    connection: Connection, found: Sequence[Held], now: datetime, asked: Mapping[int, int] | None = None
) -> int:
    """By how much what is reserved will grow at the prices in force, micro-credits; ``asked`` is liquidity that is to drip too."""
    dripping = liquidity.remaining(connection, [each.market_id for each in found])
    more = {id_: dripping.get(id_, 0) + (asked or {}).get(id_, 0) for id_ in {*dripping, *(asked or {})}}
    markets = registry.get_all(connection, more).values()
    grown = {
        each.id: liquidity.reserve_with(each, more[each.id]) - each.reserve
        for each in markets
        if _takes(each, now)
    }
    after = [replace(each, amount=each.amount + grown.get(each.market_id, 0)) for each in found]
    return reserved.total(after) - reserved.total(found)


def _takes(market: Market, now: datetime) -> bool:
    """Nothing drips into one that does not trade any more."""
    return market.state == State.OPEN and now < market.closes_at
