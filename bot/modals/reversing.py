"""Taking a wrong grant back: one admin asks and says why, another one confirms."""

from slackblocks import Block, ModalView, PlainTextInput

from bot import words
from bot.blocks import modal, section
from bot.door import ACK, Answer, Ask, done, notice, update
from bot.modals import inputs
from core.errors import InsufficientFunds, NotAllowed
from core.exchange import granting
from core.exchange.granting import Granted

ASK_VIEW, CONFIRM_VIEW = "take_back", "reversal"
REASON_MOST = 1000


async def open_modal(ask: Ask) -> Answer:
    """The button beside a grant: to ask for its reversal, or to see how far that is."""
    granted = await _granted(ask, ask.action["value"])
    await ask.open(_state(granted) if granted.asked_by or granted.is_reversed else _ask_view(granted))
    return ACK


async def submit(ask: Ask) -> Answer:
    await ask.write(
        granting.ask_reversal, ask.by, ask.view["private_metadata"], inputs.text(ask.typed, "reason")
    )
    text = (
        ":white_check_mark: The other admins are asked. Nothing is taken back before one of them confirms it."
    )
    return update(done("Asked", text))


async def open_confirm(ask: Ask) -> Answer:
    """The button in the other admins' direct message. Whoever asked cannot confirm; core checks it all the same."""
    granted = await _granted(ask, ask.action["value"])
    if granted.asked_by == ask.by:
        raise NotAllowed("reverse", "own_request")
    await ask.open(_state(granted) if granted.is_reversed else _confirm_view(granted))
    return ACK


async def confirm(ask: Ask) -> Answer:
    key = ask.view["private_metadata"]
    granted = await _granted(ask, key)
    try:
        held = await ask.write(granting.reverse, ask.by, key)
    except InsufficientFunds as short:
        there = f"{_whose(granted)} has only {words.credits(max(0, short.available))} free"
        return update(notice("Not possible", f"{there}, so the grant cannot be taken back now."))
    text = f":white_check_mark: {words.credits(granted.credits)} are taken back. {_whose(granted)} has {words.credits(held)} free now."
    return update(done("Taken back", text))


async def _granted(ask: Ask, key: str) -> Granted:
    found: Granted = await ask.read(granting.get, ask.by, key)
    return found


def _whose(granted: Granted) -> str:
    return words.person(granted.to) if granted.to else words.escape(granted.portfolio or "The pool")


def _what(granted: Granted) -> str:
    return f"*{words.credits(granted.credits)}* to {_whose(granted)}\n{words.quoted(granted.reason)}"


def _ask_view(granted: Granted) -> ModalView:
    reason = PlainTextInput("reason", multiline=True, max_length=REASON_MOST)
    follows = "Another admin has to confirm it. It works only as long as so much is still free there."
    blocks: list[Block] = [
        section(_what(granted), "grant"),
        section(follows, "consequence"),
        inputs.labelled(
            "reason", "Why it was wrong", reason, "The other admins, and whoever got it, read it."
        ),
    ]
    return modal("Take a grant back", blocks, "Ask for it", ASK_VIEW, granted.key)


def _confirm_view(granted: Granted) -> ModalView:
    asked = (
        f"{words.person(granted.asked_by or '')} asks to take it back:\n{words.quoted(granted.asked_reason)}"
    )
    follows = f"{words.credits(granted.credits)} go from {_whose(granted)} back to where they came from. It cannot be undone."
    blocks: list[Block] = [
        section(_what(granted), "grant"),
        section(asked, "asked"),
        section(follows, "consequence"),
    ]
    return modal("Take a grant back", blocks, "Take it back", CONFIRM_VIEW, granted.key)


def _state(granted: Granted) -> ModalView:
    if granted.is_reversed:
        return notice("Taken back", f"{_what(granted)}\nIt is taken back already.")
    asked = f"{words.person(granted.asked_by or '')} has asked for it. Another admin has to confirm it."
    return notice("Asked already", f"{_what(granted)}\n{asked}")
