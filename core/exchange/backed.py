"""What portfolios back: decisions and questions, with what is reserved for each, and what it would lose by today's prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.exchange import reserved
from core.exchange.reserved import Held
from core.funding import backings
from core.funding.portfolios import Portfolio
from core.markets import metrics, registry
from core.markets.market import Market
from core.markets.metrics import Metric
from core.pricing import lmsr
from core.pricing.twap import MILLIONTHS


@dataclass(frozen=True)
class Backed:
    """A decision, or a question that hangs on none, and what is held ready for it, micro-credits.

    ``losing`` is what its makers would lose by today's prices, each option as likely as the others.
    """

    decision_id: int | None
    market_id: int | None
    name: str
    question: str
    reserved: int
    losing: int
    ends_at: int


def backed(connection: Connection, found: Sequence[Held]) -> dict[int, list[Backed]]:
    """By portfolio: its decisions in the order of their opening, then its questions."""
    markets = registry.get_all(connection, [each.market_id for each in found])
    known = decisions.get_all(connection, [each.decision_id for each in found if each.decision_id])
    read = metrics.get_all(connection, [each.metric_id for each in markets.values() if not each.branch_id])
    by_portfolio: dict[int, list[Backed]] = {}
    for each in reserved.together(found):
        first, here = each[0], [markets[one.market_id] for one in each]
        of = known[first.decision_id] if first.decision_id else None
        row = _of_decision(of, here) if of else _of_question(here[0], read[here[0].metric_id])
        by_portfolio.setdefault(first.portfolio_id, []).append(replace(row, reserved=reserved.amount(each)))
    return by_portfolio


def expected(connection: Connection, portfolio: Portfolio, backs: Iterable[Backed], now: datetime) -> int:
    """What it will have lost by the end of its period: what it did, and what today's prices make of all that ends before."""
    begun, ends = portfolio.period(now)
    losses = (each.losing for each in backs if each.ends_at <= int(ends.timestamp()))
    return backings.costs(connection, portfolio.id, begun) + sum(losses)


def _of_decision(decision: Decision, markets: Sequence[Market]) -> Backed:
    branches = len({each.branch_id for each in markets})
    return Backed(
        decision_id=decision.id,
        market_id=None,
        name=decision.name,
        question=decision.terms.question,
        reserved=0,
        losing=sum(map(losing, markets)) // branches,
        ends_at=int(decision.terms.freezes_at.timestamp()),
    )


def _of_question(market: Market, metric: Metric) -> Backed:
    return Backed(
        decision_id=None,
        market_id=market.id,
        name=market.name,
        question=metric.definition.name,
        reserved=0,
        losing=losing(market),
        ends_at=int(market.closes_at.timestamp()),
    )


def losing(market: Market) -> int:
    """What its maker would lose by today's prices, micro-credits."""
    prices = [each / MILLIONTHS for each in market.tick.prices]
    return max(0, int(lmsr.losing(market.liquidity, market.weights, prices)))
