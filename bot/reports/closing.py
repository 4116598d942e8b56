"""A decision in which somebody holds something closes soon."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import actions, button, section
from bot.reports.message import Message


def render(facts: Mapping[str, Any]) -> Message:
    name = words.decision(facts["decision_id"])
    said = (
        f"{name} “{words.escape(facts['question'])}” closes {words.moment(facts['closes_at'])}. "
        "You hold shares or limit orders there: until then you can trade; after that you wait for what is decided."
    )
    trade = button("Trade", "trade", name, f"Trade {name}")
    return Message(said, (section(said, "news"), *actions("actions", [trade])))
