"""The Trade shortcut: whatever can be traded now, to choose from."""

from slackblocks import Block, Markdown, ModalView, PlainText, SectionBlock

from bot import words
from bot.blocks import button, fit, section
from bot.door import ACK, Answer, Ask
from bot.home import decisions
from bot.modals import trading
from core.exchange import board
from core.exchange.board import Row

SHOWN_MOST = 90


async def open_modal(ask: Ask) -> Answer:
    """Where there is but one, its form opens at once."""
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    open_now = [row for row in rows if row.standing.may_trade and row.report.is_trading]
    if len(open_now) == 1:
        await trading.show(ask, words.decision(open_now[0].decision_id))
        return ACK
    blocks: list[Block] = [_one(row) for row in open_now[:SHOWN_MOST]]
    if not blocks:
        blocks.append(section("Nothing can be traded now that you may trade.", "none"))
    await ask.open(ModalView(PlainText("Trade"), blocks, close=PlainText("Close")))
    return ACK


def _one(row: Row) -> SectionBlock:
    name = words.decision(row.decision_id)
    trade = button("Trade", f"trade:{row.decision_id}", name, f"Trade {name}", primary=True)
    text = "\n".join(decisions.lines(row))
    return SectionBlock(Markdown(fit(text)), block_id=f"trade_{row.decision_id}", accessory=trade)
