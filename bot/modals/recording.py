"""Recording a decision: what was chosen, why, and on what; then one look at what follows before it is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
)

from bot import words
from bot.blocks import modal, section, sections
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import inputs, noting
from bot.reports import record
from core.errors import NotAllowed, NotOpen
from core.exchange import board, deciding, foreseeing
from core.exchange.board import Row
from core.exchange.foreseeing import IfChosen
from core.exchange.reporting import OptionLine, Report

VIEW, CONFIRM_VIEW = "record", "record_confirm"
REASON_MOST, UNPRICED_MOST, LINKS_MOST = 1000, 1000, 900


@dataclass(frozen=True)
class _Typed:
    """What was typed. It is kept whole between the two views, where Slack keeps no more than 3,000 characters."""

    reason: str
    unpriced: str
    links: Sequence[str]

    def kept(self, decision_id: int, number: int) -> str:
        """The texts as they are behind their lengths: to escape them could make them twice as long."""
        parts = [self.reason, self.unpriced, "\n".join(self.links)]
        return json.dumps([decision_id, number, *map(len, parts[:2])]) + "".join(parts)


async def open_modal(ask: Ask) -> Answer:
    await show(ask, await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now))
    return ACK


def require_unrecorded(row: Row) -> None:
    """Raises NotOpen for what was recorded, or was not decided in time, which is on record as nobody's."""
    made = row.report.on_record
    if row.report.recorded:
        name, decide_by = (
            words.decision(row.decision_id),
            datetime.fromtimestamp(row.report.decide_by, tz=UTC),
        )
        if made is not None and made.by is None:
            raise NotOpen("decision", name, "overdue", decide_by)
        raise NotOpen("decision", name, "recorded")


async def show(ask: Ask, row: Row) -> None:
    """Whoever may not do it is told so before they type; core checks it all the same."""
    if not row.standing.is_decider:
        raise NotAllowed("record", "deciders_only", row.deciders)
    closes_at = datetime.fromtimestamp(row.closes_at, tz=UTC)
    if row.state == "open" and ask.now < closes_at:
        raise NotOpen("decision", words.decision(row.decision_id), "still_open", closes_at)
    require_unrecorded(row)
    if row.state == "drawn":
        raise NotOpen("decision", words.decision(row.decision_id), "drawn")
    if row.report.lottery and row.report.lottery.awaits:
        raise NotOpen("decision", words.decision(row.decision_id), "undrawn")
    await ask.open(_view(row))


async def review(ask: Ask) -> Answer:
    """What recording it would do, in numbers; nothing is written yet."""
    row: Row = await ask.read(board.row, ask.by, int(ask.view["private_metadata"]), ask.now)
    chosen = ask.typed["option"]["selected_option"]
    number = int(chosen["value"])
    reason, unpriced = (str(ask.typed[block]["value"]) for block in ("reason", "unpriced"))
    typed = _Typed(reason, unpriced, noting.links(ask.typed))
    deciding.check_grounds(typed.reason, typed.unpriced, typed.links)  # Here it can still be mended.
    follows: IfChosen = await ask.read(foreseeing.if_chosen, ask.by, row.decision_id, number)
    return push(_confirm_view(row, follows, number, chosen["text"]["text"], typed))


async def submit(ask: Ask) -> Answer:
    decision_id, number, typed = _read(ask.view["private_metadata"])
    made = await ask.write(
        deciding.record,
        ask.by,
        decision_id,
        number,
        typed.reason,
        unpriced=typed.unpriced,
        links=typed.links,
    )
    text = f":white_check_mark: Recorded. It takes effect {words.moment(made.final_at)}; both channels are told now."
    return update(done("Recorded", text))


def _view(row: Row) -> ModalView:
    report = row.report
    choices = [Option(PlainText(line.name), str(line.number)) for line in report.measures[0].options]
    blocks: list[Block] = [
        section(f"*{words.escape(report.question)}*", "question"),
        InputBlock(PlainText("The decision"), RadioButtonGroup("option", choices), block_id="option"),
        InputBlock(
            PlainText("Reason"),
            PlainTextInput("reason", multiline=True, max_length=REASON_MOST),
            block_id="reason",
            hint=PlainText("Everybody will read it."),
        ),
        inputs.labelled(
            "unpriced",
            "What did the committee know that the market did not?",
            PlainTextInput("unpriced", multiline=True, max_length=UNPRICED_MOST),
            "Everybody will read it, and whoever reads the prices later needs it. Write nothing if there was nothing.",
        ),
        inputs.labelled(
            "links",
            "Links",
            PlainTextInput("links", multiline=True, max_length=LINKS_MOST),
            noting.LINKS_HINT,
            is_optional=True,
        ),
    ]
    return modal(
        f"Record {words.decision(report.decision_id)}", blocks, "Review", VIEW, str(report.decision_id)
    )


def _traded(report: Report, line: OptionLine) -> str:
    """The option, and how many traded it; over several measures the same people would be counted again."""
    name = words.escape(line.name)
    return name if len(report.measures) > 1 else f"{name} ({words.people(line.traders)})"


def _confirm_view(row: Row, follows: IfChosen, number: int, name: str, typed: _Typed) -> ModalView:
    report = row.report
    others = [_traded(report, line) for line in report.measures[0].options if line.number != number]
    hold = "holds" if follows.holders == 1 else "hold"
    text = (
        f"You are about to record *{words.escape(name)}* for “{words.escape(report.question)}”.\n\n"
        f"• {words.after_window(row.record_challenge_seconds)} it takes effect.\n"
        f"• {_back(others, follows)}\n"
        f"• {words.escape(name)}, of which {words.people(follows.holders)} {hold} shares, "
        f"trades on until {words.moment(report.freezes_at)}.\n"
        "• It cannot be changed once it is recorded. It can be added to.\n\n"
        f"Your reason, for everybody to read:\n{words.quoted(typed.reason)}"
    )
    grounds = record.grounds({"unpriced": typed.unpriced, "links": typed.links})
    return modal(
        "Are you sure?",
        [section(text, "consequence"), *sections(grounds, "grounds")],
        "Record it",
        CONFIRM_VIEW,
        typed.kept(report.decision_id, number),
        close="Back",
    )


def _read(kept: str) -> tuple[int, int, _Typed]:
    """The decision, the option's number, and what was typed."""
    (decision_id, number, *lengths), start = json.JSONDecoder().raw_decode(kept)
    unpriced_at = start + lengths[0]
    links_at = unpriced_at + lengths[1]
    links = tuple(kept[links_at:].splitlines())
    return decision_id, number, _Typed(kept[start:unpriced_at], kept[unpriced_at:links_at], links)


def _back(others: list[str], follows: IfChosen) -> str:
    """``others`` are the options that are not chosen, in words."""
    named = " and on ".join(others)
    if not follows.people:
        return "Nobody has anything on the other options, so nothing goes back."
    back = f"*{words.credits(follows.credits)}* to {words.people(follows.people)} in all"
    return f"Then what was put on {named} goes back: {back}."
