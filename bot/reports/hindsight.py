"""What can be said of prices once it is known what happened: who had it closer, what that cost, and who made most of it.

Facts that were kept before all this was written down say less.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words
from bot.reports import lottery

Facts = Mapping[str, Any]
LEVEL_BITS = 0.005  # What two digits show as none.


def how(facts: Facts) -> str:
    """Why the option was taken, and whether it really was; mrkdwn."""
    if not facts.get("is_drawn"):
        return f"was chosen: {words.escape(facts['reason'])}"
    broken = [each for each in facts["breaches"] if each["kind"] == "not_carried_out"]
    said = [f"It was not carried out: {words.escape(each['reason'])}" for each in broken]
    kept = ["It is settled by what was drawn all the same."] if broken else []
    others = [each for each in facts["breaches"] if each not in broken]
    told = lottery.breaches({"lottery": {"breaches": others}})
    return "\n".join(["was drawn by lottery.", *said, *kept, *told])


def lines(facts: Facts) -> list[str]:
    """In paragraphs of mrkdwn."""
    measures = facts["measures"]
    compared = [said for measure in measures if (said := _closer(measure, measures))]
    if compared:
        compared[-1] += " One decision proves nothing about who forecasts better."
    cost = [_bought(measure, measures) for measure in measures if measure.get("paid") is not None]
    return [*compared, *cost, *_named(facts.get("named", ()))]


def _closer(measure: Facts, measures: Sequence[Facts]) -> str:
    """The two errors, and which is the smaller; nothing where one of the two numbers, or what happened, is missing."""
    forecast, value = measure.get("committee"), measure["value"]
    if forecast is None or value is None:
        return ""
    market, committee = abs(measure["closed_at_value"] - value), abs(forecast - value)
    by = [_off(measure, error) for error in (market, committee)]
    smaller = "the market's" if market < committee else "the committee's"
    verdict = "equally far off" if by[0] == by[1] else f"{smaller} was the closer one"
    return (
        f"*Who had it closer{_of(measure, measures)}:* the market's 24 h average before the close was {by[0]} off, "
        f"the committee's mean forecast {by[1]}: {verdict}."
    )


def _bought(measure: Facts, measures: Sequence[Facts]) -> str:
    """What the maker paid for bits. One bit: what happened became twice as likely."""
    return f"*What the subsidy bought{_of(measure, measures)}:* {_purchase(measure)}"


def _purchase(measure: Facts) -> str:
    bits, paid = measure["bits"], measure["paid"]
    if bits is None:
        return f"{_paid(paid)} What prices were worth cannot be said, since nothing was measured."
    if abs(bits) < LEVEL_BITS:
        return f"{_paid(paid)} Prices ended as near to what happened as they opened, so it bought nothing."
    if bits < 0:
        return (
            f"{_paid(paid)} Prices ended further from what happened than they opened, so it bought nothing."
        )
    each = measure["credits_per_bit"]
    rate = f", so {words.credits(round(each * 1e6, -4))} a bit" if each else ""
    return (
        f"{_paid(paid)} Prices made what happened {words.times(2**bits)} as likely as at the opening, "
        f"{words.bits(bits)}{rate}; {_in_time(measure)}"
    )


def _in_time(measure: Facts) -> str:
    """How much of it the deciders could see."""
    at_close = measure["bits_at_close"]
    if at_close < LEVEL_BITS:
        return "none of it stood in the 24 h average before the close."
    return f"{words.bits(at_close)} stood in the 24 h average before the close."


def _paid(micro: int) -> str:
    if micro > 0:
        return f"it paid traders {words.credits(micro)}."
    return f"it got {words.credits(-micro)} from traders." if micro else "it paid nothing."


def _of(measure: Facts, measures: Sequence[Facts]) -> str:
    return f" ({words.escape(measure['metric'])})" if len(measures) > 1 else ""


def _off(measure: Facts, micro: float) -> str:
    return words.escape(words.difference(micro, measure["unit"], measure["low"], measure["high"]))


def _named(best: Sequence[Facts]) -> list[str]:
    if not best:
        return []
    made = [f"{words.person(each['who'])} {words.signed(each['credits'])}" for each in best]
    return [f"*Who made most of it*, of those who agreed to be named: {words.enumerated(made)}."]
