"""Spending: what a portfolio has reserved, what it has lost, and what that bought, market by market and together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.exchange import backed, hindsight, portfolio_facts, reserved
from core.exchange.portfolio_facts import PortfolioFacts
from core.funding import backings, days
from core.funding.backings import Cost
from core.funding.days import Day
from core.ledger import chain
from core.markets import metrics, readings, registry, ticks, trades
from core.markets.market import Market
from core.markets.metrics import Metric
from core.pricing import information
from core.units import MICRO

__all__ = ["Day", "MarketLine", "SubsidyReport", "report", "report_of"]

SETTLED_MOST = 100


@dataclass(frozen=True)
class MarketLine:
    """One market that the portfolio backs, or backed. Micro-credits; times in seconds.

    While it trades, ``reserve`` is what its maker may lose and ``losing`` what it would by today's price, if its option
    is taken. Once it is settled, ``cost`` is what it lost (below zero, it gained), ``returned`` the rest of its reserve,
    and ``bits`` what prices gained by what happened; none where the metric was never measured.
    """

    market_id: int
    name: str
    decision_id: int | None
    metric: str
    option: str
    is_drawn: bool | None
    liquidity: int
    reserve: int
    trades: int
    traders: int
    losing: int | None = None
    settled_at: int | None = None
    cost: int | None = None
    returned: int | None = None
    bits: float | None = None
    credits_per_bit: float | None = None


@dataclass(frozen=True)
class SubsidyReport:
    """``credits_per_bit`` is over all settled markets that were measured; ``traders`` are distinct people.

    ``days`` is the budget over time, one point a day and the last one now; ``head`` the journal's, which proves all of it.
    """

    at: int
    portfolio: PortfolioFacts
    markets: tuple[MarketLine, ...]
    trades: int
    traders: int
    bits: float
    bits_cost: int
    credits_per_bit: float | None
    returned: int
    days: tuple[Day, ...]
    head: str


def report(connection: Connection, by: str, portfolio_id: int, now: datetime) -> SubsidyReport:
    """For those who spend it, and for admins. Raises Unknown, NotAllowed."""
    return _report(connection, portfolio_facts.one(connection, by, portfolio_id, now), now)


def report_of(connection: Connection, portfolio_id: int, now: datetime) -> SubsidyReport:
    """The same for whoever its address reaches."""
    return _report(connection, portfolio_facts.of(connection, portfolio_id, now), now)


def _report(connection: Connection, portfolio: PortfolioFacts, now: datetime) -> SubsidyReport:
    held = reserved.held(connection, [portfolio.id])
    costs = backings.newest_costs(connection, portfolio.id, SETTLED_MOST)
    markets = registry.get_all(connection, [*(each.market_id for each in held), *costs])
    lines = _lines(connection, [each.market_id for each in held], costs, markets)
    measured = [line for line in lines if line.bits is not None]
    bits, bits_cost = sum(line.bits or 0.0 for line in measured), sum(line.cost or 0 for line in measured)
    at = int(now.timestamp())
    return SubsidyReport(
        at=at,
        portfolio=portfolio,
        markets=tuple(lines),
        trades=sum(line.trades for line in lines),
        traders=trades.count_traders(connection, markets),
        bits=bits,
        bits_cost=bits_cost,
        credits_per_bit=information.Purchase(bits_cost / MICRO, bits).credits_per_bit,
        returned=sum(line.returned or 0 for line in lines),
        days=(
            *(each for each in days.read(connection, portfolio.id) if each.at < at),
            Day(at, portfolio.free, portfolio.reserved, portfolio.lost),
        ),
        head=chain.head(connection),
    )


def _lines(
    connection: Connection, live: Sequence[int], costs: Mapping[int, Cost], markets: Mapping[int, Market]
) -> list[MarketLine]:
    """What trades first, in the order of decisions; then what is settled, the newest first."""
    found = metrics.get_all(connection, [market.metric_id for market in markets.values()])
    in_decisions = branches.decision_of(connection, [m.branch_id for m in markets.values() if m.branch_id])
    decided = decisions.get_all(connection, in_decisions.values())
    known = {branch_id: decided[decision_id] for branch_id, decision_id in in_decisions.items()}
    traders = trades.count_traders_in(connection, markets)
    return [
        *(_live(markets[each], known, found, traders) for each in live),
        *(_settled(connection, markets[each], costs[each], known, found, traders) for each in costs),
    ]


def _live(
    market: Market, known: Mapping[int, Decision], found: Mapping[int, Metric], traders: Counter[int]
) -> MarketLine:
    return MarketLine(
        **_named(market, known, found),
        traders=traders[market.id],
        losing=backed.losing(market.liquidity, market.weights, market.tick.prices),
    )


def _settled(
    connection: Connection,
    market: Market,
    cost: Cost,
    known: Mapping[int, Decision],
    found: Mapping[int, Metric],
    traders: Counter[int],
) -> MarketLine:
    filed = readings.find(connection, market.metric_id)
    bits = None
    if filed is not None and filed.value is not None:
        opening = hindsight.prices(ticks.opening(connection, market).tick)
        bits = hindsight.gained(market, filed.value, opening, hindsight.prices(market.tick))
    bought = information.Purchase(cost.amount / MICRO, bits) if bits is not None else None
    return MarketLine(
        **_named(market, known, found),
        traders=traders[market.id],
        settled_at=int(cost.at.timestamp()),
        cost=cost.amount,
        returned=market.reserve - cost.amount,
        bits=bits,
        credits_per_bit=bought.credits_per_bit if bought else None,
    )


def _named(market: Market, known: Mapping[int, Decision], found: Mapping[int, Metric]) -> dict[str, Any]:
    """``known`` are decisions by branch."""
    decision = known.get(market.branch_id or 0)
    option = decision.option_of(market.branch_id or 0) if decision else None
    return {
        "market_id": market.id,
        "name": market.name,
        "decision_id": decision.id if decision else None,
        "metric": found[market.metric_id].definition.name,
        "option": option.name if option else "",
        "is_drawn": decision.is_drawn_in(market.branch_id) if decision else None,
        "liquidity": market.liquidity,
        "reserve": market.reserve,
        "trades": market.trades,
    }
