"""Incentives: what a report to a decision market earns, under rules that choose by price or by lot (THEORY 6)."""

import math
from collections.abc import Sequence


def gain(
    liquidity: float,
    prices: Sequence[float],
    targets: Sequence[float],
    beliefs: Sequence[float],
) -> float:
    """What moving prices to targets earns on average: b sum q_i ln(t_i / p_i), credits.

    The truth, t = q, earns b KL(q || p), and nothing earns more. A branch that settles with chance lambda earns lambda
    times this, and as much as any other if its liquidity is b / lambda.

    Parameters
    ----------
    liquidity
        b in credits.
    prices, targets, beliefs
        Probabilities of the outcomes, each summing to 1.

    Notes
    -----
    Source: THEORY 6; vectors V22, V23, V51.

    Examples
    --------
    >>> round(gain(100, [0.3, 0.7], [0.45, 0.55], [0.45, 0.55]), 2)
    4.98
    >>> round(gain(100, [0.3, 0.7], [0.5, 0.5], [0.45, 0.55]), 2)
    4.48

    """
    earned = (q * math.log(t / p) for p, t, q in zip(prices, targets, beliefs, strict=True))
    return liquidity * math.fsum(earned)


def exploration_least(truthful: float, exaggerated: float, options: int = 2) -> float:
    """How often a lottery must decide before the truth earns more than making a worse option the highest.

    Under a rule that takes the highest price but for a lottery of chance eps, and settles on any decision without
    weights, the truth earns only if the option is drawn, (eps / k) truthful; the exaggeration also if it is not,
    (1 - eps + eps / k) exaggerated. They are equal at the eps returned.

    Notes
    -----
    Source: THEORY 6, rule S2; vector V23.

    Examples
    --------
    >>> round(exploration_least(4.982, 4.481), 3)
    0.947

    """
    return exaggerated / (exaggerated + (truthful - exaggerated) / options)
