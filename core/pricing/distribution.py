"""What prices say of a metric, and what prices a stated base rate implies (THEORY 4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from core.pricing import lmsr


@dataclass(frozen=True)
class Histogram:
    """A density that is even within each cell.

    Parameters
    ----------
    edges
        Ends of the cells, ascending: one more than there are cells.
    masses
        The probability of each cell; they sum to 1.

    Examples
    --------
    >>> found = Histogram([0, 10, 20, 40, 80], [0.1, 0.4, 0.35, 0.15])
    >>> found.mean, round(found.sd, 3), round(found.quantile(0.9), 3)
    (26.0, 17.531, 53.333)

    """

    edges: Sequence[float]
    masses: Sequence[float]

    @property
    def mean(self) -> float:
        return math.fsum(mass * (low + high) / 2 for low, high, mass in self._cells)

    @property
    def sd(self) -> float:
        mean = self.mean
        squares = (
            mass * (((low + high) / 2 - mean) ** 2 + (high - low) ** 2 / 12)
            for low, high, mass in self._cells
        )
        return math.sqrt(math.fsum(squares))

    def quantile(self, share: float) -> float:
        """The value below which so much of the probability lies."""
        return float(np.interp(share, [0.0, *accumulate(self.masses)], self.edges))

    @property
    def _cells(self) -> list[tuple[float, float, float]]:
        return [(*ends, mass) for ends, mass in zip(pairwise(self.edges), self.masses, strict=True)]


def of_hats(prices: Sequence[float], centres: Sequence[int]) -> Histogram:
    """What the prices of outcomes at these centres say of the metric's spread: its sd and quantiles, roughly.

    Each cell ends midway between neighbouring centres, the outer ones at the outer centres. The prices up to a centre
    together are the mean of the distribution function over the gap above it, which is taken for its value in the gap's
    middle. So no quantile, and not the sd, is further from the clipped metric's own than one and a half of the widest
    gap; where the density is smooth, the variance is a quarter of the gap squared too large. The mean is not told by
    the histogram but exactly by ``payout.expected``; of two outcomes it is all that prices tell.

    >>> of_hats([0.25, 0.5, 0.25], [0, 20, 10]).edges
    (0, 5.0, 15.0, 20)
    """
    ordered = sorted(zip(centres, prices, strict=True))
    order, masses = zip(*ordered, strict=True)
    middles = ((low + high) / 2 for low, high in pairwise(order))
    return Histogram((order[0], *middles, order[-1]), masses)


def hat_prices(mean: float, sd: float, centres: Sequence[int]) -> list[float]:
    """Opening prices of outcomes at these centres for a metric believed Normal(mean, sd), clipped to the outer centres.

    The price of a hat is what it pays on average: the rise, from one gap to the next, of the mean of the distribution
    function, and that mean is the difference of E[(c - X)+] = sd (z Phi(z) + phi(z)) over the gap. Prices are raised to
    the least that a market may open at, and what that takes is taken from the others in proportion. The sd is above 0.

    >>> [round(price, 4) for price in hat_prices(10, 5, [0, 10, 20])]
    [0.1952, 0.6095, 0.1952]
    """
    order = sorted(centres)
    below = [_mean_below(centre - mean, sd) for centre in order]
    risen = [
        (after - before) / (high - low)
        for (low, high), (before, after) in zip(pairwise(order), pairwise(below), strict=True)
    ]
    prices = _raised([high - low for low, high in pairwise([0.0, *risen, 1.0])])
    return [prices[order.index(centre)] for centre in centres]


def within(low: int, high: int, centres: Sequence[int]) -> tuple[int, ...]:
    """The outcomes that an order "between low and high" buys: those whose centre lies there, both ends included.

    A share of each of them together pays 1 between the outer centres bought; from there to the next centre outside,
    a slope falls from 1 to 0. It may be none of them, or all: then a share of each is a complete set and no bet.

    >>> within(10, 25, [0, 10, 20, 30])
    (1, 2)
    """
    return tuple(number for number, centre in enumerate(centres) if low <= centre <= high)


def _mean_below(distance: float, sd: float) -> float:
    """E[(c - X)+] for a Normal X with this sd whose mean lies so far below c."""
    z = distance / sd
    return sd * (z * math.erfc(-z / math.sqrt(2)) / 2 + math.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def _raised(prices: Sequence[float]) -> list[float]:
    raised: set[int] = set()
    while True:
        rest = math.fsum(price for number, price in enumerate(prices) if number not in raised)
        scale = (1 - lmsr.OPENING_LEAST * len(raised)) / rest
        low = {number for number, price in enumerate(prices) if price * scale < lmsr.OPENING_LEAST}
        if low <= raised:
            break
        raised |= low
    return [lmsr.OPENING_LEAST if number in raised else price * scale for number, price in enumerate(prices)]
