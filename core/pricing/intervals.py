"""Intervals of means, where the sample is all that is known."""

import math


def of_mean(count: int, mean: float, sd: float, confidence: float = 0.95) -> tuple[float, float] | None:
    """Student's interval of a mean: mean -+ t_(n-1) sd / sqrt(n); nothing of fewer than two values (THEORY 12).

    Parameters
    ----------
    count, mean, sd
        n values that are independent of each other, their mean, and their sd with n - 1 below it, in one unit.
    confidence
        The part of all samples in which such an interval holds the mean that is looked for.

    >>> low, high = of_mean(10, 0.4, 2.0)
    >>> round(low, 3), round(high, 3)
    (-1.031, 1.831)

    """
    if count < 2:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 - it takes a while, and few ask

    half = float(stdtrit(count - 1, (1 + confidence) / 2)) * sd / math.sqrt(count)
    return mean - half, mean + half
