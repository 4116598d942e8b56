"""Incentives: what a report to a decision market earns, under rules that choose by price or by lot (THEORY 4 and 6)."""

import math
from collections.abc import Sequence

import numpy as np

NODES = 400


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


def scalar_reward(sd: float) -> float:
    """What a scalar market offers for full information, in b: E[KL(y || 1/2)] for y ~ Normal(1/2, sd), clipped to [0, 1].

    About sd^2 / (2 p (1 - p)), where a market of yes or no offers ln 2.

    Parameters
    ----------
    sd
        Of the metric, as a part of its range, above 0.

    Notes
    -----
    By Gauss-Legendre quadrature; what lies beyond an end counts at the end. Source: THEORY 4; vector V49.

    Examples
    --------
    >>> round(scalar_reward(0.1), 4)
    0.0204

    """
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    y = (nodes + 1) / 2
    density = np.exp(-(((y - 0.5) / sd) ** 2) / 2) / (sd * math.sqrt(2 * math.pi))
    divergence = y * np.log(2 * y) + (1 - y) * np.log(2 * (1 - y))
    beyond = math.erfc(0.5 / sd / math.sqrt(2))
    return float(np.sum(shares * density * divergence) / 2) + beyond * math.log(2)


def information_worth(sd: float, gap: float, nats: float) -> float:
    """EVSI of a decision between two options: s_I phi(D / s_I) - |D| Phi(-|D| / s_I), s_I = s sqrt(1 - e^(-2 I)).

    Parameters
    ----------
    sd
        s: how uncertain the gap between the options is.
    gap
        D: their gap as it is expected now, in the same unit, which is also the result's.
    nats
        I, above 0: information about the gap.

    Notes
    -----
    Source: THEORY 8; vector V33.

    Examples
    --------
    >>> round(information_worth(1, 0.5, 0.2), 4)
    0.0608

    """
    learnt = sd * math.sqrt(-math.expm1(-2 * nats))
    z = abs(gap) / learnt
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return learnt * density - abs(gap) * math.erfc(z / math.sqrt(2)) / 2
