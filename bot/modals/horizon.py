"""The horizon from which on markets are long, so that credit that was given for those pays in them."""

import re

from slackblocks import Block, NumberInput, PlainTextInput

from bot import words
from bot.blocks import actions, button, modal, section
from bot.door import ACK, Answer, Ask, done, say, update
from bot.modals import inputs
from bot.reports.message import Message
from core import units
from core.errors import NotAllowed
from core.exchange import board, earmarking
from core.exchange.granting import REASON_MOST

VIEW, OPEN = "horizon", "horizon"


async def typed(ask: Ask) -> Answer:
    """``horizon 90 why`` changes it; ``horizon`` alone shows it, to admins with a button that changes it."""
    asked = re.match(r"horizon\s+(?P<days>\S+)\s*(?P<reason>.*)", ask.text, re.IGNORECASE | re.DOTALL)
    if asked is None:
        return (await _shown(ask)).answer()
    return say(await _set(ask, asked["days"], asked["reason"].strip()))


async def open_modal(ask: Ask) -> Answer:
    """The form; whoever is no admin is told so before they type."""
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("horizon", "admins_only", tuple(await ask.read(board.admins)))
    now: int = await ask.read(earmarking.horizon)
    days = NumberInput(is_decimal_allowed=False, action_id="days", initial_value=str(now))
    why = PlainTextInput("reason", max_length=REASON_MOST)
    blocks: list[Block] = [
        section(described(now), "horizon"),
        inputs.labelled("days", "Days", days, "Markets that are open stay as they are."),
        inputs.labelled("reason", "Why", why, "It stays in the log of what admins did."),
    ]
    await ask.open(modal("Long horizons", blocks, "Change", VIEW, ""))
    return ACK


async def submit(ask: Ask) -> Answer:
    said = await _set(ask, inputs.text(ask.typed, "days"), inputs.text(ask.typed, "reason"))
    return update(done("Changed", said))


def described(days: int) -> str:
    return (
        f"Credits for long horizons pay in markets that open from now on and are settled {words.count(days, 'day')} "
        "after that or later."
    )


async def _shown(ask: Ask) -> Message:
    said = described(await ask.read(earmarking.horizon))
    is_admin = await ask.read(board.is_admin, ask.by)
    change = actions("changing", [button("Change the horizon", OPEN, "horizon")]) if is_admin else []
    return Message(said, (section(said, "horizon"), *change))


async def _set(ask: Ask, days: str, reason: str) -> str:
    """Changes it, and says what holds now."""
    number = units.parse(days, "days") // units.MICRO
    await ask.write(earmarking.set_horizon, ask.by, number, reason)
    return f":white_check_mark: {described(number)} Markets that are open stay as they are."
