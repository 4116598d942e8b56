"""A practice question: a trade that pays nothing, and how it would end in each case."""

from slackblocks import Block, InputBlock, ModalView, Option, PlainText, RadioButtonGroup

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, notice, update
from bot.modals import inputs
from core import units
from core.exchange import practising
from core.exchange.practising import Practice

VIEW = "practise"
SIDES = ("Higher", "Lower")
_QUESTION = (
    "*Practice: does the lab change its lunch menu?*\n"
    "Of 100 people, how many will like lunch a month later, *if the menu is changed*? The market expects *60*.\n"
    "You have 100 practice credits. Nothing of this is real, and nobody sees it."
)


async def open_modal(ask: Ask) -> Answer:
    await ask.open(_view())
    return ACK


async def submit(ask: Ask) -> Answer:
    side = int(ask.typed["side"]["selected_option"]["value"])
    amount = units.parse(inputs.text(ask.typed, "amount"))
    return update(_ending(side, amount, practising.practise(side, amount)))


def _view() -> ModalView:
    choices = [Option(PlainText(name), str(number)) for number, name in enumerate(SIDES)]
    group = RadioButtonGroup("side", choices, initial_option=choices[0])
    blocks: list[Block] = [
        section(_QUESTION, "question"),
        InputBlock(PlainText("The number who like lunch will come out"), group, block_id="side"),
        inputs.labelled("amount", "Practice credits", inputs.number("amount", "25"), "Between 1 and 100."),
    ]
    return modal("Practice", blocks, "See how it ends", VIEW, "")


def _ending(side: int, amount: int, made: Practice) -> ModalView:
    before, after = (words.whole(value) for value in (made.before, made.after))
    got = f"You put *{words.credits(amount)}* on {SIDES[side]} and got *{words.number(made.shares)} shares*."
    lines = [
        f"{got} The market expected {before} people before, and {after} now.",
        "",
        "*How it could end:*",
        f"• *The menu stays as it is:* your {words.credits(amount)} come back. Nobody wins or loses.",
        *(_case(value, paid, amount) for value, paid in made.pays),
        "",
        "A real trade works the same way, and shows you these figures before you place it.",
    ]
    return notice("How it could end", "\n".join(lines))


def _case(value: int, paid: int, amount: int) -> str:
    people = f"{words.whole(value)} of 100 like it"
    result = f"your shares pay {words.credits(paid)}: {words.signed(paid - amount)}"
    return f"• *The menu changes, and {people}:* {result}."
