"""Filing the reading: what the metric came to, and where that was read."""

from datetime import UTC, datetime

from slackblocks import Block, InputBlock, ModalView, NumberInput, PlainText, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from core import units
from core.errors import NotAllowed, NotOpen
from core.exchange import board, resolving
from core.exchange.board import Row

VIEW = "filing"


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not row.standing.is_metric_owner:
        raise NotAllowed("file", "metric_owner_only", row.metric_owners)
    if row.state in {"open", "closed"}:
        final_at = row.report.final_at
        since = datetime.fromtimestamp(final_at, tz=UTC) if final_at else None
        raise NotOpen(
            "decision", words.decision(row.decision_id), "not_final" if since else "undecided", since
        )
    if row.read:
        raise NotOpen("metric", words.escape(row.report.metric), "read")
    await ask.open(_view(row))


async def submit(ask: Ask) -> Answer:
    decision_id = int(ask.view["private_metadata"])
    value = units.parse(str(ask.typed["value"]["value"]), "value")
    source = str(ask.typed["source"]["value"])
    filed = await ask.write(resolving.file_for_decision, ask.by, decision_id, value, source)
    text = (
        f":white_check_mark: Filed. Trading has ended; everybody is paid {words.moment(filed.final_at)}. "
        "Both channels are told now."
    )
    return update(done("Filed", text))


def _view(row: Row) -> ModalView:
    report = row.report
    intro = (
        f"*{words.escape(report.metric)}*, {words.escape(report.unit)}\n{words.escape(report.wording)}\n"
        f"Values below {words.escape(words.exact_value(report.low, report.unit))} or above "
        f"{words.escape(words.exact_value(report.high, report.unit))} settle as these ends. Filing it ends trading."
    )
    blocks: list[Block] = [
        section(intro, "definition"),
        InputBlock(
            PlainText(f"Value, {report.unit}"),
            NumberInput(is_decimal_allowed=True, action_id="value"),
            block_id="value",
        ),
        InputBlock(
            PlainText("Source"),
            PlainTextInput("source", max_length=500),
            block_id="source",
            hint=PlainText("Where anybody can read it: a link, a dashboard, a document."),
        ),
    ]
    return modal("File the reading", blocks, "File it", VIEW, str(report.decision_id))
