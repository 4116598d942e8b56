"""Fragility: what a price would be without any one of its traders, and how many traders it really has (THEORY 11).

A price has no sampling distribution, so nothing here is a confidence interval. Without a trader means: had that person
given back to the maker all that they hold, at the liquidity of now.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def without_each(
    liquidity: float, prices: Sequence[float], centres: Sequence[float], held: ArrayLike
) -> Numbers:
    """The expected value without each trader: at prices p_i e^(-x_i / b), normalised.

    Parameters
    ----------
    liquidity
        b, in the unit of the shares.
    prices
        Of the outcomes.
    centres
        Values of the metric at which the outcomes pay 1; the result has their unit.
    held
        Shares, a row a trader and a column an outcome.

    Notes
    -----
    Exact in an LMSR, since it does not care in which order shares were bought: with two outcomes,
    logit p_-j = logit p - x_j / b for a net holding x_j. Source: THEORY 11; vector V39.

    Examples
    --------
    >>> without_each(100, [0.5, 0.5], [1, 0], [[0, 0], [7, 7]])
    array([0.5, 0.5])

    """
    logs = np.log(np.asarray(prices)) - np.asarray(held, dtype=float) / liquidity
    masses = np.exp(logs - logs.max(axis=1, keepdims=True))
    found: Numbers = masses @ np.asarray(centres, dtype=float) / masses.sum(axis=1)
    return found


def jackknife(values: ArrayLike, whole: float) -> float:
    """The leave-one-out standard error: sqrt((J - 1) / J sum (v_j - mean)^2), for J values without one trader each.

    Of a single trader the formula makes 0, as if nothing hung on them, when everything does: then it is all that they
    moved, |v - whole|, and for nobody it is 0.

    Notes
    -----
    Too wide by about (b + G) / b, because the others would trade again: it measures fragility. Source: THEORY 11;
    vector V39.

    Examples
    --------
    >>> round(jackknife([1.0, 2.0, 3.0], 2.0), 4), jackknife([1.0], 4.0)
    (1.1547, 3.0)

    """
    found = np.asarray(values, dtype=float)
    if len(found) < 2:
        return float(np.abs(found - whole).sum())
    return math.sqrt((len(found) - 1) / len(found) * float(np.square(found - found.mean()).sum()))


def widths(held: ArrayLike) -> Numbers:
    """How much each trader bets: the most less the fewest shares over the outcomes, a row a trader.

    >>> widths([[40, 0], [5, 15]])
    array([40., 10.])
    """
    found: Numbers = np.ptp(np.asarray(held, dtype=float), axis=1)
    return found


def effective(weights: ArrayLike) -> float:
    """The effective number of traders: 1 / sum share^2, which is J if all of J weigh the same. Of no weight at all, 0.

    Source: THEORY 11 (the inverse of Herfindahl's index); vector V39.

    >>> round(effective([40, 10, 25, 5, 30]), 2)
    3.72
    """
    found = np.asarray(weights, dtype=float)
    return float(found.sum() ** 2 / np.square(found).sum()) if found.any() else 0.0


def top_share(weights: ArrayLike) -> float:
    """The share of the one who weighs most.

    >>> round(top_share([40, 10, 25, 5, 30]), 3)
    0.364
    """
    found = np.asarray(weights, dtype=float)
    return float(found.max() / found.sum()) if found.any() else 0.0


def optimism(options: int) -> float:
    """c_k: by how many noise sds the best of k equally good, equally noisy numbers is overstated (the optimiser's curse).

    The mean of the largest of k standard normals: the integral of k x phi(x) Phi(x)^(k - 1), by the trapezoid rule on a
    grid on which it is exact to twelve digits.

    Notes
    -----
    Source: Smith and Winkler (2006), THEORY 7; vector V48.

    Examples
    --------
    >>> round(optimism(2), 3), round(optimism(3), 3), round(optimism(5), 3)
    (0.564, 0.846, 1.163)

    """
    grid = np.linspace(-12, 12, 4801)
    density = np.exp(-grid * grid / 2) / math.sqrt(2 * math.pi)
    below = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in grid])
    return float(np.trapezoid(options * grid * density * below ** (options - 1), grid))
