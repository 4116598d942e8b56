"""Halting a decision's trading, or letting it go on: why, for everybody to read."""

import json
from datetime import UTC, datetime

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from core.errors import NotAllowed, NotOpen
from core.exchange import board, halting
from core.exchange.board import Row
from core.exchange.halting import HALTED, NOT_HALTED

VIEW = "halt"
REASON_MOST = 1000

_TITLE = {True: "Halt", False: "Resume"}
_FOLLOWS = {
    True: "• Nobody can trade it until an admin lets it go on.\n"
    "• Shares and limit orders stay as they are; limit orders can be cancelled.\n"
    "• The dates stay, and its deciders can decide.",
    False: "• Everybody can trade it again at once, from the prices at which it was halted.\n"
    "• Limit orders that wait can be met again.",
}
_SUBMIT = {True: "Halt trading", False: "Let it trade"}
_DONE = {True: "Trading is halted", False: "It trades again"}


async def open_modal(ask: Ask) -> Answer:
    """Halts what trades, and resumes what is halted."""
    row: Row = await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)
    await show(ask, row, to_halt=row.report.halted_at is None)
    return ACK


async def show(ask: Ask, row: Row, *, to_halt: bool) -> None:
    """Whoever may not do it, or finds it done, is told so before they type; core checks it all the same."""
    if not row.standing.is_admin:
        raise NotAllowed("halt", "admins_only", tuple(await ask.read(board.admins)))
    since = row.report.halted_at
    if to_halt and since is not None:
        at = datetime.fromtimestamp(since, tz=UTC)
        raise NotOpen("decision", words.decision(row.decision_id), HALTED, at)
    if not to_halt and since is None:
        raise NotOpen("decision", words.decision(row.decision_id), NOT_HALTED)
    await ask.open(_view(row, to_halt=to_halt))


async def submit(ask: Ask) -> Answer:
    decision_id, to_halt = json.loads(ask.view["private_metadata"])
    reason = inputs.text(ask.typed, "reason")
    await ask.write(halting.halt if to_halt else halting.resume, ask.by, decision_id, reason)
    name = words.decision(decision_id)
    text = f":white_check_mark: {_DONE[to_halt]}: {name}. Both channels are told now."
    return update(done(_DONE[to_halt], text))


def _view(row: Row, *, to_halt: bool) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\n{_FOLLOWS[to_halt]}", "consequence"),
        inputs.labelled("reason", "Reason", reason, "Everybody will read it."),
    ]
    title = f"{_TITLE[to_halt]} {words.decision(row.decision_id)}"
    return modal(title, blocks, _SUBMIT[to_halt], VIEW, json.dumps([row.decision_id, to_halt]))
