"""Decisions and questions in an answer to a command: all of them, those that were searched for, or one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from slackblocks import Block, Button, HeaderBlock

from bot import words
from bot.blocks import actions, button, section, sections
from bot.door import Answer, Ask
from bot.home import asked, decisions
from bot.modals import managing
from bot.reports import card, question, record
from bot.reports.message import Message
from core.exchange import board, questions
from core.exchange.board import Row
from core.exchange.questions import AskedRow

SHOWN_MOST = 8  # Of each kind: a message takes fifty blocks, and long ones take several.
_Row = TypeVar("_Row")


async def overview(ask: Ask) -> Answer:
    """The decisions that are under way, and those that ended lately."""
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    ended: list[Row] = await ask.read(board.ended_for, ask.by, ask.now)
    blocks = _under_way(rows)
    if ended:
        blocks += _ended(map(brief, ended))
    said = f"{words.count(len(rows), 'decision')} to look at." if rows else decisions.NONE_OPEN
    return Message(said, tuple(blocks)).answer()


async def everything(ask: Ask) -> Answer:
    """Questions that hang on no decision too."""
    rows, ended, open_now, answered = await ask.read(_everything, ask.by, ask.now)
    blocks = _under_way(rows)
    if open_now:
        blocks += [
            HeaderBlock("Questions", block_id="asked"),
            *shown(open_now, asked.one),
            *_more(open_now, "asked"),
        ]
    if ended or answered:
        blocks += _ended([*map(brief, ended), *map(asked.brief, answered)])
    questions_too = f" and {words.count(len(open_now), 'question')}" if open_now else ""
    said = f"{words.count(len(rows), 'decision')}{questions_too} to look at."
    return Message(said if rows or open_now else decisions.NONE_OPEN, tuple(blocks)).answer()


def _everything(
    connection: Any, by: str, now: datetime
) -> tuple[list[Row], list[Row], list[AskedRow], list[AskedRow]]:
    """As of one moment."""
    return (
        board.decisions_for(connection, by, now),
        board.ended_for(connection, by, now),
        questions.open_for(connection, by, now),
        questions.ended_for(connection, by, now),
    )


def _under_way(rows: Sequence[Row]) -> list[Block]:
    heading = HeaderBlock("Decisions", block_id="decisions")
    if not rows:
        return [heading, section(decisions.NONE_OPEN, "none")]
    return [heading, *shown(rows, decisions.one), *_more(rows, "decisions")]


def shown(rows: Sequence[_Row], one: Callable[[_Row], Sequence[Block]]) -> list[Block]:
    return [block for row in rows[:SHOWN_MOST] for block in one(row)]


def _more(rows: Sequence[Any], block_id: str) -> list[Block]:
    left = len(rows) - SHOWN_MOST
    stand = "stands" if left == 1 else "stand"
    rest = f"{left} more {stand} on my Home tab; `/market` and a few words searches them."
    return [section(rest, f"more_{block_id}")] if left > 0 else []


def _ended(lines: Iterable[str]) -> list[Block]:
    return [HeaderBlock("Ended", block_id="ended"), *sections(list(lines), "ended_lately")]


def brief(row: Row) -> str:
    """One that has ended: what became of it."""
    name, question = words.decision(row.decision_id), words.escape(row.question)
    return f"*{name}: {question}*\n{card.state(asdict(row.report))}"


async def show(_: Ask, row: Row) -> Answer:
    """One decision as its card shows it, with what is on record, and what its admins and deciders can do."""
    facts = asdict(row.report)
    found, recorded = card.render(facts), sections(record.lines(facts), "record")
    buttons = managing.buttons(row) or [button("Definition", "definition", words.decision(row.decision_id))]
    return Message(found.text, (*found.blocks, *recorded, *actions("managing", buttons))).answer()


async def show_question(row: AskedRow) -> Answer:
    """One question as its card shows it, with what its owner can do, and admins."""
    found = question.render(asdict(row.report))
    buttons = [
        *(asked.filing(row) or _voiding(row)),
        button("Definition", "definition", words.market(row.market_id)),
    ]
    return Message(found.text, (*found.blocks, *actions("owner", buttons))).answer()


def _voiding(row: AskedRow) -> list[Button]:
    """An admin can say that it was never measured, where its owner cannot be reached."""
    is_over = row.report.state in {"settled", "objected"} or row.report.is_trading
    return (
        [button("It was never measured", "file", words.market(row.market_id))]
        if row.is_admin and not is_over
        else []
    )
