"""Settings: what others see of the asker, and the allowance that everybody gets; admins change it here."""

from slackblocks import Block, PlainTextInput

from bot import words
from bot.blocks import actions, button, modal, section
from bot.door import ACK, Answer, Ask, done, update
from bot.modals import inputs, leading, notifying
from bot.reports.message import Message
from core import units
from core.errors import NotAllowed
from core.exchange import allowing, board, leaders
from core.exchange.allowing import Allowance
from core.exchange.granting import REASON_MOST

VIEW, OPEN = "allowance", "allowance"
_CREDITS = {  # Each amount of the rule: what it is called, and what it means.
    "opening": ("Opening grant, credits", "Whoever is new gets it once."),
    "amount": ("Allowance, credits", "Everybody gets it when a period begins."),
    "cap": ("Cap, credits", "The allowance lifts nobody above it. Empty: no cap."),
    "floor": ("Floor, credits", "Whoever is worth less when a period begins is lifted to it."),
}


async def message(ask: Ask) -> Message:
    rule: Allowance | None = await ask.read(allowing.get)
    is_admin = await ask.read(board.is_admin, ask.by)
    own = await ask.read(leaders.leaders, ask.by)
    seen = (
        "Among the leaders others see your name."
        if own.is_named
        else "Among the leaders your name is not shown."
    )
    said = f"*Allowance*\n{described(rule)}"
    blocks: list[Block] = [
        section(f"*What others see of you*\n{seen} Trades are always shown without names.", "seen"),
        *actions("naming", [leading.naming(own)]),
        section("*Notifications*\nWhat you are told in direct messages.", "notified"),
        *actions("notifying", [button("Notifications", notifying.OPEN, "notifications")]),
        section(said, "allowance"),
        *(actions("allowing", [button("Change the allowance", OPEN, "allowance")]) if is_admin else []),
    ]
    return Message("Your settings.", tuple(blocks))


def described(rule: Allowance | None) -> str:
    if rule is None:
        return "There is none: credits come from admins."
    said = f"Newcomers get {words.credits(rule.opening)}."
    if rule.amount:
        cap = f", up to {words.credits(rule.cap)}" if rule.cap is not None else ""
        said += (
            f" Every {words.count(rule.period_days, 'day')} everybody gets {words.credits(rule.amount)}{cap}."
        )
    if rule.floor:
        said += f" Whoever is worth less than {words.credits(rule.floor)} then is lifted to that."
    return said


async def open_modal(ask: Ask) -> Answer:
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("allowance", "admins_only", tuple(await ask.read(board.admins)))
    rule: Allowance = await ask.read(allowing.get) or Allowance(0, 0, None, 0, 7)
    blocks: list[Block] = [
        inputs.labelled(
            name,
            label,
            inputs.number(name, None if (now := getattr(rule, name)) is None else words.plain(now)),
            hint,
            is_optional=name == "cap",
        )
        for name, (label, hint) in _CREDITS.items()
    ]
    days = inputs.number("period_days", str(rule.period_days))
    why = PlainTextInput("reason", max_length=REASON_MOST)
    blocks += [
        inputs.labelled("period_days", "A period, days", days, "Another length begins to count now."),
        inputs.labelled("reason", "Why", why, "It stays in the log of what admins did."),
    ]
    await ask.open(modal("Allowance", blocks, "Change", VIEW, ""))
    return ACK


async def submit(ask: Ask) -> Answer:
    typed = ask.typed
    amounts = {name: units.parse(inputs.text(typed, name) or "0", name) for name in _CREDITS if name != "cap"}
    cap = inputs.text(typed, "cap")
    rule = Allowance(
        **amounts,
        cap=units.parse(cap, "cap") if cap else None,
        period_days=units.parse(inputs.text(typed, "period_days"), "period_days") // units.MICRO,
    )
    await ask.write(allowing.set_rule, ask.by, rule, inputs.text(typed, "reason"))
    return update(done("Changed", f":white_check_mark: {described(rule)}"))
