"""Leaders: who made most of what they knew, for whoever asks; and whether the asker is named among them."""

from collections.abc import Iterator

from slackblocks import Block, Button, ModalView, PlainText

from bot import words
from bot.blocks import actions, button, rendered, section
from bot.door import ACK, Answer, Ask, say
from bot.reports.message import Message
from core.exchange import leaders
from core.exchange.leaders import Leaders, Place

NAMED = "named"
TITLE = "Leaders by credits from settled markets"


async def open_modal(ask: Ask) -> Answer:
    await ask.open(_view(await ask.read(leaders.leaders, ask.by)))
    return ACK


async def message(ask: Ask) -> Message:
    """The same, to be said in a channel to the asker alone."""
    return Message(f"{TITLE}.", tuple(_blocks(await ask.read(leaders.leaders, ask.by))))


async def name(ask: Ask) -> Answer:
    """Names the asker from now on, or not any more; shown where the button was."""
    is_named = ask.action["value"] == "yes"
    await ask.write(leaders.set_named, ask.by, is_named)
    if "view" in ask.payload:
        view = rendered(_view(await ask.read(leaders.leaders, ask.by)))
        await ask.previews.update(ask.client, ask.view["id"], ask.action["action_ts"], view)
        return ACK
    said = (
        "You are named among the leaders now."
        if is_named
        else "You are not named among the leaders any more."
    )
    await ask.respond(say(said))
    return ACK


def naming(found: Leaders) -> Button:
    """Changes whether others see the asker's name."""
    return button("Hide my name", NAMED, "no") if found.is_named else button("Show my name", NAMED, "yes")


def _view(found: Leaders) -> ModalView:
    return ModalView(PlainText("Leaders"), _blocks(found), close=PlainText("Close"))


def _blocks(found: Leaders) -> list[Block]:
    blocks: list[Block] = [section("\n".join(_lines(found)), "leaders")]
    if found.own is None:
        return blocks
    said = (
        "Others see your name here." if found.is_named else "Others see your place here, and not your name."
    )
    return [*blocks, section(said, "own"), *actions("naming", [naming(found)])]


def _lines(found: Leaders) -> Iterator[str]:
    yield f"*{TITLE}*"
    if not found.top:
        yield "No market is settled yet. Whoever is right will stand here."
    yield from (_line(place) for place in found.top)
    if found.own and found.own.rank > len(found.top):
        yield f"…\n{_line(found.own)}"


def _line(place: Place) -> str:
    who = words.person(place.identity) if place.identity else "somebody who is not named"
    you = " (you)" if place.is_asker else ""
    return f"{place.rank}. {who}{you}: *{words.signed(place.realised)}* in {words.count(place.settled, 'market')}"
