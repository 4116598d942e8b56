"""Prices over time worked out the long way, from every tick: what the exchange's shortcuts are held against."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from core.pricing.lag import INTERVAL, STEP

MILLIONTHS = 1_000_000

Ticks = Sequence[
    tuple[int, Sequence[int]]
]  # Since when, in milliseconds, and which prices; first, the opening's.


def spans(ticks: Ticks, start: int, end: int) -> Iterator[tuple[Sequence[int], int]]:
    """All prices that there were, each with how many milliseconds of the window it was in force."""
    ends = [at for at, _ in ticks[1:]] + [max(end, ticks[-1][0])]
    for (at, prices), until in zip(ticks, ends, strict=True):
        yield prices, max(0, min(until, end) - max(at, start))


def in_force(ticks: Ticks, at: int) -> Sequence[int]:
    """The prices at a moment; before the opening, those of the opening."""
    return [prices for began, prices in ticks if began <= max(at, ticks[0][0])][-1]


def average(ticks: Ticks, start: int, end: int) -> list[Fraction]:
    """Time-weighted average prices of a window; of one without any time, the prices at its end."""
    found = list(spans(ticks, start, end))
    total = sum(time for _, time in found)
    if not total:
        return [Fraction(price, MILLIONTHS) for price in in_force(ticks, end)]
    sums = [sum(prices[n] * time for prices, time in found) for n in range(len(ticks[0][1]))]
    return [Fraction(each, total * MILLIONTHS) for each in sums]


def average_lagged(ticks: Ticks, level: Callable[[Sequence[int]], int], start: int, end: int) -> Fraction:
    """The same of the lagged level, in millionths: every interval it goes a step toward where the level was until then."""
    opened_at, value, area = ticks[0][0], level(ticks[0][1]), 0
    start, end = max(start, opened_at), max(end, opened_at)
    at = opened_at
    while at < end:
        after = at + INTERVAL
        area += value * max(0, min(after, end) - max(at, start))
        if after <= end:
            until_then = level([prices for began, prices in ticks if began < after][-1])
            value += max(-STEP, min(STEP, until_then - value))
        at = after
    return Fraction(area, end - start) if end > start else Fraction(value)


def quantile(
    ticks: Ticks, level: Callable[[Sequence[int]], int], start: int, end: int, share: Fraction
) -> Fraction:
    """The level at or below which so much of a window's time was spent; midway to the next, if exactly so much was."""
    spent = sorted((level(prices), time) for prices, time in spans(ticks, start, end) if time)
    wanted, passed = share * sum(time for _, time in spent), 0
    for number, (each, time) in enumerate(spent):
        passed += time
        if passed > wanted:
            return Fraction(each)
        if passed == wanted:
            return Fraction(each + spent[min(number + 1, len(spent) - 1)][0], 2)
    raise AssertionError("a window without time")
