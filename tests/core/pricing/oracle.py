"""The cost function of the LMSR in 60 digits: what the exchange's arithmetic is held against."""

from collections.abc import Sequence

import mpmath
from mpmath import mpf

from core.pricing.lmsr import State

PRECISE = mpmath.mp.clone()
PRECISE.dps = 60
CERTAIN = (
    10**25
)  # What 60 digits tell of a difference between numbers up to 1e20: 25 decimals, with room to spare.


def cost(state: State, bought: Sequence[int]) -> mpf:
    """C(s + x) - C(s) in micro-credits; below zero for a sale."""
    return PRECISE.nint((potential(state.after(bought)) - potential(state)) * CERTAIN) / CERTAIN


def prices(state: State) -> list[mpf]:
    masses = _masses(state)
    total = PRECISE.fsum(masses)
    return [mass / total for mass in masses]


def potential(state: State) -> mpf:
    """C(s) = b ln sum exp((s_i - W_i) / b)."""
    return state.liquidity * PRECISE.log(PRECISE.fsum(_masses(state)))


def _masses(state: State) -> Sequence[mpf]:
    logits = (s - w for s, w in zip(state.shares, state.weights, strict=True))
    return [PRECISE.exp(PRECISE.mpf(logit) / state.liquidity) for logit in logits]
