"""Reminders of what is overdue: a decision, or a reading."""

from collections.abc import Mapping
from typing import Any

from bot import words
from bot.blocks import button
from bot.reports import news
from bot.reports.message import Message

Facts = Mapping[str, Any]


def decision(facts: Facts) -> Message:
    said = (
        f"needs you: it is to be decided by {words.moment(facts['decide_by'])}. "
        "If nobody records a decision by then, it counts as withdrawn."
    )
    record = button("Record the decision", "record", facts["decision_id"], primary=True)
    return news.news(facts, said, buttons=[record])


def reading(facts: Facts) -> Message:
    metric = f"the reading of {words.escape(facts['metric'])}" if facts["decision_id"] else "its reading"
    since = f"trading ended {words.count(facts['days'], 'day')} ago"
    file = button("File the reading", "file", words.about(facts), primary=True)
    if facts["is_owner"]:
        said = f"still needs you: {since}, and {metric} is not filed. Nobody is paid before it is."
        return news.news(facts, said, buttons=[file])
    owner = words.person(facts["owner"])
    said = (
        f"is overdue: {since}, and {owner} has not filed {metric}. Remind them, change who owns it, "
        "or say that it was never measured."
    )
    owned = button("Definition", "definition", words.about(facts))
    never = button("It was never measured", "file", words.about(facts))
    return news.news(facts, said, buttons=[owned, never])
