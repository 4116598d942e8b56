"""What was done to a portfolio: a sentence for each kind of change, and why it was done."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import words
from bot.blocks import section
from bot.reports.message import Message

Facts = Mapping[str, Any]
DECISIONS_MOST = 8  # Named in one message, however many a plan adds to.


def changed(facts: Facts) -> Message:
    name = f"*{words.escape(facts['portfolio'])}*"
    said = f"Portfolio {name} {SAID[facts['what']](facts)}"
    blocks = (section(f"{said}\n{words.quoted(facts['reason'])}", "news"),)
    return Message(said.replace("*", ""), blocks)


def _opened(facts: Facts) -> str:
    return (
        f"was opened by {_by(facts)}. It may hold {_budget(facts['reserve_budget'])} ready for markets, and be expected "
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
    return f"applies its plans by itself from now on, by {_by(facts)}: each may hold {most} more ready for markets."


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
        f"took *{freed}* back from {facts['of']}, by {_by(facts)}. {held} stay ready there, and {free} are free. "
        "Prices stay where they are, and move more with each trade."
    )


def _applied(facts: Facts) -> str:
    """What is added in all, and never when: whoever knew that could gain by it."""
    lines = [
        f"• {each['of']} {words.escape(each['question'])}: at most {words.credits(each['adds'])}"
        for each in facts["decisions"][:DECISIONS_MOST]
    ]
    if (more := len(facts["decisions"]) - DECISIONS_MOST) > 0:
        lines.append(f"• and {words.count(more, 'decision')} more")
    who = _by(facts) if facts["by"] else "the policy, which may by itself"
    said = f"reserves at most *{words.credits(facts['adds'])}* more, as planned, by {who}:"
    return "\n".join([said, *lines])


def _stakes(facts: Facts) -> str:
    was = facts["was"]
    before = "" if was is None else f", instead of {words.credits(was['stake'])}"
    return (
        f"goes by another stake of {facts['of']}, by {_by(facts)}: a whole range is worth *{words.credits(facts['stake'])}*"
        f"{before}; the gap may lie {words.chance(facts['gap_sd'])} of the range from what is thought today; it is settled "
        f"with a chance of {words.chance(facts['chance'])}."
    )


def _learned(facts: Facts) -> str:
    return (
        f"plans by what {words.count(facts['of'], 'settled market')} taught: a nat is taken to cost "
        f"*{words.credits(facts['beta'])}* instead of {words.credits(facts['was_beta'])}, and a look at a market "
        f"{words.credits(facts['attention'])} instead of {words.credits(facts['was_attention'])}."
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
    "applied": _applied,
    "stakes": _stakes,
    "learned": _learned,
}

_FIELDS: dict[str, Callable[[Any, Any], str]] = {
    "name": lambda old, new: f"It is called {words.escape(new)}, not {words.escape(old)} any more",
    "reserve_budget": lambda old, new: (
        f"It may hold {_budget(new)} ready for markets, instead of {_budget(old)}"
    ),
    "spend_budget": lambda old, new: (
        f"It may be expected to lose {_budget(new)} in a period, instead of {_budget(old)}"
    ),
    "period_days": lambda old, new: f"A period is {_days(new)} long, instead of {_days(old)}, from now on",
    "spenders": lambda old, new: f"It is spent by {_people(new)}, instead of {_people(old)}",
    "address": lambda old, new: f"Its news come to {_place(new)}, instead of {_place(old)}",
}


def _by(facts: Facts) -> str:
    return words.person(facts["by"])


def _budget(micro: int | None) -> str:
    return "any amount" if micro is None else words.credits(micro)


def _days(number: int) -> str:
    return words.count(number, "day")


def _people(identities: list[str]) -> str:
    return words.enumerated([words.person(each) for each in identities]) if identities else "every admin"


def _place(address: str | None) -> str:
    return "its spenders" if address is None else words.channel(address)
