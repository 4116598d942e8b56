"""Fund or skip: which groups get anything at all, how much all of them get, and the proof that it is the best (THEORY 8)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.pricing.clearing import Cleared, Ends, Prices, clear, marginal, spend_rate
from core.pricing.problem import Allocation, Numbers, Problem, Why

Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

HALVINGS = 70
NEAR = 1e-9
TINY = float(np.finfo(float).tiny)
UNLIMITED = 1e15  # A reserve beyond which nothing is asked, so that whatever costs nothing stays a number.


def allocate(problem: Problem) -> Allocation:
    """The reserve of each group that is worth most within the budgets.

    A group that has less than it needs for being worth anything gets at least that, or nothing more: those of which a
    credit at their least is worth most come first, as many as pay for themselves at the prices that follow.

    Notes
    -----
    The conditions of Karush, Kuhn and Tucker hold between the groups that are funded (``kkt``). Source: THEORY 8, P1 to
    P3, both budgets at once; vector V32.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = np.ones(2)
    >>> of = Problem(40 * one, 0.6 * one, 30 * one, 0.7 * one, np.array([0, 1]), budget=100, least=15 * one)
    >>> allocate(of).reserves
    array([50., 50.])
    >>> [each.value for each in allocate(replace(of, budget=70, least=18 * one)).why]
    ['funded', 'below']

    """
    whole = problem.whole()
    needed = least_reserves(whole)
    active = _chosen(whole, needed)
    found = clear(whole, _ends(whole, needed, active))
    why = _reasons(whole, needed, active, found)
    return Allocation(found.reserves, found.prices.reserve, found.prices.spend, why, needed)


@dataclass(frozen=True)
class Residuals:
    """How far an allocation is from the conditions of Karush, Kuhn and Tucker: 0 where they hold; in parts.

    ``stationary``: marginal value is the price where a group is free, no higher at its least and no lower at its most.
    ``feasible``: no budget and no bound is exceeded. ``complementary``: a budget that has a price is used up.
    """

    stationary: float
    feasible: float
    complementary: float

    @property
    def largest(self) -> float:
        return max(self.stationary, self.feasible, self.complementary)


def kkt(problem: Problem, found: Allocation) -> Residuals:
    """Whether an allocation is the best there is among the groups that it funds.

    Where what is held already overdraws a budget, that is the one that adds nothing: expected loss grows from zero with
    no slope, so no price of it would keep a group without reserve from asking for some.
    """
    whole = problem.whole()
    is_in = np.array([each not in _OUT for each in found.why], dtype=bool)
    ends, reserves = _ends(whole, found.needed, is_in | (found.needed <= whole.held)), found.reserves
    if _is_overdrawn(whole, ends.low):
        ends = Ends(ends.low, ends.low)
    outside = np.maximum(ends.low - reserves, reserves - ends.high) / np.maximum(reserves, 1)
    uses = [
        _use(found.reserve_price, reserves, ends.low, whole.budget),
        _use(found.spend_price, whole.spend_at(reserves), whole.spend_at(ends.low), whole.spend),
    ]
    over, left = zip(*uses, strict=True)
    return Residuals(
        stationary=_off_price(whole, ends, found),
        feasible=max(float(outside.max(initial=0.0)), *over),
        complementary=max(left),
    )


def _is_overdrawn(problem: Problem, least: Numbers) -> bool:
    spends, reserves = float(problem.spend_at(least).sum()), float(least.sum())
    return spends >= problem.spend or reserves >= problem.budget


def _use(price: float, used: Numbers, least: Numbers, budget: float) -> tuple[float, float]:
    """By how much a budget is exceeded, and what is left of one that has a price; in parts."""
    part = float(used.sum()) / max(budget, float(least.sum()), TINY)
    return max(0.0, part - 1), max(0.0, 1 - part) if price > 0 else 0.0


def _off_price(problem: Problem, ends: Ends, found: Allocation) -> float:
    """How far what a group's last credit buys is from what it costs, where that is no end of what it may get."""
    paid = found.reserve_price + spend_rate(problem, found.spend_price)
    off = marginal(problem, found.reserves, found.spend_price) / np.maximum(paid, TINY) - 1
    off = np.where(found.reserves >= ends.high * (1 - NEAR), np.minimum(off, 0), off)
    off = np.where(found.reserves <= ends.low * (1 + NEAR), np.maximum(off, 0), off)
    off = np.where(ends.high <= ends.low * (1 + NEAR), 0, off)
    return float(np.abs(off).max(initial=0.0))


_OUT = (Why.BELOW, Why.NOTHING)


def _ends(problem: Problem, needed: Numbers, active: Truths) -> Ends:
    low = np.where(active, np.maximum(problem.held, needed), problem.held)
    high = np.where(active, np.minimum(problem.most, UNLIMITED), problem.held)
    return Ends(low, np.maximum(high, low))


def least_reserves(problem: Problem) -> Numbers:
    """The reserve at which each group is worth its least; infinite where the most that it may get is not enough."""
    most = np.maximum(np.minimum(problem.most, UNLIMITED), problem.held)
    low, high = np.full(problem.groups, np.log(NEAR)), np.log(np.maximum(most - problem.held, NEAR))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_short = problem.value_at(problem.held + np.exp(middle)) < problem.least
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    found = np.where(problem.value_at(most) < problem.least, np.inf, problem.held + np.exp(high))
    return np.where(problem.value_at(problem.held) >= problem.least, problem.held, found)


def _chosen(problem: Problem, needed: Numbers) -> Truths:
    """Which groups are funded: all that hold what they need, and the best of the others, as long as they pay."""
    worth = problem.sum(problem.value * problem.learnable) > 0
    active = worth & (needed <= problem.held)
    open_ = worth & ~active & np.isfinite(needed)
    while (fits := _fitting(problem, needed, active, open_)).any():
        ranked, start = _ranked(problem, needed, active, fits)
        number = _paying(problem, needed, active, ranked, start)
        if number == 0:
            break
        active[ranked[:number]] = True
        open_ &= ~active
    return active


def _fitting(problem: Problem, needed: Numbers, active: Truths, open_: Truths) -> Truths:
    """Which of the open groups still fit into the budgets, each alone, if they get their least."""
    low = _ends(problem, needed, active).low
    raised = np.where(open_, needed, low)
    before = problem.spend_at(low)
    is_backed = raised - low <= problem.budget - low.sum()
    fits: Truths = open_ & is_backed & (problem.spend_at(raised) - before <= problem.spend - before.sum())
    return fits


def _ranked(problem: Problem, needed: Numbers, active: Truths, fits: Truths) -> tuple[Places, float]:
    """Groups by what a credit buys if they get their least, the best first, at the prices at which any may get a little."""
    ends = _ends(problem, needed, active)
    high = np.where(fits, np.minimum(problem.most, UNLIMITED), ends.high)
    prices = clear(problem, Ends(ends.low, high)).prices
    gains, paid = _net(problem, ends.low, np.where(fits, needed, ends.low), prices)
    places = np.nonzero(fits)[0]
    return places[np.argsort(-(gains / np.maximum(paid, NEAR))[places], kind="stable")], prices.spend


def _net(problem: Problem, before: Numbers, after: Numbers, prices: Prices) -> tuple[Numbers, Numbers]:
    """What each group gains from one reserve to another, and what that costs at these prices."""
    gains = problem.value_at(after) - problem.value_at(before)
    loses = problem.spend_at(after) - problem.spend_at(before)
    return gains, prices.reserve * (after - before) + prices.spend * loses


def _paying(problem: Problem, needed: Numbers, active: Truths, ranked: Places, start: float) -> int:
    """How many of the ranked groups can be funded such that the last of them still pays for itself."""
    low, high = 0, len(ranked)
    while low < high:
        middle = (low + high + 1) // 2
        if _pays(problem, needed, active, ranked[:middle], start):
            low = middle
        else:
            high = middle - 1
    return low


def _pays(problem: Problem, needed: Numbers, active: Truths, added: Places, start: float) -> bool:
    """Whether these groups fit together, and the last of them buys more than it costs at the prices that follow."""
    with_them = active.copy()
    with_them[added] = True
    ends = _ends(problem, needed, with_them)
    if ends.low.sum() > problem.budget or problem.spend_at(ends.low).sum() > problem.spend:
        return False
    found = clear(problem, ends, start)
    gains, paid = _net(problem, problem.held, found.reserves, found.prices)
    return bool(gains[added[-1]] >= paid[added[-1]])


def _reasons(problem: Problem, needed: Numbers, active: Truths, found: Cleared) -> tuple[Why, ...]:
    worth = problem.sum(problem.value * problem.learnable) > 0
    has_none_more = found.reserves <= problem.held * (1 + NEAR)
    reasons = np.select(
        [
            ~worth,
            ~active | (found.reserves <= 0),
            found.reserves >= problem.most * (1 - NEAR),
            has_none_more,
            found.reserves <= np.maximum(needed, problem.held) * (1 + NEAR),
        ],
        [Why.NOTHING, Why.BELOW, Why.CAPPED, Why.HELD, Why.LEAST],
        Why.FUNDED,
    )
    return tuple(Why(each) for each in reasons)
