"""Taking liquidity back out of a decision or a question: how much is to come free and why, then one look before it is done."""

import json
from dataclasses import dataclass

from slackblocks import Block, ModalView

from bot import numerals, words
from bot.blocks import modal, section
from bot.commands.typed import decision_id, market_id
from bot.door import ACK, Answer, Ask, done, push, update
from bot.modals import inputs
from bot.subsidies import acts
from core import units
from core.errors import Invalid
from core.exchange import portfolios
from core.exchange.portfolios import TakenBack

VIEW, CONFIRM_VIEW = "take_liquidity", "take_liquidity_confirm"


@dataclass(frozen=True)
class Place:
    """From where it is taken: ``D-7``, or ``M-3`` for a question that hangs on no decision."""

    decision_id: int | None
    market_id: int | None

    @property
    def name(self) -> str:
        if self.decision_id is not None:
            return words.decision(self.decision_id)
        return words.market(self.market_id or 0)


def place(typed: str) -> Place | None:
    """``M-3`` or ``D-3``; a number alone is a decision's."""
    asked, decided = market_id(typed), decision_id(typed)
    return Place(None if asked else decided, asked) if asked or decided else None


async def run(ask: Ask, of: Place, number: str, reason: str) -> Answer:
    """Typed whole, it is looked at and confirmed all the same; with a piece missing, it is asked for."""
    most: int = await ask.read(portfolios.most_back, ask.by, of.decision_id, of.market_id)
    if ask.kind == "command" and number and reason:
        await ask.open(_confirm_view(of, _within(numerals.parse(number, "amount"), most), reason))
        return ACK
    amount = inputs.number("amount", acts.initial(number))
    blocks: list[Block] = [
        section(f"At most {words.limit(most)} can come free in {of.name} now.", "most"),
        inputs.labelled("amount", "Credits to free", amount, "What backs outstanding shares stays."),
        acts.why(reason),
    ]
    await ask.open(modal(f"Take out of {of.name}", blocks, "Review", VIEW, of.name))
    return ACK


async def review(ask: Ask) -> Answer:
    """What follows, before anything is done."""
    of = _about(ask.view["private_metadata"])
    most: int = await ask.read(portfolios.most_back, ask.by, of.decision_id, of.market_id)
    wanted = _within(units.parse(inputs.text(ask.typed, "amount"), "amount"), most)
    return push(_confirm_view(of, wanted, inputs.text(ask.typed, "reason")))


async def submit(ask: Ask) -> Answer:
    name, wanted, reason = json.loads(ask.view["private_metadata"])
    of = _about(name)
    made: TakenBack = await ask.write(
        portfolios.take_back, ask.by, of.decision_id, of.market_id, wanted, reason
    )
    said = (
        f":white_check_mark: {words.credits(made.freed)} came free: *{words.escape(made.portfolio)}* has "
        f"{words.limit(made.free)} free now. {words.credits(made.reserved)} stay reserved for {of.name}."
    )
    return update(done("Taken out", said))


def _within(wanted: int, most: int) -> int:
    """Raises Invalid for what core would refuse, while it can still be mended."""
    units.positive(wanted, "amount")
    if wanted > most:
        raise Invalid("amount", "most_back", str(units.to_credits(most)))
    return wanted


def _about(name: str) -> Place:
    found = place(name)
    if found is None:
        raise ValueError(f"{name} is no place")
    return found


def _confirm_view(of: Place, wanted: int, reason: str) -> ModalView:
    text = (
        f"You are about to free *{words.credits(wanted)}* of what is reserved for {of.name}.\n\n"
        "• The same part of the liquidity of all its markets is taken out, at the prices of that moment, which stay.\n"
        "• Prices move more easily from then on.\n"
        "• What was still to be added there no longer is.\n"
        "• What backs outstanding shares stays.\n\n"
        f"Your reason, which is kept and told:\n{words.quoted(reason)}"
    )
    kept = json.dumps([of.name, wanted, reason], ensure_ascii=False)
    return modal(
        "Are you sure?", [section(text, "consequence")], "Take it out", CONFIRM_VIEW, kept, close="Back"
    )
