"""The Trade shortcut: whatever can be traded now, to choose from."""

from datetime import datetime
from typing import Any

from slackblocks import Block, Markdown, ModalView, PlainText, SectionBlock

from bot import words
from bot.blocks import button, fit, section
from bot.door import ACK, Answer, Ask
from bot.home import asked, decisions
from bot.modals import trading
from core.exchange import board, questions

SHOWN_MOST = 90


async def open_modal(ask: Ask) -> Answer:
    """Where there is but one, its form opens at once."""
    found: list[tuple[str, str]] = await ask.read(_tradable, ask.by, ask.now)
    if len(found) == 1:
        await trading.show(ask, found[0][0])
        return ACK
    blocks: list[Block] = [_one(*each) for each in found[:SHOWN_MOST]]
    if not blocks:
        blocks.append(section("Nothing can be traded now that you may trade.", "none"))
    await ask.open(ModalView(PlainText("Trade"), blocks, close=PlainText("Close")))
    return ACK


def _tradable(connection: Any, by: str, now: datetime) -> list[tuple[str, str]]:
    """Names and texts of all that the asker may trade now, decisions first."""
    rows = board.decisions_for(connection, by, now)
    open_now = [row for row in rows if row.standing.may_trade and row.report.is_trading]
    asked_now = [
        row for row in questions.open_for(connection, by, now) if row.may_trade and row.report.is_trading
    ]
    named = [(words.decision(row.decision_id), decisions.lines(row)) for row in open_now]
    named += [(words.market(row.market_id), asked.lines(row)) for row in asked_now]
    return [(name, "\n".join(lines)) for name, lines in named]


def _one(name: str, text: str) -> SectionBlock:
    trade = button("Trade", f"trade:{name}", name, f"Trade {name}", primary=True)
    return SectionBlock(Markdown(fit(text)), block_id=f"trade_{name}", accessory=trade)
