"""Ending limit orders from a button: on Home, or under the list that a command shows."""

from collections.abc import Sequence

from bot import words
from bot.door import ACK, Answer, Ask, say
from bot.home import page
from core.errors import NotOpen
from core.exchange import cancelling
from core.exchange.cancelling import Cancelled


async def one(ask: Ask) -> Answer:
    """Ends the order that the button stands for; pressed twice, it is ended all the same."""
    try:
        ended = [await ask.write(cancelling.cancel, ask.by, int(ask.action["value"]))]
    except NotOpen as no:
        if no.state != "cancelled":
            raise
        ended = []
    return await _said(ask, ended)


async def everything(ask: Ask) -> Answer:
    return await _said(ask, await ask.write(cancelling.cancel_all, ask.by))


async def _said(ask: Ask, ended: Sequence[Cancelled]) -> Answer:
    """Home shows it; elsewhere it is told beside."""
    if "view" in ask.payload:
        await page.refresh(ask)
        return ACK
    names = ", ".join(each.name for each in ended) or "It"
    credit = sum(each.back for each in ended if not each.is_sale)
    back = f" {words.credits(credit)} can be used again." if credit else ""
    text = f"{names} {'are' if len(ended) > 1 else 'is'} cancelled.{back}"
    await ask.respond(say(text))
    return ACK
