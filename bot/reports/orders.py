"""What became of somebody's limit order, told to them alone."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import section
from bot.reports import priced
from bot.reports.message import Message
from core.units import MICRO

Facts = Mapping[str, Any]

_WHY = {
    "expired": "its time is over",
    "closed": "trading has closed for the decision",
    "withdrawn": "the decision is withdrawn",
    "frozen": "trading has ended for good, and the metric is to be read",
    "read": "trading has ended for good, as the reading is filed",
    "passed": "another order of yours took the price past it",
}


def filled(facts: Facts) -> Message:
    """All or a part of it was traded at its price."""
    did = "sold" if facts["is_sale"] else "bought"
    shares = words.escape(words.shares(facts["shares"], _outcome(facts)))
    left = f"Still waiting: {_left(facts)}." if facts["left"] else "It is filled."
    return _told(facts, f"{did} *{shares}*{_option(facts)} for *{words.credits(facts['credits'])}*. {left}")


def ended(facts: Facts) -> Message:
    """It waits no longer, and what it had set aside is there again."""
    back = f" What it still held is yours again: *{_left(facts)}*." if facts["left"] else ""
    side = "sell" if facts["is_sale"] else "buy"
    asked = f"to {side} {words.escape(words.side(_outcome(facts)))} shares{_option(facts)}"
    return _told(facts, f"{asked} {_while(facts)} has ended: {_WHY[facts['why']]}.{back}")


def _told(facts: Facts, said: str) -> Message:
    text = f"Your limit order {facts['order']} in {words.about(facts)} “{words.escape(facts['question'])}” {said}"
    return Message(text.replace("*", ""), (section(text, "news"),))


def _outcome(facts: Facts) -> str:
    return str(facts["outcomes"][facts["outcome"]])


def _option(facts: Facts) -> str:
    on = priced.on(facts["option"] or "", facts.get("is_drawn"))
    return f" on {words.escape(on)}" if on else ""


def _left(facts: Facts) -> str:
    if facts["is_sale"]:
        return words.escape(words.shares(facts["left"], _outcome(facts)))
    return words.credits(facts["left"])


def _while(facts: Facts) -> str:
    """Where it was to be priced for the order to trade; what was written before that was told names a price."""
    if "value" not in facts:
        return f"at {words.rate(facts['price'] / MICRO)} each"
    at = words.exact_value(facts["value"], facts["unit"])
    metric = words.escape(facts["metric"]) if facts["option"] else "it"
    return f"while {metric} is priced at {words.escape(at)} {words.bound(facts['outcome'], is_sale=facts['is_sale'])}"
