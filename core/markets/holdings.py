"""Who holds which shares: of markets, the shares of every outcome that each account holds."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, select

from core.database import row_ids
from core.ledger.tables import balance
from core.markets.tables import limit_order, outcome
from core.rows import Among, Prepared


class Holding(NamedTuple):
    """Micro-shares of one outcome. ``person`` is whose limit order it is; empty for any other account."""

    market: int
    account: int
    outcome: int
    shares: int
    person: int | None


def of_markets(connection: Connection, market_ids: Iterable[int]) -> list[Holding]:
    """All that anybody holds; makers owe, so they hold nothing."""
    return [Holding(*row) for row in _HELD.rows(connection, markets=row_ids(market_ids))]


_HELD = Prepared(
    select(
        outcome.c.market_id, balance.c.account_id, outcome.c.number, balance.c.amount, limit_order.c.person_id
    )
    .join(balance, balance.c.unit_id == outcome.c.unit_id)
    .outerjoin(limit_order, limit_order.c.account_id == balance.c.account_id)
    .where(Among(outcome.c.market_id, "markets"), balance.c.amount > 0)
)
