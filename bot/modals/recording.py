"""Recording a decision: what was chosen and why, then one look at what follows before it is said."""

import json
from datetime import UTC, datetime

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
)

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, push, update
from core.errors import NotAllowed, NotOpen
from core.exchange import board, deciding, foreseeing
from core.exchange.board import Row
from core.exchange.foreseeing import IfChosen
from core.exchange.reporting import OptionLine, Report

VIEW, CONFIRM_VIEW = "record", "record_confirm"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not row.standing.is_decider:
        raise NotAllowed("record", "deciders_only", row.deciders)
    closes_at = datetime.fromtimestamp(row.closes_at, tz=UTC)
    if row.state == "open" and ask.now < closes_at:
        raise NotOpen("decision", words.decision(row.decision_id), "still_open", closes_at)
    if row.report.recorded:
        raise NotOpen("decision", words.decision(row.decision_id), "recorded")
    if row.state == "drawn":
        raise NotOpen("decision", words.decision(row.decision_id), "drawn")
    if row.report.lottery and row.report.lottery.awaits:
        raise NotOpen("decision", words.decision(row.decision_id), "undrawn")
    await ask.open(_view(row))


async def review(ask: Ask) -> Answer:
    """What recording it would do, in numbers; nothing is written yet."""
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    chosen = ask.typed["option"]["selected_option"]
    number, reason = int(chosen["value"]), str(ask.typed["reason"]["value"])
    follows: IfChosen = await ask.read(foreseeing.if_chosen, ask.by, row.decision_id, number)
    return push(_confirm_view(row, follows, number, chosen["text"]["text"], reason))


async def submit(ask: Ask) -> Answer:
    decision_id, option_number, reason = json.loads(ask.view["private_metadata"])
    record = await ask.write(deciding.record, ask.by, decision_id, option_number, reason)
    text = f":white_check_mark: Recorded. It takes effect {words.moment(record.final_at)}; both channels are told now."
    return update(done("Recorded", text))


def _view(row: Row) -> ModalView:
    report = row.report
    choices = [Option(PlainText(line.name), str(line.number)) for line in report.measures[0].options]
    blocks: list[Block] = [
        section(f"*{words.escape(report.question)}*", "question"),
        InputBlock(PlainText("The decision"), RadioButtonGroup("option", choices), block_id="option"),
        InputBlock(
            PlainText("Reason"),
            PlainTextInput("reason", multiline=True, max_length=REASON_MOST),
            block_id="reason",
            hint=PlainText("Everybody will read it. What did you know that the market did not?"),
        ),
    ]
    return modal(
        f"Record {words.decision(report.decision_id)}", blocks, "Review", VIEW, str(report.decision_id)
    )


def _traded(report: Report, line: OptionLine) -> str:
    """The option, and how many traded it; over several measures the same people would be counted again."""
    name = words.escape(line.name)
    return name if len(report.measures) > 1 else f"{name} ({words.people(line.traders)})"


def _confirm_view(row: Row, follows: IfChosen, number: int, name: str, reason: str) -> ModalView:
    report = row.report
    others = [_traded(report, line) for line in report.measures[0].options if line.number != number]
    hold = "holds" if follows.holders == 1 else "hold"
    text = (
        f"You are about to record *{words.escape(name)}* for “{words.escape(report.question)}”.\n\n"
        f"• {words.after_window(row.record_challenge_seconds)} it takes effect.\n"
        f"• {_back(others, follows)}\n"
        f"• {words.escape(name)}, of which {words.people(follows.holders)} {hold} shares, "
        f"trades on until {words.moment(report.freezes_at)}.\n"
        "• It cannot be changed once it is recorded.\n\n"
        f"Your reason, for everybody to read:\n{words.quoted(reason)}"
    )
    return modal(
        "Are you sure?",
        [section(text, "consequence")],
        "Record it",
        CONFIRM_VIEW,
        json.dumps([report.decision_id, number, reason], ensure_ascii=False),
        close="Back",
    )


def _back(others: list[str], follows: IfChosen) -> str:
    """``others`` are the options that are not chosen, in words."""
    named = " and on ".join(others)
    if not follows.people:
        return "Nobody has anything on the other options, so nothing goes back."
    back = f"*{words.credits(follows.credits)}* to {words.people(follows.people)} in all"
    return f"Then what was put on {named} goes back: {back}."
