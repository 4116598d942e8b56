"""Ruling on an objection to a reading: upheld or dismissed, with a reason, by an admin."""

from slackblocks import Block, InputBlock, ModalView, Option, PlainText, PlainTextInput, RadioButtonGroup

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import objecting
from core.errors import NotAllowed, NotOpen
from core.exchange import board, resolving

VIEW = "ruling"
RULING_MOST = 1000
UPHOLD, DISMISS = "uphold", "dismiss"
_RULINGS = {
    UPHOLD: ("Uphold the objection", "The reading does not count, and its owner files it anew"),
    DISMISS: ("Dismiss the objection", "The reading is final at once, and everybody is paid by it"),
}
_SAID = {
    UPHOLD: "The reading does not count any more; the metric's owner files it anew.",
    DISMISS: "The reading is final, and everybody is paid now.",
}


async def open_modal(ask: Ask) -> Answer:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("rule", "admins_only", tuple(await ask.read(board.admins)))
    subject = await objecting.about(ask)
    metric = subject.metric
    if metric.reading is None or metric.reading.objection is None or not metric.reading.is_objected:
        raise NotOpen("metric", metric.definition.name, "no_objection")
    doubt = (
        f"{words.person(metric.objected_by or '')} objects:\n{words.quoted(metric.reading.objection.reason)}"
    )
    said = f"{objecting.filed(subject, metric.reading)}\n{doubt}"
    await ask.open(_view(f"*{words.escape(subject.question)}*\n{said}", subject.metric_id))
    return ACK


async def submit(ask: Ask) -> Answer:
    metric_id, chosen = int(ask.view["private_metadata"]), ask.typed["ruling"]["selected_option"]["value"]
    ruling = str(ask.typed["reason"]["value"])
    await ask.write(resolving.rule, ask.by, metric_id, is_upheld=chosen == UPHOLD, ruling=ruling)
    text = f":white_check_mark: {_SAID[chosen]} It is told in public now."
    return update(done("Ruled", text))


def _view(about: str, metric_id: int) -> ModalView:
    options = [
        Option(PlainText(text), value, PlainText(follows)) for value, (text, follows) in _RULINGS.items()
    ]
    blocks: list[Block] = [
        section(about, "reading"),
        section("It cannot be changed once you have ruled.", "consequence"),
        InputBlock(PlainText("Your ruling"), RadioButtonGroup("ruling", options), block_id="ruling"),
        InputBlock(
            PlainText("Reason"),
            PlainTextInput("reason", multiline=True, max_length=RULING_MOST),
            block_id="reason",
            hint=PlainText("Everybody will read it."),
        ),
    ]
    return modal("Rule on an objection", blocks, "Rule", VIEW, str(metric_id))
