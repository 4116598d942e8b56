"""Practising: a question that is asked of nobody, with credits that are worth nothing, to see how a trade ends."""

from dataclasses import dataclass

from core.errors import Invalid
from core.pricing import lmsr, payout
from core.units import MICRO, within

LOW, HIGH = 0, 100 * MICRO  # The metric's range.
PURSE = 100 * MICRO
_LIQUIDITY, _PRICES = 150 * MICRO, (0.6, 0.4)
READINGS = (80 * MICRO, 40 * MICRO)  # How it might come out.


@dataclass(frozen=True)
class Practice:
    """What so many credits on Higher (0) or Lower (1) would buy: shares, and values of the metric, all in micro-units.

    ``pays`` says for each way in which it might come out what the shares would pay then.
    """

    shares: int
    before: float
    after: float
    pays: tuple[tuple[int, int], ...]


def practise(side: int, amount: int) -> Practice:
    """Raises Invalid for what the practice purse does not hold."""
    if side not in range(2):
        raise Invalid("side", "unknown", str(side))
    within(amount, MICRO, PURSE, "amount")
    state = lmsr.State(_LIQUIDITY, (0, 0), lmsr.weights(_LIQUIDITY, _PRICES))
    bought = lmsr.only(state, {side}, lmsr.shares_for(state, {side}, amount))
    centres = (HIGH, LOW)
    pays = tuple((value, payout.pays(bought, payout.hats(value, centres))) for value in READINGS)
    before, after = state.prices, state.after(bought).prices
    return Practice(bought[side], payout.expected(before, centres), payout.expected(after, centres), pays)
