"""What deciders and admins do about a lottery: paste its beacon's value, say that it was misread, or not carried out."""

from collections.abc import Sequence
from dataclasses import dataclass

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from core.errors import NotAllowed, NotOpen
from core.exchange import board, drawing, pasting
from core.exchange.board import Row
from core.exchange.facts import Lottery

VIEW, MISREAD_VIEW, BREACH_VIEW = "draw", "misread", "breach"
VALUE_MOST, REASON_MOST = 200, 1000


@dataclass(frozen=True)
class _Act:
    """One of the three: its modal's id and title, what its button says, and what is typed in it."""

    view: str
    title: str
    submit: str
    fields: Sequence[str]


_DRAW = _Act(VIEW, "Draw", "Paste", ("beacon_value",))
_MISREAD = _Act(MISREAD_VIEW, "Misread", "Record it", ("beacon_value", "reason"))
_BREACH = _Act(BREACH_VIEW, "Breach", "Record it", ("reason",))

_FIELDS = {
    "beacon_value": ("Value", VALUE_MOST, "Exactly as the beacon published it, without blanks around it."),
    "reason": ("Reason", REASON_MOST, "Everybody will read it."),
}


async def open_draw(ask: Ask) -> Answer:
    await show_draw(ask, await _row(ask))
    return ACK


async def open_misread(ask: Ask) -> Answer:
    await show_misread(ask, await _row(ask))
    return ACK


async def open_breach(ask: Ask) -> Answer:
    await show_breach(ask, await _row(ask))
    return ACK


async def show_draw(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    of = _lottery(row)
    if of.read_by:
        _require_decider_or_admin(row, "draw")
    elif not row.standing.is_decider:
        raise NotAllowed("draw", "deciders_only", row.deciders)
    if of.drawn:
        raise NotOpen("decision", words.decision(row.decision_id), "drawn_already")
    if of.read_by == ask.by:
        raise NotAllowed("draw", "own_value")
    said = (
        f"*{words.escape(row.question)}*\nPaste the value of *{words.escape(of.beacon)}*, {words.escape(of.round)}. "
        f"{_second(of) if of.read_by else _FIRST}"
    )
    await ask.open(_view(_DRAW, row, said))


_FIRST = "Nothing is drawn by it before somebody else, who has not traded here, has typed the same."


def _second(of: Lottery) -> str:
    return (
        f"{words.person(of.read_by or '')} has typed what they read. Look at the beacon yourself: it is drawn at once if "
        "you type the same, and if not both values are posted and neither counts."
    )


async def show_misread(ask: Ask, row: Row) -> None:
    of = _lottery(row)
    _require_decider_or_admin(row, "misread")
    if of.drawn is None:
        raise NotOpen("decision", words.decision(row.decision_id), "undrawn")
    said = (
        f"*{words.escape(row.question)}*\n{words.escape(of.beacon)}, {words.escape(of.round)}, was read as "
        f"{words.escape(of.drawn.beacon_value)}. If it said something else, say here what: everybody reads it as a breach. "
        "The seed is known now, so what was drawn stands, and is settled, all the same."
    )
    await ask.open(_view(_MISREAD, row, said))


async def show_breach(ask: Ask, row: Row) -> None:
    _lottery(row)
    _require_decider_or_admin(row, "breach")
    if row.state not in {"drawn", "settled"} or row.report.recorded:
        raise NotOpen("decision", words.decision(row.decision_id), "not_drawn")
    said = (
        f"*{words.escape(row.question)}*\n*{words.escape(row.report.chosen or '')}* was drawn. If it was not carried out, "
        "say so here: everybody reads it, and it is settled by what was drawn all the same."
    )
    await ask.open(_view(_BREACH, row, said))


async def submit_draw(ask: Ask) -> Answer:
    made = await ask.write(pasting.paste, ask.by, _about(ask), inputs.text(ask.typed, "beacon_value"))
    if made.draw is None:
        return update(done("Pasted", _PASTED[made.word]))
    said = (
        f":white_check_mark: Drawn. It takes effect {words.moment(made.draw.final_at)}; both channels are told now, with all "
        "that it takes to check it."
    )
    return update(done("Drawn", said))


_PASTED = {
    pasting.Word.PROPOSED: ":white_check_mark: Kept and posted. Nothing is drawn before somebody else has typed the same; "
    "whoever may is asked now.",
    pasting.Word.DISPUTED: ":warning: That is another value than the one that was typed before. Both are posted, and neither "
    "counts: look there again. Whoever types it next is the first.",
}


async def submit_misread(ask: Ask) -> Answer:
    value, reason = (inputs.text(ask.typed, field) for field in _MISREAD.fields)
    await ask.write(drawing.misread, ask.by, _about(ask), value, reason)
    return update(done("Recorded", _RECORDED))


async def submit_breach(ask: Ask) -> Answer:
    await ask.write(drawing.breach, ask.by, _about(ask), inputs.text(ask.typed, "reason"))
    return update(done("Recorded", _RECORDED))


_RECORDED = ":white_check_mark: Recorded. Both channels are told now."


def _lottery(row: Row) -> Lottery:
    """Raises NotOpen where no lottery may decide."""
    if row.report.lottery is None:
        raise NotOpen("decision", words.decision(row.decision_id), "no_lottery")
    return row.report.lottery


def _require_decider_or_admin(row: Row, act: str) -> None:
    if not row.standing.is_decider and not row.standing.is_admin:
        raise NotAllowed(act, "deciders_or_admins", row.deciders)


async def _row(ask: Ask) -> Row:
    row: Row = await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)
    return row


def _about(ask: Ask) -> int:
    return int(ask.view["private_metadata"])


def _view(act: _Act, row: Row, said: str) -> ModalView:
    blocks: list[Block] = [section(said, "about"), *map(_input, act.fields)]
    title = f"{act.title} {words.decision(row.decision_id)}"
    return modal(title, blocks, act.submit, act.view, str(row.decision_id))


def _input(field: str) -> Block:
    label, most, hint = _FIELDS[field]
    element = PlainTextInput(field, multiline=field == "reason", max_length=most)
    return inputs.labelled(field, label, element, hint)
