"""A decision or a question in which somebody holds something closes soon."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import actions, button, section
from bot.reports.message import Message


def render(facts: Mapping[str, Any]) -> Message:
    name, waiting = words.about(facts), "what is decided" if facts["decision_id"] else "what it comes to"
    said = (
        f"{name} “{words.escape(facts['question'])}” closes {words.moment(facts['closes_at'])}. "
        f"You hold shares or limit orders there: until then you can trade; after that you wait for {waiting}."
    )
    trade = button("Trade", "trade", name, f"Trade {name}")
    return Message(said, (section(said, "news"), *actions("actions", [trade])))
