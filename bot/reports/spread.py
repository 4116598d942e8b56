"""The spread report: a headline, a table, and what the number can and cannot say."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, Button, HeaderBlock, RawText, TableBlock

from bot import words
from bot.blocks import actions, button, context, section
from bot.reports import card
from bot.reports.message import Message

Facts = Mapping[str, Any]
DAY_SECONDS = 86_400
_AS = {"24 h average": "On 24 h average", "Average so far": "On average so far"}
SMALLEST_GAP = 0.001  # Of the metric's range: below a thousandth the averages are called level.


def render(facts: Facts) -> Message:
    name = words.decision(facts["decision_id"])
    headline = _headline(facts)
    blocks: list[Block] = [
        HeaderBlock(f"Spread report {name}", block_id="header"),
        section(
            f"*{words.escape(facts['question'])}*\n{card.state(facts)}\n{words.escape(headline)}", "headline"
        ),
        _table(facts),
        section("\n".join(f"• {caveat}" for caveat in _caveats(facts)), "caveats"),
        *actions("actions", _buttons(facts)),
        context(_footer(facts), "footer"),
    ]
    return Message(words.escape(f"{name}: {facts['question']} {headline}"), tuple(blocks))


def plain(facts: Facts) -> str:
    """The report where no table may stand: in a modal."""
    lines = [
        words.escape(
            f"• {line['name']}: {_value(facts, line['expected'])} now, "
            f"{_value(facts, line['average'])} {_average(facts).lower()}, {words.count(line['trades'], 'trade')}"
        )
        for line in facts["options"]
    ]
    caveats = [f"• {caveat}" for caveat in _caveats(facts)]
    head = [f"*{words.escape(facts['question'])}*", card.state(facts), words.escape(_headline(facts))]
    return "\n".join([*head, "", *lines, "", *caveats, "", _footer(facts)])


def _headline(facts: Facts) -> str:
    spread, metric = facts["spread"], facts["metric"]
    if facts["traders"] == 0:
        return "Nobody has traded yet: these are the base rates that were stated at opening."
    if spread["gap"] < SMALLEST_GAP * (facts["high"] - facts["low"]):
        return f"{_AS[_average(facts)]} the market prices {metric} the same if {spread['leader']} or {spread['follower']} is chosen."
    gap = words.value(spread["gap"], facts["unit"], facts["low"], facts["high"])
    return f"{_AS[_average(facts)]} the market prices {metric} {gap} higher if {spread['leader']} is chosen than if {spread['follower']} is."


def _average(facts: Facts) -> str:
    """What the averages are over: the last day, or all there was if that is less."""
    whole = facts["window_end"] - facts["window_start"] >= DAY_SECONDS
    return "24 h average" if whole else "Average so far"


def _table(facts: Facts) -> TableBlock:
    heading = ["If chosen", "Now", _average(facts), "Trades"]
    rows = [
        [line["name"], _value(facts, line["expected"]), _value(facts, line["average"]), str(line["trades"])]
        for line in facts["options"]
    ]
    return TableBlock([[RawText(cell) for cell in row] for row in [heading, *rows]], block_id="table")


def _caveats(facts: Facts) -> list[str]:
    spread = facts["spread"]
    outlay, loss = (
        words.credits(spread["outlay_credits"] * 1e6),
        words.credits(spread["expected_loss_credits"] * 1e6),
    )
    leader, follower = words.escape(spread["leader"]), words.escape(spread["follower"])
    meaning = (
        f"*If chosen:* each number is what traders expect of {words.escape(facts['metric'])} given that the option "
        "is chosen by its deciders, the way they choose. It is not the effect of choosing it."
    )
    cost = (
        f"*Cost to flip:* somebody could make {leader} and {follower} level by putting {outlay} at stake; if the "
        f"prices are right that loses {loss} on average."
    )
    if facts["traders"] == 0:
        return [meaning, "*Behind it:* nobody has traded, so there is no evidence in these numbers yet."]
    behind = f"*Behind it:* {words.people(facts['traders'])} traded. Deciders and the metric owner may not."
    return [meaning, cost, behind] if facts["state"] in {"open", "closed"} else [meaning, behind]


def _buttons(facts: Facts) -> list[Button]:
    if facts["state"] == "closed" and not facts["recorded"]:
        return [
            button("Record the decision", "record", facts["decision_id"], primary=True),
            button("Withdraw", "withdraw", facts["decision_id"]),
        ]
    return []


def _footer(facts: Facts) -> str:
    return f"Averages from {words.moment(facts['window_start'])} to {words.moment(facts['window_end'])}"


def _value(facts: Facts, micro: float) -> str:
    return words.value(micro, facts["unit"], facts["low"], facts["high"])
