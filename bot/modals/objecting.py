"""Objecting to a reading: why it is wrong, and what that holds up."""

from slackblocks import Block, InputBlock, ModalView, PlainText, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.reports import readings
from core.errors import NotAllowed, NotOpen
from core.exchange import board, resolving
from core.exchange.board import Row
from core.exchange.measured import MetricRow
from core.exchange.resolving import Reading

VIEW = "objecting"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    """Whoever cannot object any more is told so before they type; core checks it all the same."""
    decision_id, metric_id = (int(part) for part in ask.action["value"].split(":"))
    row: Row = await ask.read(board.row, ask.by, decision_id, ask.now)
    metric = row.metrics[metric_id]
    name, reading = metric.definition.name, metric.reading
    if reading is None or reading.is_final(ask.now):
        raise NotOpen("metric", name, "read" if reading else "unread")
    if metric.filed_by == ask.by:
        raise NotAllowed("object", "own_reading")
    if reading.is_objected or reading.is_set_aside:
        raise NotOpen("metric", name, "objected" if reading.is_objected else "set_aside")
    await ask.open(_view(row, metric_id, metric, reading))
    return ACK


async def submit(ask: Ask) -> Answer:
    metric_id = int(ask.view["private_metadata"])
    await ask.write(resolving.challenge, ask.by, metric_id, str(ask.typed["reason"]["value"]))
    text = (
        ":white_check_mark: Your objection stands. Nobody is paid before an admin has ruled; "
        "both channels are told now."
    )
    return update(done("Objected", text))


def _view(row: Row, metric_id: int, metric: MetricRow, reading: Reading) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\n{filed(metric, reading)}", "reading"),
        section("As long as no admin has ruled on your objection, nobody is paid.", "consequence"),
        InputBlock(
            PlainText("What is wrong with it"),
            reason,
            block_id="reason",
            hint=PlainText("Everybody will read it, with your name."),
        ),
    ]
    return modal("Object to a reading", blocks, "Object", VIEW, str(metric_id))


def filed(metric: MetricRow, reading: Reading) -> str:
    """What was filed and where it was read, for somebody who doubts it."""
    why = "Source" if reading.value is not None else "Reason"
    said = f"Filed by {words.person(metric.filed_by or '')}: {readings.came_to(metric, reading)}."
    return f"{said}\n{words.quoted(f'{why}: {reading.source}')}"
