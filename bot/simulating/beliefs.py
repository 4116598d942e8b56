"""What a trader of exponential utility does about a price: where to, and what that is worth (THEORY 1).

The maker is an LMSR of two outcomes with liquidity b; ``held`` are shares of the first outcome less those of the second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

STEPS = 30
EDGE = 1e-4  # No trade pushes a price further (DESIGN 5).
RATE = 0.2  # A year, of what traders could make of credits that are not locked.


@dataclass(frozen=True, eq=False)
class Markets:
    """Many markets side by side: price of the first outcome, liquidity, and whether they are on a yes or no."""

    price: Numbers
    liquidity: Numbers
    is_yes_no: NDArray[np.bool_]
    years: Numbers


def best(
    markets: Markets, belief: Numbers, variance: Numbers, tolerance: float, held: ArrayLike
) -> tuple[Numbers, Numbers]:
    """The price that the trader would leave in each market, and the gain in certain credits by going there.

    Of a yes or no a trader with tolerance t goes to logit p' = logit p + (logit q - held/t - logit p) / (1 + b/t), in closed
    form; of a number believed Normal(q, variance) to where q - variance (held + x) / t = p', found by bisection. What
    is bought is worth less by the time that it is locked, so that there is a band of prices which are left alone.
    Several beliefs a market stand in axes before that of the markets.

    >>> one = Markets(np.array([0.5]), np.array([100.0]), np.array([True]), np.zeros(1))
    >>> price, gain = best(one, np.array([0.9]), np.zeros(1), 100.0, 0.0)
    >>> round(float(price[0]), 4), round(float(gain[0]), 2)
    (0.75, 22.31)
    """
    kept = np.exp(-RATE * markets.years)
    low, high = belief * kept, 1 - (1 - belief) * kept
    seen = np.clip(np.where(markets.price < low, low, high), EDGE, 1 - EDGE)
    is_left = (markets.price >= low) & (markets.price <= high)
    start, width = _logit(markets.price), markets.liquidity
    of_yes_no = start + (_logit(seen) - np.asarray(held) / tolerance - start) / (1 + width / tolerance)
    of_number = _of_number(start, width, seen, variance / tolerance, np.asarray(held))
    end = np.where(markets.is_yes_no, of_yes_no, of_number)
    end = np.where(is_left, start, np.clip(end, _logit(EDGE), _logit(1 - EDGE)))
    bought, cost = width * (end - start), width * (np.logaddexp(0, end) - np.logaddexp(0, start))
    certain = _yes_no_gain(seen, tolerance, np.asarray(held), bought, cost)
    normal = seen * bought - variance / tolerance / 2 * bought * (bought + 2 * np.asarray(held)) - cost
    gain: Numbers = np.where(markets.is_yes_no, certain, normal)
    return 1 / (1 + np.exp(-end)), gain


def _of_number(start: Numbers, width: Numbers, seen: Numbers, aversion: Numbers, held: Numbers) -> Numbers:
    """The logit at which another share is worth its price and no more."""
    low = np.full(np.broadcast_shapes(start.shape, seen.shape), _logit(EDGE))
    high = -low
    for _ in range(STEPS):
        middle = (low + high) / 2
        is_worth_more = seen - aversion * (held + width * (middle - start)) > 1 / (1 + np.exp(-middle))
        low, high = np.where(is_worth_more, middle, low), np.where(is_worth_more, high, middle)
    found: Numbers = (low + high) / 2
    return found


def _yes_no_gain(q: Numbers, tolerance: float, held: Numbers, bought: Numbers, cost: Numbers) -> Numbers:
    """The certain credits that are worth as much as the trade: -t ln E[e^(-W/t)], after less before."""
    if_yes, if_no = np.log(q), np.log1p(-q)
    after = np.logaddexp(if_yes - (held + bought - cost) / tolerance, if_no + cost / tolerance)
    found: Numbers = tolerance * (np.logaddexp(if_yes - held / tolerance, if_no) - after)
    return found


def _logit(p: ArrayLike) -> Numbers:
    found: Numbers = np.log(p) - np.log1p(-np.asarray(p))
    return found
