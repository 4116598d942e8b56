"""Refitting: what settled markets teach of what information and attention cost, after each thirty more of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.branches import decision_of
from core.decisions.decision import Decision
from core.exchange import portfolio_log, weighing
from core.exchange.trust import LOCKED_RATE
from core.funding import assumptions, lessons, portfolios
from core.funding.assumptions import Assumption
from core.funding.lessons import Learned
from core.markets import lessons as markets_lessons
from core.markets import metrics
from core.markets.lessons import Settled
from core.markets.metrics import Metric
from core.pricing import information, learning, payout
from core.units import MICRO

MARKETS_MOST, TRADES_MOST = 300, 10_000
BY_ITSELF = "Thirty more markets are settled."


def refit(connection: Connection, settled: int, now: datetime) -> None:
    """Learns anew once so many markets are settled, and tells whoever spends; whoever comes second finds it done."""
    was = lessons.newest(connection)
    found = markets_lessons.settled(connection, MARKETS_MOST)
    if settled - was.settled < lessons.EACH or not found:
        return
    after = Learned(settled, _beta(connection, found, was), _attention(connection, found, was))
    if not lessons.keep(connection, after, was, now):
        return
    facts = {**asdict(after), "was_beta": was.beta, "was_attention": was.attention, "of": len(found)}
    for portfolio in portfolios.get_all(connection, portfolios.ids(connection)).values():
        portfolio_log.write(connection, portfolio, None, "learned", facts, BY_ITSELF, now)


def _beta(connection: Connection, found: Sequence[Settled], was: Learned) -> int:
    of_branch = decision_of(connection, [each.market.branch_id for each in found if each.market.branch_id])
    known = decisions.get_all(connection, of_branch.values())
    stated = assumptions.newest(connection, known)
    read = metrics.get_all(connection, {each.market.metric_id for each in found})
    rows = [
        _row(each, known.get(of_branch.get(each.market.branch_id or 0, 0)), stated, read) for each in found
    ]
    depth, learnable, nats, unit = zip(*rows, strict=True)
    return round(learning.fit_beta(depth, learnable, nats, unit, before=was.beta / MICRO) * MICRO)


def _row(
    of: Settled, decision: Decision | None, stated: Mapping[int, Assumption], read: Mapping[int, Metric]
) -> tuple[float, float, float, float]:
    """Its liquidity, what it could pay when it opened, what its prices gained in nats, and what a nat cost for a beta of 1."""
    market, metric = of.market, read[of.market.metric_id]
    said = stated.get(decision.id) if decision else None
    opened = replace(market, newest=market.opened_with(of.opening))
    learnable = weighing.learnable_of(opened, metric, said)
    chance = weighing.taken(decision, market.branch_id or 0) if decision else 1.0
    ends_at = decision.terms.freezes_at if decision else market.closes_at
    years = (ends_at + timedelta(seconds=metric.challenge_seconds) - market.opened_at) / weighing.YEAR
    unit = learning.cost(1.0, learnable, max(years, 0.0), chance * weighing.chance_of(said), LOCKED_RATE)
    parts, whole = payout.hats(of.value, market.centres)
    gained = information.bits(of.opening, weighing.prices_of(market), [each / whole for each in parts])
    return market.liquidity / MICRO, learnable, gained * math.log(2), float(unit)


def _attention(connection: Connection, found: Sequence[Settled], was: Learned) -> int:
    """From what each trade gains if the prices that it leaves are right."""
    depth = {each.market.id: each.market.liquidity / MICRO for each in found}
    gains = [
        depth[market_id] * math.fsum(q * math.log(q / p) for p, q in zip(before, after, strict=True) if q)
        for market_id, before, after in markets_lessons.moves(connection, found, TRADES_MOST)
    ]
    if not gains:
        return was.attention
    return round(learning.fit_attention(gains, before=was.attention / MICRO) * MICRO)
