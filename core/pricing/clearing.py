"""Clearing: the prices of reserve and of expected loss at which groups of markets ask for what the budgets allow.

At given prices each group asks for the reserve whose last credit is worth its price: the root of
sum_j K_j / (R + m_j)^2 = mu + nu sum_j h H / c, with K = H c (v beta + nu h beta^2) and m = c (beta + b) - backed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.pricing.problem import Numbers, Problem

NEWTON = 60
TINY = 1e-200  # So that what is worth nothing divides nothing by nothing.
STEP = 0.1  # Of the logarithm of a price, at first.


def price(excess: Callable[[float], float], start: float) -> float:
    """The price at which an excess that falls with it is zero, sought from a start on a logarithmic scale."""
    from scipy.optimize import brentq  # noqa: PLC0415 - scipy is imported where it is used

    known: dict[float, float] = {}

    def at(log: float) -> float:
        if log not in known:
            known[log] = excess(math.exp(log))
        return known[log]

    low = high = math.log(start)
    step = STEP
    while at(low) < 0:
        low, high, step = low - step, low, 2 * step
    while at(high) > 0:
        low, high, step = high, high + step, 2 * step
    return math.exp(low if low == high else brentq(at, low, high, xtol=1e-13))


def demand(problem: Problem, ends: "Ends", prices: "Prices") -> Numbers:
    """What each group asks for at these prices, by Newton's method; none overshoots, since sum(...)^(-1/2) is concave."""
    scale, offset = _terms(problem, prices.spend)
    paid = prices.reserve + spend_rate(problem, prices.spend)
    target = np.divide(1, np.sqrt(paid), out=np.full_like(paid, np.inf), where=paid > 0)
    alone = np.where(scale > 0, np.sqrt(scale), TINY) * target[problem.group] - offset
    reserve = ends.low.copy()
    np.maximum.at(
        reserve, problem.group, alone
    )  # What each market asks for alone is never more than all of them do.
    reserve = np.minimum(reserve, ends.high)
    for _ in range(NEWTON):
        depth = reserve[problem.group] + offset
        worth, slope = problem.sum(scale / depth**2) + TINY, problem.sum(scale / depth**3) + TINY
        step = np.maximum(target - worth**-0.5, 0) * worth**1.5 / slope
        after = np.minimum(reserve + step, ends.high)
        if np.all(after - reserve <= 1e-12 * after):
            break
        reserve = after
    return reserve


def marginal(problem: Problem, reserves: Numbers, spend: float) -> Numbers:
    """What the last credit of each group's reserve buys, with the part of its expected loss that falls as it grows."""
    scale, offset = _terms(problem, spend)
    return problem.sum(scale / (reserves[problem.group] + offset) ** 2)


def spend_rate(problem: Problem, spend: float) -> Numbers:
    """What a credit of a very large reserve costs in expected loss."""
    return spend * problem.sum(problem.chance * problem.learnable / problem.reserve)


def clear(problem: Problem, ends: "Ends", start: float = 0.0) -> "Cleared":
    """The least prices at which what is asked for stays within the budgets; a budget that is overdrawn adds nothing."""
    last = 0.0

    def at(spend: float) -> Cleared:
        nonlocal last
        last = _reserve_price(problem, ends, spend, last)
        prices = Prices(last, spend)
        return Cleared(demand(problem, ends, prices), prices)

    def excess(found: Cleared) -> float:
        return float(problem.spend_at(found.reserves).sum()) - most

    most, free = problem.spend, at(0.0)
    if excess(free) <= 0:
        return free
    if float(problem.spend_at(ends.low).sum()) >= most:
        return Cleared(ends.low, Prices(0.0, _dearest_spend(problem, ends)))
    return at(price(lambda spend: excess(at(spend)), start or 1.0))


@dataclass(frozen=True)
class Prices:
    """What a credit of reserve, and of expected loss, must buy at least."""

    reserve: float
    spend: float


@dataclass(frozen=True, eq=False)
class Ends:
    """Between which reserves each group may get."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True, eq=False)
class Cleared:
    reserves: Numbers
    prices: Prices


def _terms(problem: Problem, spend: float) -> tuple[Numbers, Numbers]:
    """K and m of each market."""
    weight = problem.value * problem.cost + spend * problem.chance * problem.cost**2
    offset = problem.reserve * (problem.cost + problem.liquidity) - problem.backed
    return problem.learnable * problem.reserve * weight, offset


def _reserve_price(problem: Problem, ends: Ends, spend: float, start: float) -> float:
    def excess(at: float) -> float:
        return float(demand(problem, ends, Prices(at, spend)).sum()) - most

    most = problem.budget
    if excess(0.0) <= 0:
        return 0.0
    over = marginal(problem, ends.low, spend) - spend_rate(problem, spend)
    dearest = float(over.max(initial=0.0))
    if float(ends.low.sum()) >= most:
        return dearest
    return price(excess, start or dearest)


def _dearest_spend(problem: Problem, ends: Ends) -> float:
    """The price of expected loss at which no group asks for more than its least."""
    bought = marginal(problem, ends.low, 0.0)
    lost = -marginal(problem, ends.low, 1.0) + bought + spend_rate(problem, 1.0)
    return float(np.divide(bought, lost, out=np.zeros_like(lost), where=lost > 0).max(initial=0.0))
