"""When reports come, in words: the next times on the committee's own wall, and the move that brings one at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words
from bot.blocks import section
from bot.reports.message import Message
from core.exchange.scheduling import MILLIONTHS


def changed(facts: Mapping[str, Any]) -> Message:
    name, question = words.decision(facts["decision_id"]), words.escape(facts["question"])
    who = words.person(facts["by"])
    said = f"*{name}: {question}* {who} changed when its spread report comes here."
    lines = [said, times(facts["times"], facts["zone"]), moves(facts["step"]), ALWAYS]
    return Message(f"{name}: when its spread report comes was changed.", (section("\n".join(lines), "news"),))


def times(next_ones: Sequence[int], zone: str) -> str:
    """The next few of them; none if it comes at no time."""
    if not next_ones:
        return "• At no set time."
    said = ", ".join(words.in_zone(each, zone) for each in next_ones)
    return f"• By the clock of {words.escape(zone)}, next: {said}."


def moves(step: int | None) -> str:
    if step is None:
        return "• However far the spread moves, that alone brings none."
    part = words.part(step / MILLIONTHS, 1 if step % (MILLIONTHS // 100) else 0)
    return f"• Once the spread has moved by {part} of the metric's range since the newest report, at most hourly."


ALWAYS = "• And when trading closes."
