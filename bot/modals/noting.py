"""Noting: a decider adds to the record; anybody logs what arrived between the close and the decision."""

import json
from datetime import UTC, datetime

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.modals.inputs import Typed
from core.errors import NotAllowed, NotOpen
from core.exchange import board, noting
from core.exchange.board import Row
from core.exchange.noting import Kind

VIEW = "note"
LINKS_MOST = 3000
LINKS_HINT = "One a line, at most ten, beginning with https:// or http://."

_TITLE = {Kind.ADDENDUM: "Add to record", Kind.LATE: "Arrived late"}
_SUBMIT = {Kind.ADDENDUM: "Add it", Kind.LATE: "Log it"}
_LABEL = {Kind.ADDENDUM: "What to add", Kind.LATE: "What arrived, and when"}
_SAID = {
    Kind.ADDENDUM: "What is recorded stays as it is. This is added under it, with your name, and cannot be taken back.",
    Kind.LATE: "What arrived after trading was closed is in no price, so the report lists it. It cannot be taken back.",
}


async def open_late(ask: Ask) -> Answer:
    await show(ask, await _row(ask), Kind.LATE)
    return ACK


async def open_addendum(ask: Ask) -> Answer:
    await show(ask, await _row(ask), Kind.ADDENDUM)
    return ACK


async def show(ask: Ask, row: Row, kind: Kind) -> None:
    """Whoever may not do it, or comes too early, is told so before they type; core checks it all the same."""
    name = words.decision(row.decision_id)
    if kind == Kind.ADDENDUM and not row.standing.is_decider:
        raise NotAllowed("add_to_record", "deciders_only", row.deciders)
    if kind == Kind.ADDENDUM and not row.report.recorded:
        raise NotOpen("decision", name, "unrecorded")
    closes_at = datetime.fromtimestamp(row.closes_at, tz=UTC)
    if row.state == "open" and ask.now < closes_at:
        raise NotOpen("decision", name, "not_closed", closes_at)
    await ask.open(_view(row, kind))


async def submit(ask: Ask) -> Answer:
    decision_id, kind = json.loads(ask.view["private_metadata"])
    text = inputs.text(ask.typed, "text")
    await ask.write(noting.note, ask.by, decision_id, Kind(kind), text, links(ask.typed))
    said = f":white_check_mark: It stands with {words.decision(decision_id)} now. Both channels are told."
    return update(done(_TITLE[Kind(kind)], said))


def links(typed: Typed) -> tuple[str, ...]:
    """One a line."""
    return tuple(filter(None, map(str.strip, inputs.text(typed, "links").splitlines())))


def _view(row: Row, kind: Kind) -> ModalView:
    text = PlainTextInput("text", multiline=True, max_length=noting.TEXT_MOST)
    urls = PlainTextInput("links", multiline=True, max_length=LINKS_MOST)
    blocks: list[Block] = [
        section(f"*{words.escape(row.question)}*\n{_SAID[kind]}", "about"),
        inputs.labelled("text", _LABEL[kind], text, "Everybody will read it."),
        inputs.labelled("links", "Links", urls, LINKS_HINT, is_optional=True),
    ]
    title = f"{_TITLE[kind]} {words.decision(row.decision_id)}"
    return modal(title, blocks, _SUBMIT[kind], VIEW, json.dumps([row.decision_id, kind]))


async def _row(ask: Ask) -> Row:
    row: Row = await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)
    return row
