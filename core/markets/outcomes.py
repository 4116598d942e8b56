"""What a market can pay on: outcomes at centres of the metric, each opened at a price."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.pricing import lmsr
from core.units import to_credits

OUTCOMES_MOST = 12
SUM_TOLERANCE = 1e-12  # Prices that sum to more make the reserve smaller than what the maker can lose.


@dataclass(frozen=True)
class Slot:
    """An outcome to be opened: a share pays 1 if the metric comes to ``centre``, micro-units of the metric."""

    name: str
    centre: int
    price: float


def long_short(low: int, high: int, price: float, names: tuple[str, str] = ("LONG", "SHORT")) -> list[Slot]:
    """Two outcomes: one gains as the metric rises from low to high, one as it falls; a yes-or-no is that on [0, 1]."""
    return [Slot(names[0], high, price), Slot(names[1], low, 1.0 - price)]


def bins(centres: Sequence[int], prices: Sequence[float]) -> list[Slot]:
    """One outcome at each centre, ascending, named after its value."""
    return [
        Slot(f"{to_credits(centre).normalize():f}", centre, price)
        for centre, price in zip(centres, prices, strict=True)
    ]


def check(slots: Sequence[Slot]) -> None:
    """Raises Invalid for outcomes that no market can have."""
    if not 2 <= len(slots) <= OUTCOMES_MOST:
        raise Invalid("outcomes", "count", str(len(slots)), str(OUTCOMES_MOST))
    for said in ({slot.centre for slot in slots}, {slot.name.strip().casefold() for slot in slots}):
        if len(said) < len(slots):
            raise Invalid("outcomes", "distinct")
    total = math.fsum(slot.price for slot in slots)
    if abs(total - 1) > SUM_TOLERANCE:
        raise Invalid("outcomes", "sum", f"{total:.4f}")
    for slot in slots:
        if not lmsr.OPENING_LEAST <= slot.price <= 1 - lmsr.OPENING_LEAST:
            raise Invalid("base_rate", "opening_price", f"{slot.price:.4f}")
