"""Reserves by decision value: what a part of a gap's variance is worth to each decision, and where the last credit buys most."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.pricing import evsi
from core.pricing.allocation import Allocation, Problem, Why, allocate
from core.pricing.evsi import Numbers

HALF = 0.5
ROUNDS = 6
CLOSE = 1e-3
NEAR = 1e-9
PART_LEAST = 1e-4  # Where next to nothing is known, the next credit of an even call would be worth any price.
OUT = (Why.BELOW, Why.NOTHING)


def by_value(problem: Problem, stake: Numbers, gap: Numbers, sd: Numbers) -> Allocation:
    r"""The allocation that makes sum over groups of stake x EVSI largest, where a group is worth funding at all.

    The markets of a group tell equal parts of the gap between its options: of n markets of which each has learned the
    part I_j / H_j of what it can, the gap's variance is known to the part phi = sum_j (I_j / H_j) / n, and
    s_I = s sqrt(phi), as I = -ln(1 - phi) / 2 nats say it. Who is funded is found with each group's mean value up to
    where it is steepest, I* (THEORY 8), or up to half of the variance where that is more, since of an even call the very
    first information would be worth any price. How much they get then follows the marginal value where they stand.

    Parameters
    ----------
    problem
        Its ``value`` is not looked at, and its ``least`` is raised to what I* nats are worth.
    stake
        Of each group, credits for a whole unit of the gap.
    gap, sd
        D and s of each group.

    Notes
    -----
    By a few rounds of P3, each valued at the margin of the one before. Source: THEORY 8.

    Examples
    --------
    >>> one = np.ones(2)
    >>> of = Problem(one, 0.6 * one, 30 * one, 0.7 * one, np.array([0, 1]), budget=100)
    >>> by_value(of, np.array([1000.0, 100]), 0 * one, one).reserves.round()
    array([83., 17.])

    """
    whole = problem.whole()
    worth, least = mean_value(stake, gap, sd)
    found = allocate(_valued(replace(whole, least=np.maximum(whole.least, worth * least)), worth))
    return _at_the_margin(whole, found, worth, lambda part: stake * evsi.slope(gap, sd, part))


def mean_value(stake: Numbers, gap: Numbers, sd: Numbers) -> tuple[Numbers, Numbers]:
    """What all of a gap's variance is worth at the rate of the part that is learned first, and the least part of use."""
    nats, _ = evsi.steepest(gap, sd)
    least = -np.expm1(-2 * nats)
    part = np.clip(least, HALF, 1 - NEAR)
    worth: Numbers = stake * evsi.evsi(gap, sd, -np.log1p(-part) / 2) / part
    return worth, least


def learned(problem: Problem, reserves: Numbers) -> Numbers:
    """The part of each group's gap that is known at these reserves."""
    depth = problem.liquidity_at(reserves)
    return problem.sum(depth / (depth + problem.cost)) / problem.sum(np.ones(len(problem.group)))


def _at_the_margin(
    problem: Problem, first: Allocation, worth: Numbers, slope: Callable[[Numbers], Numbers]
) -> Allocation:
    """Among those that are funded, the allocation whose margins are those that it was found with."""
    is_in = np.array([each not in OUT for each in first.why], dtype=bool)
    low = np.where(is_in, np.maximum(problem.held, first.needed), problem.held)
    most = np.where(is_in, problem.most, low)
    funded = replace(problem, held=low, most=most, least=np.zeros(problem.groups))
    found, worth = first, np.where(is_in, worth, 0.0)
    for _ in range(ROUNDS):
        part = np.maximum(learned(funded, found.reserves), PART_LEAST)
        worth = np.sqrt(worth * slope(part))
        after = allocate(_valued(funded, worth))
        moved = np.max(np.abs(after.reserves - found.reserves) / np.maximum(found.reserves, 1.0))
        found = after
        if moved < CLOSE:
            break
    raised = low > problem.held * (1 + NEAR)
    why = tuple(_why(*each) for each in zip(first.why, found.why, raised, strict=True))
    return replace(found, why=why, needed=first.needed)


def _valued(problem: Problem, worth: Numbers) -> Problem:
    """With what a nat of each market is worth, if all of its group's gap is worth so much."""
    each = (worth / problem.sum(np.ones(len(problem.group))))[problem.group]
    return replace(problem, value=each / problem.learnable)


def _why(first: Why, then: Why, is_raised: bool) -> Why:
    """Why it gets it in the end; what stays at the reserve that it needs at least was raised to it."""
    if first in OUT:
        return first
    return Why.LEAST if then is Why.HELD and is_raised else then
