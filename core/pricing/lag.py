"""Lagged observations: a value that follows the level in steps, so that a short push hardly moves it (THEORY 10).

At every whole interval after the market's opening the value moves toward the level that was in force until then, by
one step at most. Its integral over time is kept with it, so a lagged average of any window is two seeks, as in twap.
"""

from typing import NamedTuple

from core.pricing.twap import MILLIONTHS

STEP = 10_000  # Millionths: one point,
INTERVAL = 15 * 60 * 1_000  # every quarter of an hour, in milliseconds.


class Observation(NamedTuple):
    """What is observed at a moment.

    Parameters
    ----------
    opened_at
        The market's opening, milliseconds since 1970: intervals are counted from it.
    at
        Milliseconds since 1970.
    level
        Millionths, in force from ``at`` on.
    value
        Millionths, the lagged level at ``at``.
    integral
        Millionths times milliseconds: the value's integral from the opening up to ``at``.

    """

    opened_at: int
    at: int
    level: int
    value: int
    integral: int


def opening(at: int, level: int) -> Observation:
    """The first observation of a market: nothing lags yet."""
    return Observation(at, at, level, level, 0)


def follow(last: Observation, at: int, level: int) -> Observation:
    """The observation after this one, once the level changed; time never runs back within a market."""
    return later(last, max(at, last.at))._replace(level=level)


def later(last: Observation, at: int) -> Observation:
    """The observation at a later moment up to which the level stayed in force, however many intervals lie between.

    A step moves the value from its own moment on, so it adds to the integral its size times the time that is left.

    >>> later(opening(0, 500_000), INTERVAL).value
    500000
    >>> later(follow(opening(0, 500_000), 1, 525_000), 3 * INTERVAL).value
    525000
    """
    next_at = last.opened_at + (_intervals(last, last.at) + 1) * INTERVAL
    steps = _intervals(last, at) - _intervals(last, last.at)
    whole, rest = divmod(abs(last.level - last.value), STEP)
    full = min(steps, whole)
    moved = full * STEP
    area = STEP * (full * (at - next_at) - INTERVAL * (full * (full - 1) // 2))
    if steps > whole:
        moved += rest
        area += rest * (at - next_at - whole * INTERVAL)
    sign = 1 if last.level > last.value else -1
    integral = last.integral + last.value * (at - last.at) + sign * area
    return Observation(last.opened_at, at, last.level, last.value + sign * moved, integral)


def average(first: Observation, start: int, last: Observation, end: int) -> float:
    """Mean of the lagged value over [start, end]; ``first`` and ``last`` are the observations in force at its two ends.

    A window of no length has the value at its end. Source: THEORY 10; vector V35.

    >>> seen = opening(0, 500_000)
    >>> average(seen, 0, follow(seen, 0, 900_000), 2 * INTERVAL)
    0.505
    """
    after = later(last, end)
    if end <= start:
        return after.value / MILLIONTHS
    return (after.integral - later(first, start).integral) / (end - start) / MILLIONTHS


def _intervals(last: Observation, at: int) -> int:
    return (at - last.opened_at) // INTERVAL
