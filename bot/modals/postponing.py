"""Moving the dates of a decision later: the dates that are not over yet, and why."""

from datetime import UTC, datetime

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from core.errors import NotAllowed, NotOpen
from core.exchange import board, postponing
from core.exchange.board import Row
from core.exchange.postponing import Dates

VIEW = "postpone"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not row.standing.is_admin:
        raise NotAllowed("postpone", "admins_only", tuple(await ask.read(board.admins)))
    if not _ahead(row, ask.now):
        raise NotOpen("decision", words.decision(row.decision_id), row.state)
    await ask.open(_view(row, ask.now))


async def submit(ask: Ask) -> Answer:
    decision_id = int(ask.view["private_metadata"])
    row: Row = await ask.read(board.row, ask.by, decision_id, ask.now)
    dates = {
        name: inputs.time(ask.typed, name) if name in ask.typed else _date(row, name) for name in words.DATES
    }
    reason = inputs.text(ask.typed, "reason")
    await ask.write(postponing.postpone, ask.by, decision_id, Dates(**dates), reason)
    name = words.decision(decision_id)
    return update(done("Moved", f":white_check_mark: {name} has its new dates. Both channels are told now."))


def _view(row: Row, now: datetime) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\nDates can move later, never earlier.", "question")
    ]
    for name in _ahead(row, now):
        label, hint = words.DATES[name]
        blocks.append(inputs.labelled(name, label, inputs.moment(name, _date(row, name)), hint))
    blocks.append(inputs.labelled("reason", "Reason", reason, "Everybody will read it."))
    title = f"Move dates of {words.decision(row.decision_id)}"
    return modal(title, blocks, "Move the dates", VIEW, str(row.decision_id))


def _ahead(row: Row, now: datetime) -> list[str]:
    """The dates that are not over yet."""
    over = {
        "closes_at": row.state != "open",
        "decide_by": row.report.recorded,
        "freezes_at": row.state in {"settled", "withdrawn"},
    }
    return [name for name in words.DATES if not over[name] and now < _date(row, name)]


def _date(row: Row, name: str) -> datetime:
    return datetime.fromtimestamp(getattr(row.report, name), tz=UTC)
