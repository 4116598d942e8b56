"""Granting: credit for somebody, or for the pool; by a whole command, or in a form."""

import json

from slackblocks import (
    Block,
    InputBlock,
    Option,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    UserSelectMenu,
)

from bot import wallets, words
from bot.blocks import actions, button, modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs
from bot.reports.message import Message
from core import units
from core.errors import Invalid, NotAllowed, Repeated
from core.exchange import board, granting
from core.exchange.granting import Granted
from core.exchange.trading import Wallet

VIEW, AGAIN = "grant", "grant_again"
PERSON, POOL = Option("A person", "person"), Option("The pool that backs markets", granting.POOL)
LONG = Option("A person, for long horizons only", "long")


async def open_modal(ask: Ask) -> Answer:
    return await show(ask)


async def show(
    ask: Ask,
    user: str | None = None,
    amount: str = "",
    reason: str = "",
    *,
    to_pool: bool = False,
    is_long: bool = False,
) -> Answer:
    """The form, filled as far as is known; whoever is no admin is told so before they type."""
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("grant", "admins_only", tuple(await ask.read(board.admins)))
    first = LONG if is_long else PERSON
    first = POOL if to_pool else first
    person = UserSelectMenu("person", placeholder=PlainText("Person"), initial_user=user)
    blocks: list[Block] = [
        InputBlock(
            PlainText("To whom"),
            RadioButtonGroup("to", [PERSON, LONG, POOL], initial_option=first),
            block_id="to",
        ),
        inputs.labelled("person", "Person", person, "Left empty for the pool.", is_optional=True),
        inputs.labelled("amount", "Credits", inputs.number("amount", amount or None), "How many they get."),
        inputs.labelled(
            "reason",
            "Why",
            PlainTextInput(
                "reason",
                max_length=granting.REASON_MOST,
                initial_value=reason[: granting.REASON_MOST] or None,
            ),
            "They read it, and it stays in the log of what admins did.",
        ),
    ]
    await ask.open(modal("Grant credits", blocks, "Grant", VIEW, ""))
    return ACK


async def submit(ask: Ask) -> Answer:
    typed = ask.typed
    to, user = typed["to"]["selected_option"]["value"], typed["person"].get("selected_user")
    if to != granting.POOL and not user:
        raise Invalid("person", "empty")
    whom = granting.POOL if to == granting.POOL else ask.address(user or "")
    amount, key = units.parse(inputs.text(typed, "amount"), "amount"), str(ask.view["id"])
    wallet = Wallet.EARMARKED if to == LONG.value else Wallet.PLAIN
    said = await grant(ask, whom, amount, key, inputs.text(typed, "reason"), wallet)
    return update(done("Granted", f":white_check_mark: {said.text}", *said.blocks[1:]))


async def typed(
    ask: Ask, to: str, amount: int, key: str, reason: str, wallet: Wallet = Wallet.PLAIN
) -> Message:
    """Grants what was typed; typed again at once, as if no answer had come, it is asked whether that is meant."""
    try:
        return await grant(ask, to, amount, key, reason, wallet, unless_repeated=True)
    except Repeated as no:
        said = (
            f"You granted {words.credits(amount)}{wallets.CREDITS[wallet]} to {_whose(to)} already, {words.moment(no.at)}, for the same reason. "
            "Nothing was granted now. Grant it again?"
        )
        again = button("Grant it again", AGAIN, json.dumps([no.key, key]))
        return Message(said, (section(said, "repeated"), *actions("again", [again])))


async def repeat(ask: Ask) -> Answer:
    """The same grant once more, and once only however often the button is pressed."""
    first, key = json.loads(ask.action["value"])
    made: Granted = await ask.read(granting.get, ask.by, first)
    said = await grant(ask, made.to or granting.POOL, made.credits, key, made.reason, made.wallet)
    await ask.respond({**said.answer(), "replace_original": True})
    return ACK


async def grant(
    ask: Ask,
    to: str,
    amount: int,
    key: str,
    reason: str,
    wallet: Wallet = Wallet.PLAIN,
    *,
    unless_repeated: bool = False,
) -> Message:
    """Grants it, and says what came of it with a way back."""
    more = {"unless_repeated": unless_repeated, "wallet": wallet}
    held = await ask.write(granting.grant, ask.by, to, amount, key, reason, **more)
    whose = _whose(to)
    said = (
        f"{whose[:1].upper()}{whose[1:]} got {words.credits(amount)}{wallets.CREDITS[wallet]} "
        f"and has {words.credits(held)} free{wallets.CREDITS[wallet] and ' there'} now."
    )
    return Message(
        said, (section(said, "granted"), *actions("grant", [button("Take it back", "take_back", key)]))
    )


def _whose(to: str) -> str:
    return "the pool" if to == granting.POOL else words.person(to)
