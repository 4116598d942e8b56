"""The spread report: a headline, a table, a chart, three caveats; and a button for all else that makes it honest."""

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
from bot.reports import caveats, chart, declared, defined, headline, kept, lottery, priced, record, welfare
from bot.reports.card import state
from bot.reports.message import Message

Facts = Mapping[str, Any]
NAME_MOST = 40  # In a table of several measures: Slack counts the characters of a whole message.
MORE = "report_more"
NOTHING = "-"


def render(facts: Facts) -> Message:
    facts = kept.complete(facts)
    name, headlines = words.decision(facts["decision_id"]), headline.headlines(facts)
    heading = f"*{words.escape(facts['question'])}*\n{state(facts)}"
    blocks: list[Block] = [
        HeaderBlock(f"Spread report {name}", block_id="header"),
        section("\n".join([heading, *map(words.escape, headlines)]), "headline"),
        _table(facts),
        *chart.charts(facts),
        *sections(lottery.lines(facts), "lottery"),
        *sections(welfare.lines(facts), "welfare"),
        *sections([f"• {caveat}" for caveat in caveats.three(facts)], "caveats"),
        *sections([*declared.lines(facts), *record.lines(facts)], "deciders"),
        *sections(defined.marks(facts), "redefined"),
        *actions("actions", [*_deciding(facts), more(facts)]),
        context(_footer(facts), "footer"),
    ]
    return Message(words.escape(f"{name}: {facts['question']} {' '.join(headlines)}"), tuple(blocks))


def plain(facts: Facts) -> list[str]:
    """The report where no table may stand, in lines: in a modal."""
    facts = kept.complete(facts)
    several = len(facts["measures"]) > 1
    lines = [f"*{words.escape(facts['question'])}*", state(facts)]
    lines += [words.escape(said) for said in headline.headlines(facts)]
    for measure in facts["measures"]:
        lines += ["", *([f"*{words.escape(measure['metric'])}*"] if several else [])]
        lines += [words.escape(f"• {_in_words(facts, measure, line)}") for line in measure["options"]]
    lines += [
        "",
        *lottery.lines(facts),
        *welfare.lines(facts),
        *(f"• {caveat}" for caveat in caveats.three(facts)),
    ]
    return [*lines, "", *declared.lines(facts, is_whole=True), *record.lines(facts), "", _footer(facts)]


def more(facts: Facts) -> Button:
    """Opens all that the report has no room for."""
    name = words.decision(facts["decision_id"])
    return button("More", MORE, facts["decision_id"], f"More on how far to trust {name}")


def _in_words(facts: Facts, measure: Facts, line: Facts) -> str:
    metric = f"{line['metric']} " if priced.is_mixed(measure) else ""
    kinds = {"expected": "now", "average": headline.average(facts).lower(), "median": "median"}
    said = [f"{priced.value(measure, line[of])} {name}" for of, name in kinds.items() if line[of] is not None]
    if line["moved"] is not None:
        said.append(f"{priced.change(measure, line['moved'])} since the last report")
    return f"{_name(line)}: {metric}{', '.join(said)}, {words.count(line['trades'], 'trade')}"


def _name(line: Facts, most: int = CHOICE_MOST) -> str:
    """The option, not escaped, marked if it was added while the others traded already."""
    return fit(line["name"], most) + (" (added later)" if line["added_at"] else "")


def _table(facts: Facts) -> TableBlock:
    """One small table a measure, stacked: Slack takes only one table block in a message."""
    several = len(facts["measures"]) > 1
    rows: list[list[RawText | RichTextObject]] = []
    for measure in facts["measures"]:
        is_named = several and not priced.is_mixed(measure)
        about = (
            f"{fit(measure['metric'], NAME_MOST)} if {priced.how(measure)}"
            if is_named
            else f"If {priced.how(measure)}"
        )
        counted = priced.counted(measure)
        about += f", {counted}" if counted else ""
        heading = [about, "Now", headline.average(facts), "Median", "Move"]
        rows.append([_bold(cell) if rows else RawText(cell) for cell in heading])
        rows += [[RawText(cell) for cell in _cells(facts, measure, line)] for line in measure["options"]]
    return TableBlock(rows, block_id="table")


def _cells(facts: Facts, measure: Facts, line: Facts) -> list[str]:
    """The unit stands in the heading, so that a phone shows all columns; of what is not known, a dash."""
    most = NAME_MOST if len(facts["measures"]) > 1 else CHOICE_MOST
    metric = f", {fit(line['metric'], NAME_MOST)}" if priced.is_mixed(measure) else ""
    values = [line[kind] for kind in ("expected", "average", "median")]
    said = [NOTHING if each is None else priced.bare(measure, each) for each in values]
    moved = NOTHING if line["moved"] is None else priced.bare_change(measure, line["moved"])
    return [f"{_name(line, most)}{metric}", *said, moved]


def _bold(text: str) -> RichTextSection:
    return RichTextSection([RichText(text, bold=True)])


def _deciding(facts: Facts) -> list[Button]:
    """Of a report that stands in a channel none once that is done: it is told anew then."""
    if facts.get("is_answered"):
        return []
    if lottery.awaits(facts):
        return lottery.buttons(facts)
    if facts["state"] == "closed" and not facts["recorded"]:
        return [
            button("Record the decision", "record", facts["decision_id"], primary=True),
            button("Withdraw", "withdraw", facts["decision_id"]),
            button("Something arrived late", "late", facts["decision_id"]),
        ]
    return []


def _footer(facts: Facts) -> str:
    averaged = f"Averages and medians from {words.moment(facts['window_start'])} to {words.moment(facts['window_end'])}"
    moved = any(line["moved"] is not None for measure in facts["measures"] for line in measure["options"])
    return f"{averaged} · {'Move: of the average, since the last report' if moved else 'No earlier report to compare with'}"
