"""Resolution: what differences a market can show at all, and how far traders' capital and its maker pull its price."""

import math
from collections.abc import Sequence

STEPS = 60
TILT_MOST = 60.0


def band(liquidity: float, prices: Sequence[float], centres: Sequence[float], cost: float) -> float:
    """The inattention band d: how far the expected value can be off before correcting it pays for the attention.

    The d at which b KL(p || p') = c, where p' are the prices tilted to an expected value that is d away; of the two
    directions the wider. With two outcomes about sqrt(2 p (1 - p) c / b) of the range.

    Parameters
    ----------
    liquidity
        b in credits.
    prices
        Of the outcomes.
    centres
        Values of the metric at which the outcomes pay 1; d has their unit.
    cost
        c in credits: what looking costs, over the chance that the market settles, since only then it earns anything.

    Notes
    -----
    Source: THEORY 8 and 11; vector V37.

    Examples
    --------
    >>> round(band(100, [0.5, 0.5], [1, 0], 5), 4)
    0.1542

    """
    low, high = min(centres), max(centres)
    levels = [(centre - low) / (high - low) for centre in centres]
    return (high - low) * max(_shift(prices, levels, cost / liquidity, sign) for sign in (1, -1))


def reach(liquidity: float, price: float, capital: float) -> float:
    """How far up so much capital moves a price: 1 - (1 - p) e^(-M / b). Source: THEORY 8; vector V50.

    >>> round(reach(100, 0.5, 80), 4)
    0.7753
    """
    return 1 - (1 - price) * math.exp(-capital / liquidity)


def capital_to(liquidity: float, price: float, target: float) -> float:
    """The capital M, credits, that moves a price up to the target: b ln((1 - p) / (1 - q)). Source: THEORY 8; vector V50.

    >>> round(capital_to(100, 0.5, 0.9), 2)
    160.94
    """
    return liquidity * math.log((1 - price) / (1 - target))


def maker_weight(liquidity: float, tolerances: Sequence[float]) -> float:
    """How much the opening price still weighs once everybody traded: b / (b + sum t_j). Source: THEORY 1; vector V38.

    >>> maker_weight(100, [60, 90])
    0.4
    """
    return liquidity / (liquidity + math.fsum(tolerances))


def settled_price(
    liquidity: float, opening: float, tolerances: Sequence[float], beliefs: Sequence[float]
) -> float:
    """Where traders of exponential utility leave a price: its logit is a mean of theirs and of the opening's.

    logit p = (b logit p0 + sum t_j logit q_j) / (b + sum t_j).

    Parameters
    ----------
    liquidity
        b in credits.
    opening
        p0, strictly between 0 and 1.
    tolerances
        t_j, credits, a risk tolerance a trader.
    beliefs
        q_j, strictly between 0 and 1.

    Notes
    -----
    Source: THEORY 1, after Chen and Pennock; vector V38.

    Examples
    --------
    >>> round(settled_price(100, 0.5, [100], [0.9]), 2)
    0.75

    """
    pull = math.fsum(t * _logit(q) for t, q in zip(tolerances, beliefs, strict=True))
    logit = (liquidity * _logit(opening) + pull) / (liquidity + math.fsum(tolerances))
    return 1 / (1 + math.exp(-logit))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _shift(prices: Sequence[float], levels: Sequence[float], nats: float, sign: int) -> float:
    """How far the mean level moves that way at a divergence of so many nats; all the way if none is so far."""
    start = math.fsum(p * level for p, level in zip(prices, levels, strict=True))
    low, high = 0.0, TILT_MOST
    for _ in range(STEPS):
        tilt = sign * (low + high) / 2
        growth = math.log(_mass(prices, levels, tilt))
        low, high = ((low + high) / 2, high) if growth - tilt * start < nats else (low, (low + high) / 2)
    tilted = [p * math.exp(sign * low * level) for p, level in zip(prices, levels, strict=True)]
    mean = math.fsum(m * level for m, level in zip(tilted, levels, strict=True)) / math.fsum(tilted)
    return abs(mean - start)


def _mass(prices: Sequence[float], levels: Sequence[float], tilt: float) -> float:
    return math.fsum(p * math.exp(tilt * level) for p, level in zip(prices, levels, strict=True))
