"""The card of a question that hangs on no decision: what it is priced at, where it stands, and a way to trade."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, DataVisualizationBlock

from bot import words
from bot.blocks import actions, button, context, section
from bot.reports import chart, defined, horizon
from bot.reports.card import MARKS_MOST
from bot.reports.message import Message
from core.exchange.plans import YES_OR_NO

Facts = Mapping[str, Any]

_STATES = {
    "open": "Trading closes {closes}",
    "halted": "Trading is halted · it closes {closes}",
    "frozen": "Trading has ended · {owner} files what it came to",
    "read": "{came_to} · final {final}, unless somebody objects",
    "objected": "{came_to} · somebody objected, an admin rules on that",
    "set_aside": "An objection was upheld · {owner} files the reading anew",
    "settled": "{came_to} · everybody has been paid",
}


def render(facts: Facts) -> Message:
    buttons = [button("Trade", "trade", name_of(facts), primary=True)] if facts["is_trading"] else []
    blocks: list[Block] = [
        section("\n".join(lines(facts)), "question"),
        section(words.quoted(facts["wording"]), "wording"),
        *_course(facts),
        *(context(mark, f"redefined_{n}") for n, mark in enumerate(defined.marks(facts)[-MARKS_MOST:])),
        *(context(line, "horizon") for line in horizon.band(facts)),
        *actions("actions", buttons),
        context(_footer(facts), "footer"),
    ]
    text = f"{name_of(facts)}: {words.escape(facts['question'])} {priced(facts)} {state(facts)}."
    return Message(text.replace("*", ""), tuple(blocks))


def name_of(facts: Facts) -> str:
    return words.market(facts["market_id"])


def lines(facts: Facts) -> list[str]:
    """The question, what it is priced at, and where it stands."""
    heading = f"*{name_of(facts)}: {words.escape(facts['question'])}*"
    return [heading, priced(facts), state(facts)]


def priced(facts: Facts) -> str:
    """What the market expects, in a sentence; with its range where prices say one."""
    if facts["state"] == "settled":
        return f"It was priced at *{value(facts)}* when trading ended."
    if not facts["trades"]:
        return f"{subject(facts)} is priced at *{value(facts)}*, its base rate: nobody has traded it yet."
    return f"{subject(facts)} is priced at *{value(facts)}*{_likely(facts)}."


def value(facts: Facts, micro: float | None = None) -> str:
    """A value of its metric, as it is priced if no other is named; escaped."""
    shown = facts["expected"] if micro is None else micro
    return words.escape(words.value(shown, facts["unit"], facts["low"], facts["high"]))


def state(facts: Facts) -> str:
    """Where it stands, in a few words."""
    return _STATES[facts["state"]].format(
        closes=words.moment(facts["closes_at"]),
        final=words.moment(facts["final_at"]) if facts["final_at"] else "",
        owner=words.person(facts["owner"]),
        came_to=_came_to(facts),
    )


def subject(facts: Facts) -> str:
    """What is priced, where the question stands beside it."""
    return "A yes" if facts["unit"] == YES_OR_NO else "It"


def _likely(facts: Facts) -> str:
    if facts["implied"] is None:
        return ""
    low, _, high = facts["implied"]["quantiles"]
    return f"; eight times in ten between {value(facts, low)} and {value(facts, high)}"


def _came_to(facts: Facts) -> str:
    if facts["value"] is None:
        return "It was *never measured*"
    return f"It came to *{words.escape(words.reading(facts['value'], facts['unit']))}*"


def _course(facts: Facts) -> list[DataVisualizationBlock]:
    """A line of what was expected, once it was traded and there are two steps to show."""
    if not facts["course"] or not facts["trades"]:
        return []
    line = {
        "name": "Chance of a yes" if facts["unit"] == YES_OR_NO else "Expected",
        "market_id": facts["market_id"],
    }
    drawn = chart.chart({**facts, "number": 1, "options": [line]}, facts["course"], facts["question"])
    return [drawn] if drawn else []


def _footer(facts: Facts) -> str:
    traded = f"{words.count(facts['trades'], 'trade')} by {words.people(facts['traders'])} · "
    return f"{traded if facts['trades'] else ''}{words.person(facts['owner'])} files the reading · updated {words.moment(facts['at'])}"
