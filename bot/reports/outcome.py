"""The outcome summary: what was priced, what happened."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, HeaderBlock, RawText, TableBlock

from bot import words
from bot.blocks import context, section
from bot.reports.message import Message

Facts = Mapping[str, Any]


def render(facts: Facts) -> Message:
    name = words.decision(facts["decision_id"])
    came_to = words.exact_value(facts["value"], facts["unit"])
    headline = f"{facts['metric']} came to {came_to}. Before the close it was priced at {_value(facts, 'closed_at_value')}."
    chosen = f"*{words.escape(facts['chosen'])}* was chosen: {words.escape(facts['reason'])}"
    blocks: list[Block] = [
        HeaderBlock(f"Outcome {name}", block_id="header"),
        section(f"*{words.escape(facts['question'])}*\n{chosen}\n{words.escape(headline)}", "headline"),
        _table(facts, came_to),
        context(_footer(facts), "footer"),
    ]
    return Message(words.escape(f"{name}: {facts['question']} {headline}"), tuple(blocks))


def _table(facts: Facts, came_to: str) -> TableBlock:
    rows = [
        [f"{facts['metric']} if {facts['chosen']}", "Priced at"],
        ["Opening, from the base rate", _value(facts, "opened_at_value")],
        ["24 h average before the close", _value(facts, "closed_at_value")],
        ["When trading ended", _value(facts, "frozen_at_value")],
        ["What happened", came_to],
    ]
    return TableBlock([[RawText(cell) for cell in row] for row in rows], block_id="table")


def _footer(facts: Facts) -> str:
    return (
        f"{words.count(facts['trades'], 'trade')} by {words.people(facts['traders'])} on this option · "
        f"read from: {words.escape(facts['source'])} · everybody has been paid"
    )


def _value(facts: Facts, moment: str) -> str:
    return words.value(facts[moment], facts["unit"], facts["low"], facts["high"])
