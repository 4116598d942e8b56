"""Manipulation: what erasing a spread would cost whoever wants it erased (THEORY 10)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 60


@dataclass(frozen=True)
class Flip:
    """What erasing a spread takes, credits: put at stake, and lost on average if the prices were right."""

    outlay: float
    expected_loss: float


@dataclass(frozen=True)
class Leg:
    """An option's market: liquidity in credits, prices of outcomes at their centres, and the value to move it from."""

    liquidity: float
    prices: Sequence[float]
    centres: Sequence[int]
    value: float


def move(liquidity: float, p: float, target: float) -> Flip:
    """Moving a price from p to target in an LMSR of two outcomes.

    Up, the outlay is b ln((1-p)/(1-target)); down, b ln(p/target). Whoever believed p loses b KL(p || target) on
    average (THEORY 1 and 10, vector V36).

    >>> round(move(100, 0.5, 0.6).outlay, 2), round(move(100, 0.5, 0.6).expected_loss, 2)
    (22.31, 2.04)
    """
    return move_mean(liquidity, (p, 1 - p), (1, 0), target)


def move_mean(liquidity: float, prices: Sequence[float], centres: Sequence[float], target: float) -> Flip:
    """Moving the expected value at these prices to the target, by the nearest belief with it: p_i e^(t c_i), normalised.

    Up, shares in proportion to c_i - low are bought, for b ln sum p_i e^(t (c_i - low)); down, in proportion to
    high - c_i. Whoever believed the prices loses b KL(p || p') on average. A target at the ends of the range, or
    beyond, counts as a millionth of the range inside it.
    """
    low, high = min(centres), max(centres)
    levels = [(centre - low) / (high - low) for centre in centres]
    wanted = min(max((target - low) / (high - low), 1e-6), 1 - 1e-6)
    tilt = _tilt(prices, levels, wanted)
    masses = [p * math.exp(tilt * level) for p, level in zip(prices, levels, strict=True)]
    growth = math.log(math.fsum(masses))
    after = [mass / math.fsum(masses) for mass in masses]
    loss = math.fsum(p * math.log(p / q) for p, q in zip(prices, after, strict=True))
    return Flip(liquidity * (growth - min(tilt, 0.0)), liquidity * loss)


def flip(leader: Leg, follower: Leg) -> tuple[Flip, Flip]:
    """Erasing the gap between two options by moving both to the middle of their values: what each of the two takes."""
    middle = (leader.value + follower.value) / 2
    down, up = (move_mean(leg.liquidity, _at(leg), leg.centres, middle) for leg in (leader, follower))
    return down, up


def _at(leg: Leg) -> list[float]:
    """The leg's prices, tilted to the value that it is to be moved from."""
    low, high = min(leg.centres), max(leg.centres)
    levels = [(centre - low) / (high - low) for centre in leg.centres]
    tilt = _tilt(leg.prices, levels, (leg.value - low) / (high - low))
    masses = [p * math.exp(tilt * level) for p, level in zip(leg.prices, levels, strict=True)]
    return [mass / math.fsum(masses) for mass in masses]


def _tilt(prices: Sequence[float], levels: Sequence[float], target: float) -> float:
    """The t at which prices p_i e^(t v_i) have the mean level ``target``, by bisection."""
    low, high = -60.0, 60.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        masses = [p * math.exp(middle * level) for p, level in zip(prices, levels, strict=True)]
        mean = math.fsum(m * v for m, v in zip(masses, levels, strict=True)) / math.fsum(masses)
        low, high = (middle, high) if mean < target else (low, middle)
    return (low + high) / 2
