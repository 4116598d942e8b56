"""Time-weighted average prices from a running integral: any window costs two seeks."""

from collections.abc import Sequence
from typing import NamedTuple

MILLIONTHS = 1_000_000


class Tick(NamedTuple):
    """Prices from a moment on, and the integral of each over time up to that moment.

    Parameters
    ----------
    at
        Milliseconds since 1970.
    prices
        Millionths, per outcome, in force from ``at`` on.
    integrals
        Millionths times milliseconds, per outcome, from the market's opening up to ``at``.

    """

    at: int
    prices: tuple[int, ...]
    integrals: tuple[int, ...]


def follow(tick: Tick, at: int, prices: Sequence[float]) -> Tick:
    """The tick after this one; time never runs back within a market."""
    at = max(at, tick.at)
    return Tick(at, millionths(prices), integrals(tick, at))


def integrals(tick: Tick, at: int) -> tuple[int, ...]:
    """Each price's integral up to ``at``, which is not before the tick and not after the next one."""
    elapsed = at - tick.at
    return tuple(i + p * elapsed for i, p in zip(tick.integrals, tick.prices, strict=True))


def average(first: Tick, start: int, last: Tick, end: int) -> list[float]:
    """Mean prices over [start, end]; ``first`` and ``last`` are the ticks in force at its two ends.

    A window of no length has the price at its end. Source: THEORY 10; vector V35.

    >>> opening = Tick(0, (500_000, 500_000), (0, 0))
    >>> average(opening, 0, follow(opening, 30, [0.8, 0.2]), 40)[0]
    0.575
    """
    if end <= start:
        return [p / MILLIONTHS for p in last.prices]
    before, after = integrals(first, start), integrals(last, end)
    return [(b - a) / (end - start) / MILLIONTHS for a, b in zip(before, after, strict=True)]


def soonest(distance: float, window: float) -> float:
    """The least time in which the difference of two averages over a window can move so far.

    Each average changes by (price entering - price leaving) / window in a unit of time, that is by at most the range over
    the window; their difference by at most twice that: t >= distance window / 2. Source: the derivative of THEORY 10's
    average; a window that still grows with time only slows it.

    Parameters
    ----------
    distance
        As a part of the range, from 0 to 1.
    window
        The length of the averages, in any unit of time; the result is in the same.

    >>> round(soonest(0.05, 24.0), 9)
    0.6

    """
    return max(0.0, distance) * window / 2


def millionths(prices: Sequence[float]) -> tuple[int, ...]:
    """Prices as whole millionths that sum to a million: what rounding down leaves goes to the largest remainders.

    >>> millionths([1 / 3, 1 / 3, 1 / 3])
    (333334, 333333, 333333)
    """
    whole = [int(p * MILLIONTHS) for p in prices]
    remainders = sorted(range(len(prices)), key=lambda i: whole[i] - prices[i] * MILLIONTHS)
    for i in remainders[: MILLIONTHS - sum(whole)]:
        whole[i] += 1
    return tuple(whole)
