"""The spread report: a headline, a table, and what the number can and cannot say, for each measure."""

from collections.abc import Mapping
from typing import Any

from slackblocks import (
    Block,
    Button,
    HeaderBlock,
    RawText,
    RichText,
    RichTextObject,
    RichTextSection,
    TableBlock,
)

from bot import words
from bot.blocks import CHOICE_MOST, actions, button, context, fit, section, sections
from bot.reports import card, chart, lottery, priced
from bot.reports.message import Message

Facts = Mapping[str, Any]
DAY_SECONDS = 86_400
_AS = {"24 h average": "On 24 h average", "Average so far": "On average so far"}
SMALLEST_GAP = 0.001  # Of the metric's range: below a thousandth the averages are called level.
NAME_MOST = 40  # In a table of several measures: Slack counts the characters of a whole message.


def render(facts: Facts) -> Message:
    name = words.decision(facts["decision_id"])
    headlines = _headlines(facts)
    heading = f"*{words.escape(facts['question'])}*\n{card.state(facts)}"
    blocks: list[Block] = [
        HeaderBlock(f"Spread report {name}", block_id="header"),
        section("\n".join([heading, *map(words.escape, headlines)]), "headline"),
        _table(facts),
        *chart.charts(facts),
        *sections([f"• {caveat}" for caveat in _caveats(facts)], "caveats"),
        *actions("actions", _buttons(facts)),
        context(_footer(facts), "footer"),
    ]
    return Message(words.escape(f"{name}: {facts['question']} {' '.join(headlines)}"), tuple(blocks))


def plain(facts: Facts) -> list[str]:
    """The report where no table may stand, in lines: in a modal."""
    several = len(facts["measures"]) > 1
    lines = [f"*{words.escape(facts['question'])}*", card.state(facts)]
    lines += [words.escape(headline) for headline in _headlines(facts)]
    for measure in facts["measures"]:
        lines += ["", *([f"*{words.escape(measure['metric'])}*"] if several else [])]
        lines += [words.escape(f"• {_in_words(facts, measure, line)}") for line in measure["options"]]
    return [*lines, "", *(f"• {caveat}" for caveat in _caveats(facts)), "", _footer(facts)]


def _in_words(facts: Facts, measure: Facts, line: Facts) -> str:
    now, average = (priced.value(measure, line[kind]) for kind in ("expected", "average"))
    metric = f"{line['metric']} " if priced.is_mixed(measure) else ""
    traded = words.count(line["trades"], "trade")
    return f"{_name(line)}: {metric}{now} now, {average} {_average(facts).lower()}, {traded}"


def _name(line: Facts, most: int = CHOICE_MOST) -> str:
    """The option, not escaped, marked if it was added while the others traded already."""
    return fit(line["name"], most) + (" (added later)" if line["added_at"] else "")


def _headlines(facts: Facts) -> list[str]:
    """One sentence a measure, not escaped; one for all while nobody has traded anything."""
    if facts["traders"] == 0:
        return ["Nobody has traded yet: these are the base rates that were stated at opening."]
    return [_headline(facts, measure) for measure in facts["measures"]]


def _headline(facts: Facts, measure: Facts) -> str:
    spread = measure["spread"]
    if not _is_traded(measure):
        return f"Nobody has traded {measure['metric']} yet: these numbers are base rates."
    said = f"{_AS[_average(facts)]} the market prices"
    leader, follower = spread["leader"], spread["follower"]
    metric = {line["name"]: line["metric"] for line in measure["options"]}
    gap = priced.value(measure, spread["gap"])
    is_level = spread["gap"] < SMALLEST_GAP * (measure["high"] - measure["low"])
    if priced.is_mixed(measure):
        there, here = f"{metric[leader]} if {leader} is chosen", f"{metric[follower]} if {follower} is"
        return f"{said} {there} {'level with' if is_level else f'{gap} above'} {here}."
    if is_level:
        return f"{said} {measure['metric']} the same if {leader} or {follower} is chosen."
    return f"{said} {measure['metric']} {gap} higher if {leader} is chosen than if {follower} is."


def _is_traded(measure: Facts) -> bool:
    return any(line["trades"] for line in measure["options"])


def _average(facts: Facts) -> str:
    """What the averages are over: the last day, or all there was if that is less."""
    whole = facts["window_end"] - facts["window_start"] >= DAY_SECONDS
    return "24 h average" if whole else "Average so far"


def _table(facts: Facts) -> TableBlock:
    """One small table a measure, stacked: Slack takes only one table block in a message."""
    several = len(facts["measures"]) > 1
    rows: list[list[RawText | RichTextObject]] = []
    for measure in facts["measures"]:
        is_named = several and not priced.is_mixed(measure)
        about = f"{fit(measure['metric'], NAME_MOST)} if chosen" if is_named else "If chosen"
        heading = [about, "Now", _average(facts), "Trades"]
        rows.append([_bold(cell) if rows else RawText(cell) for cell in heading])
        rows += [[RawText(cell) for cell in _cells(facts, measure, line)] for line in measure["options"]]
    return TableBlock(rows, block_id="table")


def _cells(facts: Facts, measure: Facts, line: Facts) -> list[str]:
    most = NAME_MOST if len(facts["measures"]) > 1 else CHOICE_MOST
    metric = f", {fit(line['metric'], NAME_MOST)}" if priced.is_mixed(measure) else ""
    now, average = (priced.value(measure, line[kind]) for kind in ("expected", "average"))
    return [f"{_name(line, most)}{metric}", now, average, str(line["trades"])]


def _bold(text: str) -> RichTextSection:
    return RichTextSection([RichText(text, bold=True)])


_SAYS = {True: "what traders expect of", False: "the base rate of"}


def _caveats(facts: Facts) -> list[str]:
    measures = facts["measures"]
    metrics = {line["metric_id"] for measure in measures for line in measure["options"]}
    counted = words.escape(measures[0]["metric"]) if len(metrics) == 1 else "its metric"
    meaning = (
        f"*If chosen:* each number is {_SAYS[facts['traders'] > 0]} {counted} given that the option "
        "is chosen by its deciders, the way they choose. It is not the effect of choosing it."
    )
    caveats = [meaning, *lottery.lines(facts)]
    if facts["state"] in {"open", "closed"}:
        caveats += [_cost_to_flip(measure, len(measures)) for measure in measures if _is_traded(measure)]
    caveats += [_width(each) for each in measures if any(line["implied"] for line in each["options"])]
    caveats += _added(measures[0])
    if facts["traders"] == 0:
        return [*caveats, "*Behind it:* nobody has traded, so there is no evidence in these numbers yet."]
    owners = "the metric owner" if len(metrics) == 1 else "metric owners"
    return [
        *caveats,
        f"*Behind it:* {words.people(facts['traders'])} traded. Deciders and {owners} may not.",
    ]


def _cost_to_flip(measure: Facts, measures: int) -> str:
    spread = measure["spread"]
    outlay, loss = (
        words.credits(spread["outlay_credits"] * 1e6),
        words.credits(spread["expected_loss_credits"] * 1e6),
    )
    leader, follower = words.escape(spread["leader"]), words.escape(spread["follower"])
    of = f" ({words.escape(measure['metric'])})" if measures > 1 else ""
    return (
        f"*Cost to flip{of}:* somebody could make {leader} and {follower} level by putting {outlay} at stake; if the "
        f"prices are right that loses {loss} on average."
    )


def _width(measure: Facts) -> str:
    """Where markets in bins see eight chances in ten, which an expected value alone does not say."""
    ranges = [
        f"between {words.escape(priced.bare(measure, low))} and {words.escape(priced.value(measure, high))} "
        f"if {words.escape(line['name'])}"
        for line in measure["options"]
        if line["implied"]
        for low, _, high in [line["implied"]["quantiles"]]
    ]
    return f"*Eight chances in ten ({words.escape(measure['metric'])}):* {', '.join(ranges)}."


def _added(measure: Facts) -> list[str]:
    """The same options stand in every measure, so one of them tells."""
    return [
        f"*Added later:* {words.escape(line['name'])} trades only since {words.moment(line['added_at'])}; "
        "no average of it reaches further back."
        for line in measure["options"]
        if line["added_at"]
    ]


def _buttons(facts: Facts) -> list[Button]:
    if lottery.awaits(facts):
        return lottery.buttons(facts)
    if facts["state"] == "closed" and not facts["recorded"]:
        return [
            button("Record the decision", "record", facts["decision_id"], primary=True),
            button("Withdraw", "withdraw", facts["decision_id"]),
        ]
    return []


def _footer(facts: Facts) -> str:
    return f"Averages from {words.moment(facts['window_start'])} to {words.moment(facts['window_end'])}"
