"""Withdrawing a decision: why, then one look at what follows before it is done."""

import json
from datetime import UTC, datetime

from slackblocks import Block, InputBlock, ModalView, PlainText, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals.recording import require_unrecorded
from core.errors import NotAllowed, NotOpen
from core.exchange import board, deciding, foreseeing
from core.exchange.board import Row
from core.exchange.foreseeing import IfWithdrawn

VIEW, CONFIRM_VIEW = "withdraw", "withdraw_confirm"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not row.standing.is_decider:
        raise NotAllowed("withdraw", "deciders_only", row.deciders)
    require_unrecorded(row)
    closes_at = datetime.fromtimestamp(row.closes_at, tz=UTC)
    if row.report.lottery and ask.now >= closes_at:
        raise NotOpen("decision", words.decision(row.decision_id), "lottery_closed", closes_at)
    await ask.open(_view(row))


async def review(ask: Ask) -> Answer:
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    follows: IfWithdrawn = await ask.read(foreseeing.if_withdrawn, ask.by, row.decision_id)
    return push(_confirm_view(row, follows, str(ask.typed["reason"]["value"])))


async def submit(ask: Ask) -> Answer:
    decision_id, reason = json.loads(ask.view["private_metadata"])
    record = await ask.write(deciding.withdraw, ask.by, decision_id, reason)
    text = f":white_check_mark: Withdrawn. All stakes go back {words.moment(record.final_at)}; both channels are told now."
    return update(done("Withdrawn", text))


def _view(row: Row) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*", "question"),
        InputBlock(PlainText("Reason"), reason, block_id="reason", hint=PlainText("Everybody will read it.")),
    ]
    return modal(f"Withdraw {words.decision(row.decision_id)}", blocks, "Review", VIEW, str(row.decision_id))


def _confirm_view(row: Row, follows: IfWithdrawn, reason: str) -> ModalView:
    text = (
        f"You are about to withdraw “{words.escape(row.question)}”.\n\n"
        "• Trading stops at once.\n"
        f"• {words.after_window(row.record_challenge_seconds)}, everybody who traded "
        f"({words.people(row.report.traders)}) has back exactly what they put in; gains and losses are void. "
        f"That is *{words.credits(follows.credits)}* to {words.people(follows.people)}.\n"
        "• It cannot be undone.\n\n"
        f"Your reason, for everybody to read:\n{words.quoted(reason)}"
    )
    return modal(
        "Are you sure?",
        [section(text, "consequence")],
        "Withdraw it",
        CONFIRM_VIEW,
        json.dumps([row.decision_id, reason], ensure_ascii=False),
        close="Back",
    )
