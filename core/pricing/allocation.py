"""One budget over many markets: where a credit of reserve, or of expected loss, buys the most value (THEORY 8).

In each market traders learn I(b) = H b / (b + beta) nats for a liquidity of b, a nat is worth v credits, a unit of b
takes c credits of reserve, and on average b I(b) of them are lost. P1 shares out reserve, P2 expected loss, and P3
reserve that several markets have in common, since only one of them will need it. ``allocate`` does all of it at once.
"""

import numpy as np
from numpy.typing import ArrayLike

from core.pricing.clearing import price
from core.pricing.problem import Allocation, Numbers, Problem, Why
from core.pricing.thresholds import Residuals, allocate, kkt

__all__ = [
    "Allocation",
    "Problem",
    "Residuals",
    "Why",
    "allocate",
    "by_reserve",
    "by_reserve_exponential",
    "by_spend",
    "kkt",
    "shared",
]


def by_reserve(
    value: ArrayLike, learnable: ArrayLike, cost: ArrayLike, reserve: ArrayLike, budget: float
) -> tuple[Numbers, float]:
    """P1: liquidity of each market for a budget of reserve, and the budget's price: b = sqrt(v H beta / (mu c)) - beta.

    Markets with v H / (beta c) <= mu get nothing.

    Parameters
    ----------
    value, learnable, cost, reserve
        v credits a nat, H nats, beta credits a nat, and c, of each market.
    budget
        R, credits: sum c b.

    Notes
    -----
    Source: THEORY 8; vector V29.

    Examples
    --------
    >>> ln2 = np.log(2)
    >>> depth, price = by_reserve([40, 10, 3], [0.6, 0.4, 0.5], [30, 20, 60], [ln2, ln2, np.log(10)], 100)
    >>> depth.round(2), round(price, 4)
    (array([115.7 ,  28.57,   0.  ]), 0.0489)

    """
    v, known, beta, c = (np.asarray(each, dtype=float) for each in (value, learnable, cost, reserve))
    worth = v * known / (beta * c)
    order = np.argsort(-worth)
    scale = (budget + np.cumsum((c * beta)[order])) / np.cumsum(np.sqrt(v * known * beta * c)[order])
    last = np.nonzero(worth[order] * scale**2 > 1)[0].max()
    depth = np.maximum(0.0, scale[last] * np.sqrt(v * known * beta / c) - beta)
    return depth, float(scale[last] ** -2)


def by_reserve_exponential(
    value: ArrayLike, learnable: ArrayLike, cost: ArrayLike, reserve: ArrayLike, budget: float
) -> tuple[Numbers, float]:
    """P1 where traders learn I(b) = H (1 - e^(-b / beta)): b = beta max(0, ln(v H / (beta c mu))).

    Parameters
    ----------
    value, learnable, cost, reserve, budget
        As of ``by_reserve``.

    Notes
    -----
    Source: THEORY 8; vector V30.

    Examples
    --------
    >>> ln2 = np.log(2)
    >>> depth, price = by_reserve_exponential([40, 10], [0.6, 0.4], [30, 20], [ln2, ln2], 100)
    >>> depth.round(2), round(price, 4)
    (array([103.2 ,  41.07]), 0.037)

    """
    v, known, beta, c = (np.asarray(each, dtype=float) for each in (value, learnable, cost, reserve))
    logs = np.log(v * known / (beta * c))
    order = np.argsort(-logs)
    weights = (c * beta)[order]
    level = (np.cumsum(weights * logs[order]) - budget) / np.cumsum(weights)
    last = np.nonzero(logs[order] > level)[0].max()
    return beta * np.maximum(0.0, logs - level[last]), float(np.exp(level[last]))


def by_spend(
    value: ArrayLike, learnable: ArrayLike, cost: ArrayLike, spend: float, chance: ArrayLike = 1.0
) -> tuple[Numbers, float]:
    """P2: liquidity of each market for an expected loss of sum h b I(b), and its price: b = beta (sqrt(1 + v/(mu h beta)) - 1).

    Every market gets something, since the first liquidity loses next to nothing.

    Parameters
    ----------
    value, learnable, cost
        As of ``by_reserve``.
    spend
        E, credits.
    chance
        h that each market settles.

    Notes
    -----
    By bisection on mu. Source: THEORY 8; vector V31.

    Examples
    --------
    >>> depth, price = by_spend([40, 10, 3], [0.6, 0.4, 0.5], [30, 20, 60], 20)
    >>> depth.round(2), round(price, 4)
    (array([46.83, 15.13,  5.96]), 0.2399)

    """
    v, known, beta, h = (np.asarray(each, dtype=float) for each in (value, learnable, cost, chance))

    def depth(at: float) -> Numbers:
        found: Numbers = beta * (np.sqrt(1 + v / (at * h * beta)) - 1)
        return found

    def excess(at: float) -> float:
        b = depth(at)
        return float(np.sum(h * b * b * known / (b + beta))) - spend

    found = price(excess, 1.0)
    return depth(found), found


def shared(
    value: ArrayLike,
    learnable: ArrayLike,
    cost: ArrayLike,
    reserve: ArrayLike,
    group: ArrayLike,
    budget: float,
) -> tuple[Numbers, float]:
    """P3: the reserve of each group of markets that have it in common, b_j = R_g / c_j, and the budget's price.

    A reserve is a public good for the branches of a decision, of which only one comes true: what the last credit of it
    buys in all of them together, sum v H beta c / (R_g + c beta)^2, is the same in every group that gets any.

    Parameters
    ----------
    value, learnable, cost, reserve, budget
        As of ``by_reserve``.
    group
        The number of each market's group.

    Notes
    -----
    Source: THEORY 8; vector V32.

    Examples
    --------
    >>> ln2 = np.log(2)
    >>> reserves, price = shared([40, 10, 60], [0.6, 0.4, 0.8], [30, 20, 40], [ln2] * 3, [0, 0, 1], 100)
    >>> reserves.round(2), round(price, 4)
    (array([37.97, 62.03]), 0.1652)

    """
    v, known, beta, c = (np.asarray(each, dtype=float) for each in (value, learnable, cost, reserve))
    found = allocate(Problem(v, known, beta, c, np.asarray(group), budget))
    return found.reserves, found.reserve_price
