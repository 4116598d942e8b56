"""Dividing: a portfolio's reserve among the decisions that it backs, by what information is worth there (THEORY 8)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.exchange.proposal import Help, Planned, Prior, Remedy, Row, Why
from core.exchange.trust import LOCKED_RATE
from core.exchange.weighing import Weighed
from core.markets.market import Market
from core.pricing import decisions as pricing
from core.pricing import evsi, lockup
from core.pricing.allocation import Allocation, Problem
from core.pricing.evsi import Numbers
from core.pricing.thresholds import least_reserves
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

STEP = 0.02  # A market is not deepened by less than this part of its liquidity.
DUST = 20 / MICRO  # Each market's reserve is rounded up, and all of them stay within the budget.
LONG_YEARS = 0.25  # From this horizon on, how far credit that is locked bends prices is told.
WORTH_LEAST = (
    0.01  # A decision of which knowing everything is worth less, in credits, is a foregone conclusion.
)
DEAR = 4.0  # From this factor on, another range or kind is advised.
MORE = {Why.FUNDED, Why.LEAST, Why.CAPPED}


@dataclass(frozen=True)
class Share:
    """What a decision gets, and the reserve from which it is of use: credits, infinite where none is enough."""

    weighed: Weighed
    why: Why
    adds: dict[int, int]
    needed: float


@dataclass(frozen=True)
class Divided:
    shares: tuple[Share, ...]
    expects: int
    reserve_price: float
    spend_price: float


def divide(found: Sequence[Weighed], budget: int, spend_left: int | None) -> Divided:
    """Shares of a reserve of so many micro-credits, all that is held for these decisions already counted in."""
    if not found:
        return Divided((), 0, 0.0, 0.0)
    stakes, gaps, sds = (
        np.array([getattr(each, name) for each in found]) for name in ("stake", "gap", "gap_sd")
    )
    worth, least = pricing.mean_value(stakes, gaps, sds)
    spend = math.inf if spend_left is None else spend_left / MICRO
    problem = _problem(found, worth, least, budget / MICRO, spend)
    shared = pricing.by_value(problem, stakes, gaps, sds)
    needed = least_reserves(replace(problem, most=np.full(len(found), np.inf)).whole())
    shares = tuple(
        _share(each, number, problem, shared, float(worth[number]), float(needed[number]))
        for number, each in enumerate(found)
    )
    expects = sum(_spend(each) for each in shares)
    return Divided(shares, round(expects * MICRO), shared.reserve_price, shared.spend_price)


def row(share: Share, held: int) -> Row:
    """What a plan says of it."""
    of = share.weighed
    return Row(
        decision_id=of.decision.id,
        market_id=None,
        name=of.decision.name,
        question=of.decision.terms.question,
        why=share.why,
        reserved=held,
        adds=of.reserved(share.adds) - of.reserved({}),
        worth=round((_value(of, share.adds) - _value(of, {})) * MICRO),
        markets=tuple(_planned(of, each, share.adds.get(each.id, 0)) for each in of.markets),
        prior=_prior(share),
        needed=round(share.needed * MICRO) if math.isfinite(share.needed) else None,
        remedies=tuple(_remedies(share)),
        unit=of.metrics[of.first[0].metric_id].definition.unit,
        band=_band(of),
    )


def _problem(
    found: Sequence[Weighed], worth: Numbers, least: Numbers, budget: float, spend: float
) -> Problem:
    """Markets as columns: each tells an equal part of the gap, so that a nat in it is worth V / (n H)."""
    pairs = [(number, of, market) for number, of in enumerate(found) for market in of.markets]
    group = np.array([number for number, _, _ in pairs])
    held = np.array([each.reserved({}) / MICRO for each in found])
    learnable = np.array([of.learnable(market) for _, of, market in pairs])
    rates = np.array([of.rate(market) for _, of, market in pairs])
    depth = np.array([of.liquidity(market) for _, of, market in pairs])
    most = np.full(len(found), np.inf)
    room = np.array([of.most(market) for _, of, market in pairs]) - depth
    np.minimum.at(most, group, held[group] + rates * room)
    problem = Problem(
        value=(worth / np.bincount(group))[group] / learnable,
        learnable=learnable,
        cost=np.array([of.cost(market) for _, of, market in pairs]),
        reserve=rates,
        group=group,
        budget=budget,
        spend=spend,
        chance=np.array([of.settles(market) for _, of, market in pairs]),
        liquidity=depth,
        backed=held[group],
        held=held,
        most=most,
        least=worth * least,
    )
    needed = held.copy()
    tops = np.array([market in of.first[:2] for _, of, market in pairs])
    short = np.array([of.least(market) for _, of, market in pairs]) - depth
    np.maximum.at(needed, group[tops], (held[group] + rates * short)[tops])
    return replace(problem, least=np.maximum(problem.least, problem.whole().value_at(needed)))


def _share(
    of: Weighed, number: int, problem: Problem, shared: Allocation, worth: float, needed: float
) -> Share:
    why, is_out = Why(shared.why[number].value), math.isinf(shared.needed[number])
    more = max(0.0, float(shared.reserves[number] - problem.held[number]) - DUST)
    if worth < WORTH_LEAST:
        why = Why.NOTHING
    elif problem.most[number] < problem.held[number] or (is_out and math.isfinite(needed)):
        why = Why.WINDOW
    adds = {each.id: int(more / of.rate(each) * MICRO) for each in of.markets} if why in MORE else {}
    if adds and all(adds[each.id] < STEP * of.liquidity(each) * MICRO for each in of.markets):
        why, adds = Why.HELD, {}
    return Share(of, why, {market_id: amount for market_id, amount in adds.items() if amount}, needed)


def _learned(of: Weighed, adds: dict[int, int]) -> float:
    """The part of the gap's variance that traders are expected to learn."""
    parts = []
    for each in of.markets:
        depth = of.liquidity(each) + adds.get(each.id, 0) / MICRO
        parts.append(depth / (depth + of.cost(each)))
    return math.fsum(parts) / len(parts)


def _value(of: Weighed, adds: dict[int, int]) -> float:
    """What that is worth to the decision, credits."""
    nats = -math.log1p(-_learned(of, adds)) / 2
    return of.stake * float(evsi.evsi(of.gap, of.gap_sd, nats))


def _spend(share: Share) -> float:
    """What its makers are expected to lose with the plan, credits."""
    of, lost = share.weighed, []
    for each in of.markets:
        depth = of.liquidity(each) + share.adds.get(each.id, 0) / MICRO
        lost.append(of.settles(each) * depth * of.learnable(each) * depth / (depth + of.cost(each)))
    return math.fsum(lost)


def _planned(of: Weighed, market: Market, adds: int) -> Planned:
    option = of.decision.option_of(market.branch_id or 0)
    return Planned(
        market_id=market.id,
        option=option.name if option else "",
        measure=market.measure,
        is_drawn=of.is_drawn(market),
        liquidity=round(of.liquidity(market) * MICRO),
        adds=adds,
        least=round(of.least(market) * MICRO),
        most=round(of.most(market) * MICRO),
    )


def _prior(share: Share) -> Prior:
    of = share.weighed
    return Prior(
        stake=round(of.stake * MICRO),
        is_stated=of.stated is not None and of.stated.stake is not None,
        gap=of.gap,
        gap_sd=of.gap_sd,
        chance=of.chance,
        days=of.years * 365,
        options=len(of.decision.options),
        measures=len({each.measure for each in of.markets}),
        kind=of.kind(),
        pays_less=math.log(2) / of.learnable(of.first[0]),
        learned=_learned(of, {}),
        learns=_learned(of, share.adds),
    )


def _remedies(share: Share) -> list[Remedy]:
    """What would make it of use, where it cannot be made so now."""
    of = share.weighed
    found: list[Remedy] = []
    if share.why not in (Why.BELOW, Why.WINDOW):
        return found
    held = of.reserved({}) / MICRO
    if held < share.needed < math.inf:
        found.append(Remedy(Help.BUDGET, round(share.needed * MICRO)))
    if share.why == Why.WINDOW:
        more = max(0.0, share.needed - held)
        times = max((of.liquidity(each) + more / of.rate(each)) / of.most(each) for each in of.markets)
        found.append(Remedy(Help.CAPITAL, round(of.capital * times * MICRO)))
    if (less := math.log(2) / of.learnable(of.first[0])) >= DEAR:
        found.append(Remedy(Help.RANGE, round(less * 1000)))
    return found


def _band(of: Weighed) -> lockup.Band | None:
    """Where the leader's price may stay though nobody believes it, in the metric's micro-units; of long horizons only."""
    if of.years < LONG_YEARS:
        return None
    leader = of.first[0]
    low, high = lockup.band(leader.level(leader.tick.prices) / MILLIONTHS, LOCKED_RATE, of.years)
    return leader.value_at(max(low, 0.0)), leader.value_at(min(high, 1.0))
