"""/decision history: the reports that were sent, each to be shown again or taken away as a file."""

from bot import words
from bot.blocks import section
from bot.door import ACK, Answer, Ask
from bot.reports import again
from bot.reports.message import Message
from core.exchange import sending
from core.exchange.board import Row
from core.exchange.sending import Kept


async def show(ask: Ask, row: Row) -> Answer:
    return (await _page(ask, row.decision_id)).answer()


async def turn(ask: Ask) -> Answer:
    """The button for older ones, in the place of those that were shown."""
    decision_id, below = map(int, ask.action["value"].split(":"))
    await ask.respond({**(await _page(ask, decision_id, below)).answer(), "replace_original": True})
    return ACK


async def report(ask: Ask) -> Answer:
    """One of them, as it was, below the list."""
    decision_id, number = map(int, ask.action["value"].split(":"))
    kept: Kept = await ask.read(sending.sent, ask.by, decision_id, number, ask.now)
    await ask.respond({**again.report(kept).answer(), "replace_original": False})
    return ACK


async def file(ask: Ask) -> Answer:
    """It is drawn and sent by the outbox: nobody waits for a picture."""
    decision_id, number, form = ask.action["value"].split(":")
    key = f"{ask.payload['trigger_id']}"
    await ask.write(sending.ask_file, ask.by, int(decision_id), int(number), form, key)
    said = f"Report {number} of {words.decision(int(decision_id))} is on its way to your messages with me."
    answer = Message(said, (section(said, "on_its_way"),)).answer()
    await ask.respond({**answer, "replace_original": False})
    return ACK


async def _page(ask: Ask, decision_id: int, below: int | None = None) -> Message:
    found: list[Kept] = await ask.read(sending.history, ask.by, decision_id, ask.now, below)
    return again.listing(decision_id, found)
