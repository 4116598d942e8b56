"""What a subsidy bought: how much likelier prices made what happened, in bits, and what the maker paid for that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Purchase:
    """What the maker paid for how many bits; below zero, prices went away from what happened, or the maker gained."""

    paid: float
    bits: float

    @property
    def credits_per_bit(self) -> float | None:
        """Nothing where nothing was bought, or nothing was paid for it."""
        return self.paid / self.bits if self.paid > 0 and self.bits > 0 else None


def bits(before: Sequence[float], after: Sequence[float], payout: Sequence[float]) -> float:
    """The log-score gain of later prices over earlier ones, in bits: sum_i y_i log2(q_i / p_i).

    Parameters
    ----------
    before, after
        p and q, prices of all outcomes, each above zero.
    payout
        y, what a share of each outcome paid; they sum to 1.

    Notes
    -----
    A maker of liquidity b that was never deepened loses b ln 2 credits a bit (THEORY 1, vector V10); one bit makes
    what happened twice as likely as before.

    >>> round(bits((0.2, 0.3, 0.5), (0.35, 0.4, 0.25), (0, 1, 0)), 6)
    0.415037

    """
    return math.fsum(y * math.log2(q / p) for p, q, y in zip(before, after, payout, strict=True) if y)
