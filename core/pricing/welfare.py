"""Welfare: several metrics weighed into one number by the votes of a committee (DESIGN 6, "Values")."""

from collections.abc import Sequence

import numpy as np


def median_weights(ballots: Sequence[Sequence[float]]) -> tuple[float, ...]:
    r"""The median weight of each metric across ballots.

    .. math:: w_m = \mathrm{median}_j\, w_{jm}

    A median moves only where more than half of the ballots do, so that nobody gains by overstating theirs
    (Black 1948; DESIGN 6).

    Parameters
    ----------
    ballots
        One row a ballot: what one unit of each metric is worth, in units of the stated metric.

    Returns
    -------
    One weight a metric, in units of the stated metric.

    >>> median_weights([[1, 2], [1, -1], [1, 0.5]])
    (1.0, 0.5)

    """
    return tuple(float(each) for each in np.median(np.asarray(ballots, dtype=float), axis=0))


def welfare(weights: Sequence[float], expected: Sequence[Sequence[float]]) -> tuple[float, ...]:
    r"""The welfare of each option: its expected metrics, weighed and added up.

    .. math:: V_a = \sum_m w_m\, E[Y_m \mid a]

    Parameters
    ----------
    weights
        What one unit of each metric is worth, in units of the stated metric.
    expected
        One row an option: the expected value of each metric if that option is chosen, each in its own unit.

    Returns
    -------
    One number an option, in units of the stated metric (DESIGN 6).

    >>> welfare([1, 0.5], [[60, 10], [50, 34]])
    (65.0, 67.0)

    """
    return tuple(float(each) for each in np.asarray(expected, dtype=float) @ np.asarray(weights, dtype=float))


def gap(values: Sequence[float], first: int, second: int) -> float:
    """How far one option's welfare is above another's, in units of the stated metric; negative where it is below.

    >>> gap([65, 67], 1, 0)
    2.0
    """
    return float(values[first] - values[second])


def by_rank(values: Sequence[float]) -> tuple[int, ...]:
    """Indices of the options, the best first; of equal ones, the one that is listed first.

    >>> by_rank([65, 67, 66])
    (1, 2, 0)
    """
    return tuple(sorted(range(len(values)), key=lambda each: -values[each]))
