"""Whether a range is set too wide, said as soon as somebody says how far off a base rate could be."""

from collections.abc import Sequence
from contextlib import suppress

from slackblocks import Block

from bot import words
from bot.blocks import section
from bot.modals import inputs
from core import units
from core.errors import Invalid
from core.exchange import advising
from core.exchange.advising import RangeAdvice
from core.exchange.plans import YES_OR_NO

OFF = "off"
_LABEL = "How far off could the base rate be"
_HINT = "Two times in three the value is no further from it. It tells whether the range pays. Plans go by a decision's first one."
_SELDOM = 0.05


def inputs_of(action: str, typed: str | None, advice: Sequence[str]) -> list[Block]:
    """The question, which need not be answered, and what follows from its answer."""
    element = inputs.live_number(_LABEL, OFF, action, _HINT, initial=_number(typed))
    element.optional = True
    return [element, *([section("\n".join(advice), "advice")] if advice else [])]


def _number(typed: str | None) -> str | None:
    """What is half typed need not be a number yet, and Slack takes nothing else there."""
    with suppress(Invalid):
        return words.plain(units.parse(typed, OFF)) if typed else None
    return None


def advice(unit: str, low: str, high: str, base_rates: Sequence[str], off: str) -> list[str]:
    """In lines; none as long as something of it is not typed, or is no number, or where the range is no choice."""
    if unit.casefold() == YES_OR_NO or not all([low, high, off, *base_rates]):
        return []
    with suppress(Invalid):
        ends = units.parse(low, "low"), units.parse(high, "high")
        values = [units.parse(each, "base_rate") for each in base_rates]
        return said(advising.on_range(*ends, values, units.parse(off, OFF)), unit)
    return []


def said(found: RangeAdvice, unit: str) -> list[str]:
    shown = [words.escape(words.value(end, unit, found.low, found.high)) for end in (found.low, found.high)]
    seldom = f"It comes to a value outside the range with a chance of {words.part(found.outside)}."
    if found.is_too_wide:
        pays = (
            f":warning: *The range is too wide:* it pays {words.times(found.times_less)} less than a yes or no for "
            f"knowing the answer, so that little is learned for the subsidy. From {shown[0]} to {shown[1]} it would pay "
            f"{words.times(found.times_less_there)} less; or it can be traded in ranges."
        )
        return [pays]
    pays = f"The range suits it: it pays {words.times(found.times_less)} less than a yes or no for knowing the answer."
    return [pays, *([seldom] if found.outside >= _SELDOM else [])]
