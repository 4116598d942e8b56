"""Limit orders as their owners know them: those that wait, and those that were filled lately."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.decisions import branches
from core.decisions import registry as decisions
from core.markets import metrics, registry, resting
from core.markets.market import value_priced
from core.markets.resting import Resting
from core.people import persons

NEWS_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class LimitOrder:
    """A limit order: to buy, or sell, an outcome at a price (millionths), with what it still reserves, and what it filled.

    ``value`` is what the metric is priced at then, micro-units. Without an option it hangs on no decision.
    """

    order_id: int
    market_id: int
    decision_id: int | None
    option: str
    is_drawn: bool | None
    metric: str
    unit: str
    outcome: int
    outcome_name: str
    is_sale: bool
    price: int
    value: int
    left: int
    shares: int
    expires_at: datetime | None


def filled(connection: Connection, by: str, now: datetime) -> list[LimitOrder]:
    """A person's limit orders that were filled whole within the last day, the newest first."""
    person = persons.find(connection, by)
    orders = resting.filled_since(connection, person.id, now - NEWS_FOR) if person else []
    return list(described(connection, orders))


def described(connection: Connection, orders: Sequence[Resting]) -> Iterator[LimitOrder]:
    """The orders with what they are about."""
    markets = registry.get_all(connection, {order.market_id for order in orders})
    names = metrics.get_all(connection, [market.metric_id for market in markets.values()])
    owners = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
    found = decisions.get_all(connection, set(owners.values()))
    for order in orders:
        market, price = markets[order.market_id], order.price_of(order.outcome)
        decision = found.get(owners.get(market.branch_id or 0, 0))
        option = decision.option_of(market.branch_id) if decision and market.branch_id else None
        said, own = names[market.metric_id].definition, market.outcomes[order.outcome]
        yield LimitOrder(
            order_id=order.id,
            market_id=market.id,
            decision_id=decision.id if decision else None,
            option=option.name if option else "",
            is_drawn=decision.is_drawn_in(market.branch_id) if decision else None,
            metric=said.name,
            unit=said.unit,
            outcome=order.outcome,
            outcome_name=own.name,
            is_sale=order.is_sale,
            price=price,
            value=value_priced(market.centres, order.outcome, price),
            left=order.left,
            shares=order.shares,
            expires_at=order.expires_at,
        )
