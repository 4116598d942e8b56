"""Objecting to a reading: why it is wrong, and what that holds up."""

from slackblocks import Block, InputBlock, ModalView, PlainText, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.reports import readings
from core.errors import NotAllowed, NotOpen
from core.exchange import measured, resolving
from core.exchange.measured import Subject
from core.exchange.resolving import Reading

VIEW = "objecting"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    """Whoever cannot object any more is told so before they type; core checks it all the same."""
    subject = await about(ask)
    metric = subject.metric
    name, reading = metric.definition.name, metric.reading
    if reading is None or reading.is_final(ask.now):
        raise NotOpen("metric", name, "read" if reading else "unread")
    if metric.filed_by == ask.by:
        raise NotAllowed("object", "own_reading")
    if reading.is_objected or reading.is_set_aside:
        raise NotOpen("metric", name, "objected" if reading.is_objected else "set_aside")
    await ask.open(_view(subject, reading))
    return ACK


async def about(ask: Ask) -> Subject:
    """The metric that a button is about; buttons of older messages say its decision before it."""
    metric_id = int(ask.action["value"].rpartition(":")[2])
    found: Subject = await ask.read(measured.subject, ask.by, metric_id)
    return found


async def submit(ask: Ask) -> Answer:
    metric_id = int(ask.view["private_metadata"])
    await ask.write(resolving.challenge, ask.by, metric_id, str(ask.typed["reason"]["value"]))
    text = (
        ":white_check_mark: Your objection stands. Nobody is paid before an admin has ruled; "
        "it is told in public now."
    )
    return update(done("Objected", text))


def _view(subject: Subject, reading: Reading) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(subject.question)}*\n{filed(subject, reading)}", "reading"),
        section("As long as no admin has ruled on your objection, nobody is paid.", "consequence"),
        InputBlock(
            PlainText("What is wrong with it"),
            reason,
            block_id="reason",
            hint=PlainText("Everybody will read it, with your name."),
        ),
    ]
    return modal("Object to a reading", blocks, "Object", VIEW, str(subject.metric_id))


def filed(subject: Subject, reading: Reading) -> str:
    """What was filed and where it was read, for somebody who doubts it; a question of its own stands above it."""
    metric = subject.metric
    name = "it" if subject.question == metric.definition.name else ""
    why = "Source" if reading.value is not None else "Reason"
    said = f"Filed by {words.person(metric.filed_by or '')}: {readings.came_to(metric, reading, name)}."
    return f"{said}\n{words.quoted(f'{why}: {reading.source}')}"
