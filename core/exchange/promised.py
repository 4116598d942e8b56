"""Promised: what is still to drip into makers, beside what is reserved for them. Nobody else may spend it meanwhile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.exchange import reserved
from core.exchange.reserved import Held, together
from core.markets import liquidity, registry
from core.markets.market import Market, State


def promised(
    connection: Connection, found: Sequence[Held], now: datetime, asked: Mapping[int, int] | None = None
) -> int:
    """By how much what is reserved will grow at the prices in force, micro-credits; ``asked`` is liquidity that is to drip too."""
    return sum(by_portfolio(connection, found, now, asked).values())


def by_portfolio(
    connection: Connection, found: Sequence[Held], now: datetime, asked: Mapping[int, int] | None = None
) -> Counter[int]:
    """The same of each portfolio."""
    sums = Counter[int]()
    for rows, more in by_decision(connection, found, now, asked):
        sums[rows[0].portfolio_id] += more
    return sums


def by_decision(
    connection: Connection, found: Sequence[Held], now: datetime, asked: Mapping[int, int] | None = None
) -> list[tuple[list[Held], int]]:
    """The same of each decision, and of each question, with what is held for it."""
    dripping = liquidity.remaining(connection, [each.market_id for each in found])
    more = {id_: dripping.get(id_, 0) + (asked or {}).get(id_, 0) for id_ in {*dripping, *(asked or {})}}
    markets = registry.get_all(connection, more).values() if more else ()
    grown = {
        each.id: liquidity.reserve_with(each, more[each.id]) - each.reserve
        for each in markets
        if _takes(each, now)
    }
    return [(rows, _more(rows, grown)) for rows in together(found)]


def _more(rows: Sequence[Held], grown: Mapping[int, int]) -> int:
    """Into most of what a portfolio backs nothing drips."""
    if not any(each.market_id in grown for each in rows):
        return 0
    after = [replace(each, amount=each.amount + grown.get(each.market_id, 0)) for each in rows]
    return reserved.amount(after) - reserved.amount(rows)


def _takes(market: Market, now: datetime) -> bool:
    """Nothing drips into one that does not trade any more."""
    return market.state == State.OPEN and now < market.closes_at
