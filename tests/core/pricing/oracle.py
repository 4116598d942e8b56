"""The cost function of the LMSR in 60 digits: what the exchange's arithmetic is held against."""

from collections.abc import Sequence

import mpmath
from mpmath import mpf

from core.pricing.lmsr import State

PRECISE = mpmath.mp.clone()
PRECISE.dps = 60


def cost(state: State, outcome: int, bought: int) -> mpf:
    """C(s + x) - C(s) in micro-credits; below zero for a sale."""
    return _potential(state.after(outcome, bought)) - _potential(state)


def prices(state: State) -> list[mpf]:
    masses = _masses(state)
    return [mass / PRECISE.fsum(masses) for mass in masses]


def _potential(state: State) -> mpf:
    return state.liquidity * PRECISE.log(PRECISE.fsum(_masses(state)))


def _masses(state: State) -> Sequence[mpf]:
    logits = (s - w for s, w in zip(state.shares, state.weights, strict=True))
    return [PRECISE.exp(PRECISE.mpf(logit) / state.liquidity) for logit in logits]
