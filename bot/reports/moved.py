"""A market moved against what somebody holds: by how much, what selling would bring, and buttons to act on it."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block

from bot import words
from bot.blocks import actions, button, section
from bot.reports import priced, question
from bot.reports.message import Message

Facts = Mapping[str, Any]


def render(facts: Facts) -> Message:
    heading = f"{words.about(facts)} “{words.escape(facts['question'])}” moved against what you hold"
    lines = [f"{heading}: {_held(facts)}.", _priced(facts), _sale(facts)]
    blocks: list[Block] = [section("\n".join(lines), "moved"), *_buttons(facts)]
    return Message(f"{heading}. {_sale(facts)}".replace("*", ""), tuple(blocks))


def _held(facts: Facts) -> str:
    held = [words.shares(each["shares"], each["name"], facts["unit"]) for each in facts["held"]]
    on = f" on {words.escape(facts['option'])}" if facts["option"] else ""
    return f"*{words.escape(words.enumerated(held))}*{on}"


def _priced(facts: Facts) -> str:
    metric = words.escape(facts["metric"])
    taken = words.taken(facts["option"] or "", facts.get("is_drawn"))
    about = metric if facts["is_final"] else f"{metric} if {words.escape(taken)}"
    if not facts["decision_id"]:
        about = question.subject(facts)
    before, now = (words.escape(priced.value(facts, facts[f"expected_{when}"])) for when in ("before", "now"))
    return (
        f"{about} is priced at *{now}* ({words.moment(facts['at'])}). It was at {before} when you last traded it "
        f"or were told of it ({words.moment(facts['seen_at'])})."
    )


def _sale(facts: Facts) -> str:
    return (
        f"Selling all of it would bring *{words.credits(facts['brings'])}* instead of "
        f"{words.credits(facts['brought'])}."
    )


def _buttons(facts: Facts) -> list[Block]:
    """What no limit order holds can be sold, and more can be traded."""
    buttons = [
        button(f"Sell {_name(each, facts)}", f"sell:{value}", value)
        for each in facts["held"]
        if each["free"]
        for value in [f"{facts['market_id']}:{each['outcome']}"]
    ]
    return actions("moved_actions", [*buttons, button("Trade", "trade", words.about(facts))])


def _name(each: Facts, facts: Facts) -> str:
    """Yes and No read as such only beside the word."""
    named = words.side if facts["decision_id"] else words.shares_of
    return named(each["name"], facts["unit"])
