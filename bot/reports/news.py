"""What happened, in a sentence or two: to a decision, or to somebody's credits."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block

from bot import words
from bot.blocks import actions, button, section
from bot.reports.message import Message

Facts = Mapping[str, Any]


def recorded(facts: Facts) -> Message:
    final = words.moment(facts["final_at"])
    if facts["option"] is None:
        back = f"Everybody will have back exactly what they put in, {final}."
        if facts["recorded_by"] is None:
            return _news(facts, f"was not decided in time and counts as withdrawn. {back}")
        return _news(facts, f"is withdrawn by {words.person(facts['recorded_by'])}. {back}", facts["reason"])
    chosen = words.escape(facts["option"])
    said = f"is decided by {words.person(facts['recorded_by'])}: *{chosen}*. It takes effect {final}."
    return _news(facts, said, facts["reason"])


def took_effect(facts: Facts) -> Message:
    if facts["option"] is None:
        return _news(facts, "is withdrawn for good. Everybody gets back exactly what they put in.")
    chosen = words.escape(facts["option"])
    until = words.moment(facts["freezes_at"])
    return _news(
        facts,
        f"is final: *{chosen}*. What was put on the other options goes back now, and {chosen} trades on until {until}.",
    )


def reading(facts: Facts) -> Message:
    came_to = words.escape(words.exact_value(facts["value"], facts["unit"]))
    said = (
        f"has its reading, filed by {words.person(facts['filed_by'])}: {words.escape(facts['metric'])} came to "
        f"*{came_to}*. Everybody is paid {words.moment(facts['final_at'])}."
    )
    return _news(facts, said, f"Source: {facts['source']}")


def returned(facts: Facts) -> Message:
    ending = (
        f"is decided: *{words.escape(facts['option'])}* was chosen" if facts["option"] else "is withdrawn"
    )
    if not facts["credits"]:
        return _news(facts, f"{ending}. What you put on it stays there until it is settled.")
    return _news(facts, f"{ending}. Back in your balance: *{words.credits(facts['credits'])}*.")


def granted(facts: Facts) -> Message:
    text = (
        f"{words.person(facts['by'])} granted you *{words.credits(facts['credits'])}*. "
        "See what is open with `/market`; your balance is on my Home tab."
    )
    return Message(text.replace("*", ""), (section(f"{text}\n{words.quoted(facts['reason'])}", "news"),))


def paid(facts: Facts) -> Message:
    return _news(facts, f"is settled. Your shares paid *{words.credits(facts['credits'])}*.")


def reading_due(facts: Facts) -> Message:
    said = f"needs you: trading has ended and {words.escape(facts['metric'])} can be read now."
    file = (
        [button("File the reading", "file", facts["decision_id"], primary=True)]
        if facts["decision_id"]
        else []
    )
    message = _news(facts, said)
    return Message(message.text, (*message.blocks, *actions("actions", file)))


def _news(facts: Facts, said: str, quoted: str | None = None) -> Message:
    name = f"{words.decision(facts['decision_id'])} " if facts["decision_id"] else ""
    text = f"{name}“{words.escape(facts['question'])}” {said}"
    lines = f"\n{words.quoted(quoted)}" if quoted else ""
    blocks: tuple[Block, ...] = (section(text + lines, "news"),)
    return Message(text.replace("*", ""), blocks)
