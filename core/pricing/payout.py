"""Payout vectors: what one share of each outcome pays, as integers over a common denominator."""

from collections.abc import Sequence

Vector = tuple[tuple[int, ...], int]  # Numerators per outcome, which sum to the common denominator, and that.


def scalar(value: int, low: int, high: int) -> Vector:
    """Numerators of (LONG, SHORT) and the denominator, for a metric clipped to [low, high] (THEORY 4).

    A binary question is the scalar on [0, 1].

    >>> scalar(120, 50, 150)
    ((70, 30), 100)
    >>> scalar(7, 10, 20)
    ((0, 10), 10)
    """
    clipped = min(max(value, low), high)
    return (clipped - low, high - clipped), high - low


def pays(shares: Sequence[int], vector: Vector) -> int:
    """What so many micro-shares of each outcome pay, rounded down for each of them.

    >>> pays([10, 5], ((70, 30), 100))
    8
    """
    numerators, denominator = vector
    return sum(held * part // denominator for held, part in zip(shares, numerators, strict=True))


def expected(price: float, low: int, high: int) -> float:
    """The clipped metric's expected value at a price of LONG, in the metric's own (micro) unit."""
    return low + price * (high - low)


def price_of(value: float, low: int, high: int) -> float:
    """The price of LONG at which the metric is expected to be ``value``."""
    return (value - low) / (high - low)
