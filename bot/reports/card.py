"""The card of a decision: what each option is priced at, when it closes, and a way to trade."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, context, section
from bot.reports import chart, defined, headline, horizon, lottery, priced
from bot.reports.message import Message

_STATES = {
    "open": "Trading closes {closes}",
    "halted": "Trading is halted since {halted} · the dates stay: it closes {closes}",
    "chosen halted": "*{chosen}* was chosen · trading on it is halted since {halted}",
    "closed": "Trading is closed · to be decided by {decide}",
    "recorded": "Decided: *{chosen}* · takes effect {final}",
    "recorded withdrawn": "Withdrawn · everybody gets back what they put in {final}",
    "chosen": "*{chosen}* was chosen · trading on it ends {freezes}",
    "frozen": "*{chosen}* was chosen · trading has ended, to be settled",
    "withdrawn": "Withdrawn · everybody gets back what they put in",
    "settled": "*{chosen}* was chosen · settled",
}

MARKS_MOST = 3  # Of a metric changed again and again the last say enough.

_UNTRADED = {
    False: "Nobody has traded it yet: these are base rates.",
    True: "Nobody traded it: these are base rates.",
}


def render(facts: Mapping[str, Any]) -> Message:
    name = words.decision(facts["decision_id"])
    question = words.escape(facts["question"])
    is_over = not facts["is_trading"] and not facts.get("halted_at")
    is_drawn = lottery.is_decided(facts)
    blocks: list[Block] = [
        section("\n".join([f"*{name}: {question}*", state(facts), *_results(facts)]), "decision"),
        *(
            section(_prices(facts, each, is_over=is_over), f"prices_{each['number']}")
            for each in facts["measures"]
            if not is_drawn or each.get("is_drawn")
        ),
        *lottery.on_card(facts),
        *([] if is_drawn else chart.charts(facts)),
        *(context(mark, f"redefined_{n}") for n, mark in enumerate(defined.marks(facts)[-MARKS_MOST:])),
        *(context(line, "horizon") for line in horizon.band(facts)),
        *actions("actions", _buttons(facts)),
        context(_footer(facts), "footer"),
    ]
    said = words.escape(
        " ".join(
            priced.sentence(each | {"options": (is_drawn and each["drawn"]) or each["options"]})
            for each in facts["measures"]
        )
    )
    return Message(f"{name}: {question} {said}", tuple(blocks))


def state(facts: Mapping[str, Any]) -> str:
    """Where the decision stands, in a few words."""
    if said := lottery.state(facts):
        return said
    return _STATES[_stage(facts)].format(
        final=words.moment(facts["final_at"]) if facts["final_at"] else "",
        closes=words.moment(facts["closes_at"]),
        halted=words.moment(facts["halted_at"]) if facts.get("halted_at") else "",
        decide=words.moment(facts["decide_by"]),
        freezes=words.moment(facts["freezes_at"]),
        chosen=words.escape(facts["chosen"] or ""),
    )


def _prices(facts: Mapping[str, Any], measure: Mapping[str, Any], *, is_over: bool) -> str:
    said = headline.ranking(facts, measure) if headline.is_traded(measure) else _UNTRADED[is_over]
    return f"{priced.listed(measure)}\n{said}"


def _results(facts: Mapping[str, Any]) -> list[str]:
    """What the metrics of the option that was chosen came to, once that is settled."""
    return [
        f"{words.escape(line['metric'])} {_came_to(measure, line)}, priced at "
        f"{words.escape(priced.value(measure, line['expected']))} when trading ended."
        for measure in facts["measures"]
        for line in [*measure["options"], *measure.get("drawn", ())]
        if line.get("is_settled")
    ]


def _came_to(measure: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    if line["came_to"] is None:
        return "was never measured"
    return f"came to *{words.escape(words.reading(line['came_to'], measure['unit']))}*"


def _stage(facts: Mapping[str, Any]) -> str:
    if facts["state"] == "closed" and facts["recorded"]:
        return "recorded" if facts["chosen"] else "recorded withdrawn"
    if facts.get("halted_at"):  # Reports that were kept before there were halts say nothing of them.
        return "chosen halted" if facts["state"] == "chosen" else "halted"
    if facts["state"] == "chosen" and not facts["is_trading"]:
        return "frozen"
    return str(facts["state"])


def _buttons(facts: Mapping[str, Any]) -> list[Button]:
    """None once nothing can happen any more; the report can still be asked for."""
    decision_id = facts["decision_id"]
    if facts["state"] in {"withdrawn", "settled"}:
        return []
    report = button("Report", "report", decision_id)
    if facts["is_trading"]:
        return [button("Trade", "trade", words.decision(decision_id), primary=True), report]
    if facts["state"] == "closed" and not facts["recorded"] and not lottery.awaits(facts):
        return [button("Record the decision", "record", decision_id), report]
    return [report]


def _footer(facts: Mapping[str, Any]) -> str:
    lines = [line for m in facts["measures"] for line in [*m["options"], *m.get("drawn", ())]]
    trades = sum(line["trades"] for line in lines)
    by = (
        f"{words.count(trades, 'trade')} by {words.people(facts['traders'])} · prices" if trades else "Prices"
    )
    return f"{by} are evidence, not a vote · updated {words.moment(facts['at'])}"
