"""What was done to a portfolio, for those who spend it and read of it: who did it, what stands now, and why."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import words
from bot.blocks import actions, button, sections
from bot.reports.message import Message

Facts = Mapping[str, Any]
LOOK = "subsidy"  # Its button's value is what would be typed behind /subsidy.


def changed(facts: Facts) -> Message:
    """In a sentence, with a way to see how the portfolio stands."""
    name, who = words.escape(facts["portfolio"]), words.person(facts["by"]) if facts["by"] else "The policy"
    said = f"Portfolio *{name}*: {who} {_DONE[facts['what']](facts)}"
    look = button("See portfolios", LOOK, "show")
    lines = [said, *([words.quoted(facts["reason"])] if facts["reason"] else [])]
    return Message(said.replace("*", ""), (*sections(lines, "news"), *actions("actions", [look])))


def budget(amount: int | None) -> str:
    return "no limit" if amount is None else words.credits(amount)


def _opened(facts: Facts) -> str:
    return (
        f"opened it. Reserve: {budget(facts['reserve_budget'])}; expected spend: {budget(facts['spend_budget'])} every "
        f"{words.count(facts['period_days'], 'day')}. May spend it: {_people(facts['spenders'])}."
    )


def _changed(facts: Facts) -> str:
    fields = [
        f"{label} {shown(new)} instead of {shown(old)}"
        for field, (label, shown) in _FIELDS.items()
        if field in facts["changed"]
        for old, new in [facts["changed"][field]]
    ]
    return f"changed it: {'; '.join(fields)}."


def _funded(facts: Facts) -> str:
    return f"added {words.credits(facts['credits'])}. {words.limit(facts['free'])} are free in it now."


def _automated(facts: Facts) -> str:
    return f"lets the policy apply its plans by itself, adding at most {words.credits(facts['most'])} of reserve each time."


def _taken_back(facts: Facts) -> str:
    return (
        f"took liquidity out of {facts['of']}. {words.credits(facts['freed'])} came free, {words.limit(facts['free'])} are "
        f"free in it now, and {words.credits(facts['reserved'])} stay reserved for {facts['of']}."
    )


def _people(identities: list[str]) -> str:
    return words.enumerated([words.person(each) for each in identities]) if identities else "every admin"


def _channel(address: str | None) -> str:
    return words.channel(address) if address else "nobody but those who spend it"


_FIELDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "name": ("its name is", words.escape),
    "reserve_budget": ("its reserve budget is", budget),
    "spend_budget": ("its expected spend a period is", budget),
    "period_days": ("a period is", lambda days: words.count(days, "day")),
    "spenders": ("those who may spend it are", _people),
    "address": ("it is told to", _channel),
}
_DONE: Mapping[str, Callable[[Facts], str]] = {
    "opened": _opened,
    "changed": _changed,
    "funded": _funded,
    "automated": _automated,
    "by_hand": lambda _: "lets nothing be applied by itself any more.",
    "paused": lambda _: "paused it: it pays for nothing new. What it backs trades on.",
    "resumed": lambda _: "resumed it: it pays again.",
    "taken_back": _taken_back,
}
