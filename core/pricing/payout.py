"""Payout vectors: what one share of each outcome pays, as integers over a common denominator.

Each outcome stands at a centre, a value of the metric, and pays like a hat: 1 there, less toward the neighbouring
centres, 0 from them on. So payouts sum to 1, the prices' mean of the centres is the exact expected value of the
metric clipped to the outer centres, and no value near an edge pays suddenly otherwise (THEORY 4). LONG and SHORT on
[low, high] are the two hats at high and low; yes and no are those at 1 and 0.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence

Vector = tuple[tuple[int, ...], int]  # Numerators per outcome, which sum to the common denominator, and that.


def hats(value: int, centres: Sequence[int]) -> Vector:
    """The payout vector of outcomes at these (distinct) centres, for a metric that came to ``value``.

    >>> hats(120, [150, 50])
    ((70, 30), 100)
    >>> hats(17, [0, 10, 20, 30])
    ((0, 3, 7, 0), 10)
    """
    order = sorted(centres)
    clipped = min(max(value, order[0]), order[-1])
    upper = min(bisect_right(order, clipped), len(order) - 1)
    below, above = order[upper - 1], order[upper]
    parts = {below: above - clipped, above: clipped - below}
    return tuple(parts.get(centre, 0) for centre in centres), above - below


def pays(shares: Sequence[int], vector: Vector) -> int:
    """What so many micro-shares of each outcome pay, rounded down for each of them.

    >>> pays([10, 5], ((70, 30), 100))
    8
    """
    numerators, denominator = vector
    return sum(held * part // denominator for held, part in zip(shares, numerators, strict=True))


def expected(prices: Sequence[float], centres: Sequence[int]) -> float:
    """The clipped metric's expected value at these prices, in the metric's own (micro) unit.

    >>> expected([0.37, 0.63], [150, 50])
    87.0
    """
    return math.fsum(p * centre for p, centre in zip(prices, centres, strict=True))


def price_of(value: float, low: int, high: int) -> float:
    """The price of LONG at which the metric is expected to be ``value``."""
    return (value - low) / (high - low)
