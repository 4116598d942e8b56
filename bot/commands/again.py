"""A button that stands for a whole command: pressed, it is as if it had been typed."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands import decision, futarchy, market, subsidy
from bot.door import ACK, Answer, Ask, Handler

COMMANDS: Mapping[str, Handler] = {
    "/market": market.run,
    "/decision": decision.run,
    "/subsidy": subsidy.run,
    "/futarchy": futarchy.run,
}


async def run(ask: Ask) -> Answer:
    """What the command answers takes the place of the message with the button."""
    name, _, text = str(ask.action["value"]).partition(" ")
    typed = replace(ask, name=name, payload={**ask.payload, "text": text})
    if answer := await COMMANDS[name](typed):
        await ask.respond({**answer, "replace_original": True})
    return ACK
