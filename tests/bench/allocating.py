"""How long it takes to share out a budget, beside a general solver (scipy's SLSQP) on the same portfolio."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
from portfolios import by_slsqp, portfolio

from core.pricing import allocation
from core.pricing.problem import Problem

BRANCHES, ITERATIONS = 2, 200


@dataclass(frozen=True)
class Row:
    """Milliseconds, how many times the general solver takes, and by how much ours is worth more than its answer.

    It is stopped after two hundred iterations, which end hundreds of markets but not thousands.
    """

    markets: int
    budgets: str
    ours_ms: float
    slsqp_ms: float
    ratio: float
    worth_ratio: float
    conditions: float


def measure(markets: Sequence[int], rounds: int) -> Iterator[Row]:
    """By reserve alone, as P1 and P3 have it, and with a budget of expected loss beside it."""
    for number in markets:
        # Nothing held, capped or needed, so that both solve the same convex problem.
        plain = {"least": np.zeros(1), "most": np.full(1, np.inf), "held": np.zeros(1), "backed": np.zeros(1)}
        both = replace(portfolio(1, number // BRANCHES, BRANCHES), liquidity=np.zeros(1), **plain)
        for budgets, of in (("reserve", replace(both, spend=np.inf)), ("both", both)):
            yield _row(of, budgets, rounds)


def _row(of: Problem, budgets: str, rounds: int) -> Row:
    found, ours = _timed(lambda: allocation.allocate(of), rounds)
    other, theirs = _timed(lambda: by_slsqp(of, ITERATIONS), 1)
    worth = of.whole().value_at(found.reserves).sum() / of.whole().value_at(other).sum()
    residual = max(allocation.kkt(of, found).largest, 1e-17)
    return Row(len(of.group), budgets, ours * 1000, theirs * 1000, theirs / ours, worth, residual)


def _timed(act: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        found = act()
        took.append(time.perf_counter() - start)
    return found, median(took)
