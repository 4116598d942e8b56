"""Offers: what can be traded in one decision, or in one question, and what that is priced at now.

It is what a form for trading needs, and costs a fraction of a report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.errors import Unknown
from core.markets import metrics, registry
from core.markets.market import Market, name_of
from core.markets.metrics import Metric
from core.pricing.twap import MILLIONTHS


@dataclass(frozen=True)
class Offer:
    """A market: an option of a decision (empty in a question) by one metric. Values are micro-units of the metric.

    ``twin`` is the market in which a lottery takes the option instead of people, or the other way round. In one that
    ``is_long`` earmarked credit pays too.
    """

    market_id: int
    option: str
    is_drawn: bool | None
    metric: str
    unit: str
    low: int
    high: int
    outcomes: tuple[str, ...]
    prices: tuple[float, ...]
    expected: float
    is_trading: bool
    closes_at: int
    twin: int | None = None
    is_long: bool = False


@dataclass(frozen=True)
class Offers:
    """``name`` is what people call it: D-2, or M-3 where nothing is decided. Times are whole seconds since 1970, UTC."""

    name: str
    question: str
    all: tuple[Offer, ...]
    is_always_drawn: bool = False

    @property
    def open(self) -> tuple[Offer, ...]:
        """What trades now and can come true; all that can where nothing trades, since whoever does is told why not."""
        likely = tuple(offer for offer in self.all if offer.is_drawn or not self.is_always_drawn)
        return tuple(offer for offer in likely if offer.is_trading) or likely

    @property
    def has_several_metrics(self) -> bool:
        return len({offer.metric for offer in self.all}) > 1

    def of(self, market_id: int) -> Offer:
        """Raises Unknown for a market that is not among them."""
        for offer in self.all:
            if offer.market_id == market_id:
                return offer
        raise Unknown("market", name_of(market_id))


def find(connection: Connection, by: str, name: str, now: datetime) -> Offers:
    """What is offered under a name, ``D-2`` or ``M-3``. Raises Unknown."""
    del by  # No decision is confidential yet: who asks makes no difference.
    kind, _, number = name.partition("-")
    if number.isdecimal() and kind == "D":
        return _of_decision(connection, int(number), now)
    if number.isdecimal() and kind == "M":
        return _of_question(connection, int(number), now)
    raise Unknown("decision", name)


def _of_decision(connection: Connection, decision_id: int, now: datetime) -> Offers:
    decision = decisions.get(connection, decision_id)
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    found = _metrics(connection, markets)
    options = {
        market.id: option.name
        for market in markets.values()
        if (option := decision.option_of(market.branch_id or 0))
    }
    twins = {} if decision.is_always_drawn else _twins(decision, markets)
    # Measure by measure, as a report has them.
    placed = sorted(markets.values(), key=lambda market: market.measure)
    offers = (_offer(market, options[market.id], found[market.metric_id], now) for market in placed)
    if decision.lottery:
        drawn = {market.id for market in placed if decision.is_drawn_in(market.branch_id)}
        offers = (replace(o, is_drawn=o.market_id in drawn, twin=twins.get(o.market_id)) for o in offers)
    return Offers(decision.name, decision.terms.question, tuple(offers), decision.is_always_drawn)


def _twins(decision: Decision, markets: Mapping[int, Market]) -> dict[int, int]:
    """For each market of a lottery the one of the same option and measure in its other branch."""
    if decision.lottery is None:
        return {}
    option_of = {branch.id: branch.option_id for branch in decision.branches}
    found: dict[tuple[int, int | None], list[int]] = {}
    for market in markets.values():
        found.setdefault((market.measure, option_of[market.branch_id or 0]), []).append(market.id)
    return {one: other for pair in found.values() for one, other in permutations(pair, 2)}


def _of_question(connection: Connection, market_id: int, now: datetime) -> Offers:
    market = registry.get(connection, market_id)
    if market.branch_id is not None:
        raise Unknown("market", market.name)
    metric = _metrics(connection, {market_id: market})[market.metric_id]
    return Offers(market.name, metric.definition.name, (_offer(market, "", metric, now),))


def _metrics(connection: Connection, markets: Mapping[int, Market]) -> dict[int, Metric]:
    return metrics.get_all(connection, (market.metric_id for market in markets.values()))


def _offer(market: Market, option: str, metric: Metric, now: datetime) -> Offer:
    prices, said = tuple(price / MILLIONTHS for price in market.tick.prices), metric.definition
    return Offer(
        market_id=market.id,
        option=option,
        is_drawn=None,
        metric=said.name,
        unit=said.unit,
        low=said.low,
        high=said.high,
        outcomes=tuple(each.name for each in market.outcomes),
        prices=prices,
        expected=market.expected(prices),
        is_trading=market.is_trading(now),
        closes_at=int(market.closes_at.timestamp()),
        is_long=market.is_long,
    )
