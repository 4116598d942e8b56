"""Twins: where a lottery may decide, an order goes to both branches of an option, or to one; and a quote of both."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from slackblocks import InputBlock, Option, PlainText, RadioButtonGroup

from bot import refusals, words
from bot.modals.inputs import live
from bot.modals.quoting import (
    comes_back,
    costs,
    moved,
    moves,
    outlay,
    paid_from,
    pays,
)
from core.errors import Refusal
from core.exchange.offers import Offer, Offers
from core.exchange.trading import Fill, Quote

Typed = Mapping[str, Mapping[str, Any]]


class Side(StrEnum):
    """For which branch an order is."""

    BOTH = "both"
    CHOSEN = "chosen"
    DRAWN = "drawn"


_SAYS = {
    Side.BOTH: ("Whoever takes it", "The same order in both twins, backed by the same credits"),
    Side.CHOSEN: ("Only if people choose it", "Counts where the lottery does not draw"),
    Side.DRAWN: ("Only if the lottery draws it", "Counts where the lottery draws this option"),
}


def choice(action: str) -> InputBlock:
    options = [Option(PlainText(text), side.value, PlainText(hint)) for side, (text, hint) in _SAYS.items()]
    return live("Counts", "side", RadioButtonGroup(action, options, initial_option=options[0]))


def side_typed(typed: Typed) -> Side:
    chosen = typed.get("side", {}).get("selected_option")
    return Side(chosen["value"]) if chosen else Side.BOTH


def value(offer: Offer) -> str:
    """How an option stands in the menu: its market, and the twin's where both trade."""
    return f"{offer.market_id}" if offer.twin is None else f"{offer.market_id}/{offer.twin}"


def markets_typed(chosen: str, side: Side) -> tuple[int, int | None]:
    """The market that is meant, and the twin in which an order is mirrored."""
    own, _, twin = chosen.partition("/")
    if not twin or side == Side.CHOSEN:
        return int(own), None
    return (int(twin), None) if side == Side.DRAWN else (int(own), int(twin))


def listed(offers: Offers) -> list[Offer]:
    """What can be chosen in the menu: of twins that both trade, one stands for both."""
    trading = {offer.market_id for offer in offers.open}
    return [offer for offer in offers.open if not (offer.is_drawn and offer.twin in trading)]


def quoted(quote: Quote) -> str:
    """Both legs of a mirrored order, and what is at stake in them together."""
    lines = [*_leg(quote), *_twin(quote)]
    both = _outlay(quote)
    lines.append(f"*If it is not taken:* {comes_back(quote)}")
    lines += paid_from(quote)
    lines.append(f"*The most you can lose:* {words.credits(both)}, since only one of the two can come true.")
    if not quote.is_affordable:
        there = words.credits(quote.free + quote.conditional)
        lines.append(f":warning: You can spend {there} here. Lower the amount.")
    return "\n".join(lines)


def _leg(quote: Quote) -> list[str]:
    heading = f"*If {words.escape(words.taken(quote.option, quote.is_drawn))}:*"
    return [f"{heading} {costs(quote)} {moves(quote)}", *pays(quote)]


def _twin(quote: Quote) -> list[str]:
    if isinstance(quote.twin, Quote):
        return _leg(quote.twin)
    if isinstance(quote.twin, Refusal):
        return [f"*{_other(quote)}:* nothing. {refusals.sentence(quote.twin)}"]
    return []


def _other(quote: Quote) -> str:
    return f"If {words.escape(words.taken(quote.option, not quote.is_drawn))}"


def _outlay(quote: Quote) -> int:
    own = outlay(quote)
    return max(own, outlay(quote.twin)) if isinstance(quote.twin, Quote) else own


def filled(fill: Fill) -> list[str]:
    """What became of the other leg."""
    if isinstance(fill.twin, Refusal):
        return [f"*{_other(fill)}:* nothing was traded. {refusals.sentence(fill.twin)}"]
    if fill.twin is None:
        return []
    taken = words.escape(words.taken(fill.option, fill.twin.is_drawn))
    both = "The same credits back both, since only one of the two can come true."
    return [f"*If {taken}:* {costs(fill.twin)} {moved(fill.twin)}", both]
