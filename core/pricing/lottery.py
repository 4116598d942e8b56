"""A lottery over options whose draw anybody can check: a commitment to a seed, a public beacon, one hash.

Chances are integers: a probability in millionths, and a weight for each option.
"""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

SURE = 1_000_000  # A probability of one, in millionths.
OUTCOMES = 1 << 256  # As many numbers as a SHA-256 can be.


class Lottery(NamedTuple):
    """With ``probability`` (millionths) an option is drawn by its weight; otherwise people decide."""

    probability: int
    weights: tuple[int, ...]

    @property
    def chances(self) -> tuple[Fraction, ...]:
        """The chance of each option to be drawn.

        Notes
        -----
        lambda_a = probability w_a / (10^6 sum(w)), exactly; THEORY 6, S1. No unit.

        Examples
        --------
        >>> Lottery(750_000, (1, 2)).chances
        (Fraction(1, 4), Fraction(1, 2))

        """
        total = SURE * sum(self.weights)
        return tuple(Fraction(self.probability * weight, total) for weight in self.weights)


def commitment(seed: bytes) -> str:
    """What is published before anybody trades: the SHA-256 of the seed, in hexadecimal.

    >>> commitment(bytes.fromhex("11" * 32))[:16]
    '02d449a31fbb267c'
    """
    return hashlib.sha256(seed).hexdigest()


def digest(seed: bytes, beacon: bytes, decision: str) -> str:
    """The number that draws, in hexadecimal.

    Notes
    -----
    U = SHA256(seed | 00 | beacon | 00 | decision id as text); THEORY 6, vector V28. Nobody knows it before the beacon,
    and whoever does not have the seed does not know it before the seed is published.

    Examples
    --------
    >>> digest(bytes.fromhex("11" * 32), bytes.fromhex("ab" * 32), "DEC-1")[:16]
    '2c2ebf17ad3bb908'

    """
    return hashlib.sha256(b"\0".join((seed, beacon, decision.encode()))).hexdigest()


def drawn(of: Lottery, number: str) -> int | None:
    """The index of the option that a digest draws; None where people decide.

    Notes
    -----
    The first a with U 10^6 sum(w) < probability (w_0 + ... + w_a) 2^256. Under equal weights that is
    floor(U 10^6 k / (probability 2^256)), the formula of THEORY 6 (vector V28). Integers only.

    Examples
    --------
    >>> one_in_five = Lottery(200_000, (1, 1))
    >>> drawn(one_in_five, "10" + "0" * 62), drawn(one_in_five, "2c" + "0" * 62), drawn(one_in_five, "34" + "0" * 62)
    (0, 1, None)

    """
    placed = int(number, 16) * SURE * sum(of.weights)
    reached = 0
    for index, weight in enumerate(of.weights):
        reached += weight
        if placed < of.probability * reached * OUTCOMES:
            return index
    return None


def scaled(most: Sequence[int], chances: Sequence[Fraction]) -> list[int]:
    """Liquidity of each option's markets in its lottery branch, given the most that each branch can bear.

    Notes
    -----
    b_a = b0 / lambda_a with the largest b0 that no branch's most is passed by, rounded down; units as given. What a
    maker pays on average is then b0 KL(q || p0), as one with b0 would that always counts (THEORY 6 S1, vector V51).

    Examples
    --------
    >>> scaled([400, 400], [Fraction(1, 4), Fraction(1, 2)])
    [400, 200]

    """
    base = min(each * chance for each, chance in zip(most, chances, strict=True))
    return [int(base / chance) for chance in chances]


def scaled_up(least: int, chances: Sequence[Fraction]) -> list[int]:
    """The least liquidity of each option's markets, if none may have less than this; rounded up, units as given.

    >>> scaled_up(100, [Fraction(1, 4), Fraction(1, 2)])
    [200, 100]
    """
    return [-(-least * max(chances) // chance) for chance in chances]
