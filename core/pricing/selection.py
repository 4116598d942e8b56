"""How far a spread can be trusted: what it would cost to erase it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Flip:
    """What erasing a spread takes, credits: put at stake, and lost on average if the prices were right."""

    outlay: float
    expected_loss: float


def move(liquidity: float, p: float, target: float) -> Flip:
    """Moving a price from p to target in an LMSR.

    Up, the outlay is b ln((1-p)/(1-target)); down, b ln(p/target). Whoever believed p loses b KL(p || target) on
    average (THEORY 1 and 10, vector V36).

    >>> round(move(100, 0.5, 0.6).outlay, 2), round(move(100, 0.5, 0.6).expected_loss, 2)
    (22.31, 2.04)
    """
    up, down = math.log((1 - p) / (1 - target)), math.log(p / target)
    return Flip(liquidity * max(up, down), liquidity * (p * down + (1 - p) * up))


def flip(leader: tuple[float, float], follower: tuple[float, float]) -> Flip:
    """Erasing the gap between two options, each (liquidity, price of LONG), by moving both to their middle."""
    middle = (leader[1] + follower[1]) / 2
    down, up = move(*leader, middle), move(*follower, middle)
    return Flip(down.outlay + up.outlay, down.expected_loss + up.expected_loss)
