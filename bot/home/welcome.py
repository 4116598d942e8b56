"""The first time: how it works in three steps, and a practice question that pays nothing."""

from slackblocks import Block, Button, HeaderBlock

from bot.blocks import actions, button, section
from bot.modals import notifying

PRACTISE, LEADERS = "practise", "leaders"

_STEPS = (
    "*1. Read a decision.* Each option has a price: what the market expects the metric to be *if that option is taken*.",
    "*2. Trade where you know better.* Will it come out higher or lower than priced? Put credits on it.",
    "*3. See what comes of it.* If yours is taken, your shares pay by what the metric comes to. If not, your credits come back.",
)


def steps() -> list[Block]:
    practise = button("Try a practice question", PRACTISE, "practise", primary=True)
    return [
        HeaderBlock("How it works", block_id="welcome"),
        section("\n".join(_STEPS), "steps"),
        *actions("practise", [practise]),
    ]


def buttons() -> list[Button]:
    """What can be looked at besides."""
    return [
        button("Leaders", LEADERS, "leaders"),
        button("Notifications", notifying.OPEN, "notifications"),
        button("How it works", f"{PRACTISE}:again", "practise"),
    ]
