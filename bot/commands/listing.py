"""Decisions in an answer to a command: all of them, those that were searched for, or one."""

from collections.abc import Sequence
from dataclasses import asdict

from slackblocks import Block, HeaderBlock

from bot import words
from bot.blocks import actions, button, section
from bot.door import Answer, Ask
from bot.home import decisions
from bot.reports import card
from bot.reports.message import Message
from core.exchange import board
from core.exchange.board import Row

SHOWN_MOST = 15


async def overview(ask: Ask) -> Answer:
    """What is under way, and what ended lately."""
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    ended: list[Row] = await ask.read(board.ended_for, ask.by, ask.now)
    blocks: list[Block] = [HeaderBlock("Decisions", block_id="decisions")]
    said = f"{words.count(len(rows), 'decision')} to look at."
    if not rows:
        said = decisions.NONE_OPEN
        blocks.append(section(said, "none"))
    blocks += shown(rows)
    if len(rows) > SHOWN_MOST:
        rest = f"{len(rows) - SHOWN_MOST} more stand on my Home tab; `/market` and a few words searches them."
        blocks.append(section(rest, "more"))
    if ended:
        blocks += [HeaderBlock("Ended", block_id="ended"), *(brief(row) for row in ended)]
    return Message(said, tuple(blocks)).answer()


def shown(rows: Sequence[Row]) -> list[Block]:
    return [block for row in rows[:SHOWN_MOST] for block in decisions.one(row)]


def brief(row: Row) -> Block:
    """One that has ended: what became of it."""
    name, question = words.decision(row.decision_id), words.escape(row.question)
    return section(f"*{name}: {question}*\n{card.state(asdict(row.report))}", f"ended_{row.decision_id}")


async def show(_: Ask, row: Row) -> Answer:
    """One decision as its card shows it, with what its admins can do."""
    found = card.render(asdict(row.report))
    return Message(found.text, (*found.blocks, *_for_admins(row))).answer()


def _for_admins(row: Row) -> list[Block]:
    """What an admin can do about a decision that is under way."""
    if not row.standing.is_admin or row.state in {"settled", "withdrawn"}:
        return []
    halt = "Let it trade" if row.report.halted_at else "Halt trading"
    is_open = row.state == "open" and row.report.is_trading
    buttons = [
        *([button("Add an option", "add_option", row.decision_id)] if is_open else []),
        button(halt, "halt", row.decision_id),
        button("Move dates", "postpone", row.decision_id),
    ]
    return actions("admin", buttons)
