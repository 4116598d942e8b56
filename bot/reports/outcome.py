"""The outcome summary: what was priced, what happened, for each metric of the option that was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Block, HeaderBlock, RawText, TableBlock

from bot import words
from bot.blocks import context, fit, section, sections
from bot.reports import defined, hindsight
from bot.reports.message import Message

Facts = Mapping[str, Any]
NAME_MOST = 60
_MOMENTS = {
    "Opening, from the base rate": "opened_at_value",
    "24 h average before the close": "closed_at_value",
    "When trading ended": "frozen_at_value",
}


def render(facts: Facts) -> Message:
    name = words.decision(facts["decision_id"])
    headlines = [_headline(measure) for measure in facts["measures"]]
    taken = f"*{words.escape(facts['chosen'])}* {hindsight.how(facts)}"
    blocks: list[Block] = [
        HeaderBlock(f"Outcome {name}", block_id="header"),
        section(f"*{words.escape(facts['question'])}*\n{taken}", "question"),
        *sections([words.escape(headline) for headline in headlines], "headline"),
        _compared(facts),
        *sections(hindsight.lines(facts), "hindsight"),
        *sections(defined.marks(facts), "redefined"),
        context(_footer(facts), "footer"),
    ]
    return Message(words.escape(f"{name}: {facts['question']} {' '.join(headlines)}"), tuple(blocks))


def _headline(measure: Facts) -> str:
    priced = _value(measure, "closed_at_value")
    if measure["value"] is None:
        return (
            f"{measure['metric']} was never measured, so everybody was paid by {words.VOID_PRICES}: "
            f"they made it {priced}."
        )
    return f"{measure['metric']} came to {_came_to(measure)}. Before the close it was priced at {priced}."


def _compared(facts: Facts) -> TableBlock:
    """One column a metric."""
    measures = facts["measures"]
    if len(measures) == 1:
        heading = [
            f"{measures[0]['metric']} if {words.taken(facts['chosen'], facts.get('is_drawn') or None)}",
            "Priced at",
        ]
    else:
        heading = [
            f"Priced if {words.taken(facts['chosen'], facts.get('is_drawn') or None)}",
            *(fit(each["metric"], NAME_MOST) for each in measures),
        ]
    return _table([heading, *_rows(measures)])


def _rows(measures: Sequence[Facts]) -> list[list[str]]:
    rows = [[label, *(_value(each, moment) for each in measures)] for label, moment in _MOMENTS.items()]
    if any(each.get("committee") is not None for each in measures):
        rows.append(["What the committee had forecast", *map(_forecast, measures)])
    return [*rows, ["What happened", *(_came_to(each) for each in measures)]]


def _table(rows: Sequence[Sequence[str]]) -> TableBlock:
    return TableBlock([[RawText(cell) for cell in row] for row in rows], block_id="table")


def answer(facts: Facts) -> Message:
    """The same of a question that hangs on no decision."""
    (measure,) = facts["measures"]
    name, question = words.about(facts), words.escape(facts["question"])
    headline = words.escape(_headline(measure | {"metric": "It"}))
    rows = [["When", "Priced at"], *_rows([measure])]
    blocks: list[Block] = [
        HeaderBlock(f"Outcome {name}", block_id="header"),
        section(f"*{question}*\n{headline}", "question"),
        _table(rows),
        *sections(hindsight.lines(facts), "hindsight"),
        *sections(defined.marks(facts), "redefined"),
        context(_footer(facts, "it"), "footer"),
    ]
    return Message(f"{name}: {question} {headline}", tuple(blocks))


def _footer(facts: Facts, traded: str = "this option") -> str:
    several = len(facts["measures"]) > 1
    sources = [words.escape(_source(measure, is_named=several)) for measure in facts["measures"]]
    trades, people = words.count(facts["trades"], "trade"), words.people(facts["traders"])
    return " · ".join([f"{trades} by {people} on {traded}", *sources, "everybody has been paid"])


def _source(measure: Facts, *, is_named: bool) -> str:
    metric = f"{measure['metric']} " if is_named else ""
    return (
        f"{metric}{'not measured because' if measure['value'] is None else 'read from'}: {measure['source']}"
    )


def _forecast(measure: Facts) -> str:
    return "nothing" if measure.get("committee") is None else _value(measure, "committee")


def _came_to(measure: Facts) -> str:
    if measure["value"] is None:
        return "never measured"
    return words.reading(measure["value"], measure["unit"])


def _value(measure: Facts, moment: str) -> str:
    return words.value(measure[moment], measure["unit"], measure["low"], measure["high"])
