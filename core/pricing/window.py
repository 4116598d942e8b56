"""The usable window of liquidity: below it a market cannot resolve what is asked, above it the opening price rules."""

import math
from collections.abc import Sequence

WEIGHT_MOST = 0.1  # The maker's own weight in the price once everybody has traded.


def least(price: float, difference: float, attention: float, chance: float = 1.0) -> float:
    """The b, credits, from which a mispricing is worth correcting in a market of two outcomes: 2 p (1 - p) c / (h d^2).

    Parameters
    ----------
    price
        p of either outcome.
    difference
        d, in parts of the range.
    attention
        c, credits: what looking costs whoever might correct it.
    chance
        h that the market settles, since only then it earns anything.

    Notes
    -----
    Source: THEORY 8; vector V37.

    Examples
    --------
    >>> round(least(0.5, 0.05, 5)), round(least(0.5, 0.05, 5, 0.05))
    (1000, 20000)

    """
    return 2 * price * (1 - price) * attention / (chance * difference**2)


def least_exact(price: float, difference: float, attention: float, chance: float = 1.0) -> float:
    """The same without the approximation: c / (h KL(p || p + d)), of the two directions the dearer to resolve.

    A direction that leads out of the range asks nothing.

    Notes
    -----
    Source: THEORY 8; vector V37, whose d_exact is the difference that b = 100 resolves.

    Examples
    --------
    >>> round(least_exact(0.5, 0.05, 5))
    995

    """
    ends = [end for end in (price - difference, price + difference) if 0 < end < 1]
    return max((attention / (chance * _divergence(price, end)) for end in ends), default=0.0)


def most(capital: float, price: float, conviction: float) -> float:
    """The b, credits, up to which active traders' capital moves a price to what they are convinced of: M / ln((1-p)/(1-q)).

    Parameters
    ----------
    capital
        M, credits of those who trade there.
    price
        p, from which they move it.
    conviction
        q, to which; above the price.

    Notes
    -----
    Source: THEORY 8; vector V50.

    Examples
    --------
    >>> round(most(500, 0.5, 0.9))
    311

    """
    return capital / math.log((1 - price) / (1 - conviction))


def most_by_weight(tolerances: Sequence[float], weight: float = WEIGHT_MOST) -> float:
    """The b, credits, at which the opening price keeps no more than this weight, b / (b + G) for G = sum t_j.

    The tolerances are the traders' risk tolerances in credits. Source: THEORY 1 and 8.

    >>> round(most_by_weight([600, 300]))
    100
    """
    return math.fsum(tolerances) * weight / (1 - weight)


def _divergence(price: float, other: float) -> float:
    """KL(p || p') of two outcomes, nats."""
    return price * math.log(price / other) + (1 - price) * math.log((1 - price) / (1 - other))
