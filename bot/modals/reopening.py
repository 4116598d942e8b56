"""Reopening the ballots after the close, with a reason that the committee reads; and closing them again."""

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, notice, update
from bot.modals import inputs
from core.exchange import board, valuing
from core.exchange.board import Row

VIEW = "reopening"


async def open_modal(ask: Ask) -> Answer:
    await ask.open(_view(await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)))
    return ACK


async def submit(ask: Ask) -> Answer:
    decision_id = int(ask.view["private_metadata"])
    await ask.write(valuing.reopen, ask.by, decision_id, inputs.text(ask.typed, "reason"))
    text = (
        f":white_check_mark: The ballots of {words.decision(decision_id)} are open again. The committee is told now; "
        "whoever voted can vote anew."
    )
    return update(done("Reopened", text))


async def close(ask: Ask) -> Answer:
    decision_id = int(ask.action["value"])
    await ask.write(valuing.close, ask.by, decision_id)
    name = words.decision(decision_id)
    await ask.open(
        notice("Closed", f":white_check_mark: The ballots of {name} are closed. The committee is told now.")
    )
    return ACK


def _view(row: Row) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=valuing.REASON_MOST)
    said = (
        f"*{words.escape(row.question)}*\n• Its deciders can vote anew what its metrics are worth; who does not keeps their "
        "ballot.\n• New ballots are sealed, and count once the ballots are closed or the decision is recorded."
    )
    blocks: list[Block] = [
        section(said, "consequence"),
        inputs.labelled(
            "reason", "Reason", reason, "The committee will read it, and it stays in the report."
        ),
    ]
    name = words.decision(row.decision_id)
    return modal(f"Reopen ballots {name}", blocks, "Reopen them", VIEW, str(row.decision_id))
