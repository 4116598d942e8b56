"""Scores of forecasts against what happened; lower is better (THEORY 12)."""

from collections.abc import Sequence

import numpy as np


def brier(forecasts: Sequence[float], outcomes: Sequence[float]) -> float:
    """Mean of (p - y)^2, the half form of Brier (1950).

    >>> round(brier([0.7], [1]), 2)
    0.09
    """
    return float(np.mean(np.square(np.subtract(forecasts, outcomes))))


def mean_absolute_error(forecasts: Sequence[float], outcomes: Sequence[float]) -> float:
    """Mean of |p - y|.

    >>> mean_absolute_error([0.75, 0.25], [1, 0])
    0.25
    """
    return float(np.mean(np.abs(np.subtract(forecasts, outcomes))))
