"""What was done to a portfolio: a sentence for each kind of change, and why it was done."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import words
from bot.blocks import section
from bot.reports.message import Message

Facts = Mapping[str, Any]
LINES_MOST = 8  # Decisions that one message names, however many a plan adds to.
SURE = 1_000_000  # Chances and parts of a range are kept in millionths.


def changed(facts: Facts) -> Message:
    name = f"*{words.escape(facts['portfolio'])}*"
    said = f"Portfolio {name} {SAID[facts['what']](facts)}"
    blocks = (section(f"{said}\n{words.quoted(facts['reason'])}", "news"),)
    return Message(said.replace("*", ""), blocks)


def _opened(facts: Facts) -> str:
    return (
        f"was opened by {_by(facts)}. It may have {_budget(facts['reserve_budget'])} reserved for markets, and be expected "
        f"to lose {_budget(facts['spend_budget'])} in {_days(facts['period_days'])}. It is spent by "
        f"{_people(facts['spenders'])}."
    )


def _funded(facts: Facts) -> str:
    got, free = words.credits(facts["credits"]), words.credits(facts["free"])
    return f"got *{got}* from {_by(facts)}. It has {free} free now."


def _reversed(facts: Facts) -> str:
    gave, free = words.credits(facts["credits"]), words.credits(facts["free"])
    both = words.enumerated([words.person(facts["asked_by"]), _by(facts)])
    return f"gave *{gave}* of a grant back, by {both}. It has {free} free now."


def _changed(facts: Facts) -> str:
    lines = [f"• {_FIELDS[field](old, new)}." for field, (old, new) in facts["changed"].items()]
    return "\n".join([f"was changed by {_by(facts)}.", *lines])


def _automated(facts: Facts) -> str:
    most = words.credits(facts["most"])
    return (
        f"applies its plans by itself from now on, by {_by(facts)}: each may reserve {most} more for markets."
    )


def _by_hand(facts: Facts) -> str:
    return f"applies nothing by itself any more, by {_by(facts)}."


def _paused(facts: Facts) -> str:
    return f"is paused by {_by(facts)}: it pays for nothing new until it is resumed. What is left over comes back to it."


def _resumed(facts: Facts) -> str:
    return f"is resumed by {_by(facts)}, and pays for markets again."


def _taken_back(facts: Facts) -> str:
    freed, held = words.credits(facts["freed"]), words.credits(facts["reserved"])
    free = words.credits(facts["free"])
    return (
        f"took *{freed}* back from {facts['of']}, by {_by(facts)}. {held} stay reserved there, and {free} are free. "
        "Prices stay where they are, and move more with each trade."
    )


def _off(facts: Facts) -> str:
    return (
        f"goes by how far off a base rate of {facts['of']} could be, as {_by(facts)} said at its opening: the gap between the "
        f"best two options is known to within {_part(facts['gap_sd'])} of the range."
    )


def _stakes(facts: Facts) -> str:
    was = facts["was"]
    before = (
        f", instead of {words.credits(was['stake'])}"
        if was and was["stake"] and was["stake"] != facts["stake"]
        else ""
    )
    return (
        f"goes by other stakes in {facts['of']}, as {_by(facts)} says: a whole range is worth "
        f"*{words.credits(facts['stake'])}*{before}, the gap between the best two options is known to within "
        f"{_part(facts['gap_sd'])} of it, and it settles with a chance of {_part(facts['chance'])}."
    )


def _applied(facts: Facts) -> str:
    each = [
        f"• {row['of']}, {words.escape(row['question'])}: {words.credits(row['adds'])}"
        for row in facts["decisions"]
    ]
    told, more = each[:LINES_MOST], len(each) - LINES_MOST
    rest = [f"• and {words.count(more, 'more decision')}"] if more > 0 else []
    first = (
        f"applied a plan, by {_by(facts)}: at most *{words.credits(facts['adds'])}* more are reserved for markets. "
        "It drips in a little at a time, while prices are calm."
    )
    return "\n".join([first, *told, *rest])


def _learned(facts: Facts) -> str:
    return (
        f"plans by what {words.count(facts['settled'], 'settled market')} taught: a nat of information costs "
        f"*{words.credits(facts['beta'])}*, not {words.credits(facts['was_beta'])}, and a look at a market "
        f"*{words.credits(facts['attention'])}*, not {words.credits(facts['was_attention'])}."
    )


# What to say of each kind of change, after the portfolio's name.
SAID: dict[str, Callable[[Facts], str]] = {
    "opened": _opened,
    "funded": _funded,
    "reversed": _reversed,
    "changed": _changed,
    "automated": _automated,
    "by_hand": _by_hand,
    "paused": _paused,
    "resumed": _resumed,
    "taken_back": _taken_back,
    "off": _off,
    "stakes": _stakes,
    "applied": _applied,
    "learned": _learned,
}

_FIELDS: dict[str, Callable[[Any, Any], str]] = {
    "name": lambda old, new: f"It is called {words.escape(new)}, not {words.escape(old)} any more",
    "reserve_budget": lambda old, new: (
        f"It may have {_budget(new)} reserved for markets, instead of {_budget(old)}"
    ),
    "spend_budget": lambda old, new: (
        f"It may be expected to lose {_budget(new)} in a period, instead of {_budget(old)}"
    ),
    "period_days": lambda old, new: f"A period is {_days(new)} long, instead of {_days(old)}, from now on",
    "spenders": lambda old, new: f"It is spent by {_people(new)}, instead of {_people(old)}",
    "address": lambda old, new: f"Its news come to {_place(new)}, instead of {_place(old)}",
}


def _by(facts: Facts) -> str:
    return words.person(facts["by"]) if facts["by"] else "the policy"


def _part(millionths: int) -> str:
    return words.part(millionths / SURE, 0)


def _budget(micro: int | None) -> str:
    return "any amount" if micro is None else words.credits(micro)


def _days(number: int) -> str:
    return words.count(number, "day")


def _people(identities: list[str]) -> str:
    return words.enumerated([words.person(each) for each in identities]) if identities else "every admin"


def _place(address: str | None) -> str:
    return "its spenders" if address is None else words.channel(address)
