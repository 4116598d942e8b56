"""Decisions in a list: prices, when each closes, and what the reader may do."""

from dataclasses import asdict

from slackblocks import Block

from bot import words
from bot.blocks import actions, button, sections
from bot.modals import fileable, managing
from bot.reports import card, priced, readings
from core.exchange.board import Row

NONE_OPEN = "No decision is open. An admin opens one with `/decision new`."


def lines(row: Row) -> list[str]:
    """The question, the prices, and where it stands."""
    facts = asdict(row.report)
    heading = f"*{words.decision(row.decision_id)}: {words.escape(row.question)}*"
    return [heading, *(priced.inline(measure) for measure in facts["measures"]), card.state(facts)]


def one(row: Row) -> list[Block]:
    """All that, what was filed, and buttons."""
    name, said = words.decision(row.decision_id), [*lines(row), *_readings(row)]
    buttons = [button("Report", "report", row.decision_id, f"Report on {name}")]
    if row.standing.may_trade and row.report.is_trading:
        buttons.insert(0, button("Trade", "trade", name, f"Trade {name}", primary=True))
    if managing.buttons(row):
        buttons.append(button("Manage", managing.MANAGE, row.decision_id, f"Manage {name}"))
    if row.report.is_trading and not row.standing.may_trade:
        said.append("You decide it or file its reading, so you may not trade it.")
    return [*sections(said, f"decision_{row.decision_id}"), *actions(f"do_{row.decision_id}", buttons)]


def _readings(row: Row) -> list[str]:
    """What was filed for the option that was chosen, and whether it counts."""
    metrics = [row.metrics[metric_id] for metric_id in fileable.on_chosen(row)]
    return [
        f"{readings.came_to(each, each.reading)} · {readings.standing(each.reading, row.report.at)}"
        for each in metrics
        if each.reading
    ]
