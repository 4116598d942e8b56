"""Advising, before anything is opened: whether a metric's range is set so wide that nobody is paid for what they know."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.pricing import evsi
from core.units import MICRO, positive, to_credits

TOO_WIDE = 2  # So many times more the right range would have to pay.


@dataclass(frozen=True)
class RangeAdvice:
    """By how much less than a yes or no the range pays for the whole truth, and the range within it that would be right.

    ``low`` and ``high`` are micro-units of the metric; ``outside`` is the chance that it comes to a value beyond the
    range as it is set.
    """

    is_too_wide: bool
    times_less: float
    low: int
    high: int
    times_less_there: float
    outside: float


def on_range(low: int, high: int, values: Sequence[int], sd: int) -> RangeAdvice:
    """Of one range for all options: ``values`` are their base rates, and ``sd`` is how far off each could be.

    All in micro-units of the metric. What pays least counts. Raises Invalid, naming the field.
    """
    positive(sd, "sd")
    if low >= high:
        raise Invalid("high", "above_low")
    for number, value in enumerate(values, 1):
        if not low < value < high:
            ends = (f"{to_credits(low):f}", f"{to_credits(high):f}")
            raise Invalid(f"base_rate_{number}", "between", *ends)
    each = [evsi.advise(low / MICRO, high / MICRO, value / MICRO, sd / MICRO) for value in values]
    right_low = max(low, round(min(found.low for found in each) * MICRO))
    right_high = min(high, round(max(found.high for found in each) * MICRO))
    here, there = _times(low, high, values, sd), _times(right_low, right_high, values, sd)
    outside = max(found.outside for found in each)
    return RangeAdvice(here >= TOO_WIDE * there, here, right_low, right_high, there, outside)


def _times(low: int, high: int, values: Sequence[int], sd: int) -> float:
    """By how much less than yes or no a market on this range pays, of those where it pays least."""
    return max(evsi.pays(sd / (high - low), (value - low) / (high - low)) for value in values)
