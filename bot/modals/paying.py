"""From which wallet an order is paid, where a trader has two of them: what can be chosen, spent and pressed."""

from collections.abc import Mapping
from typing import Any

from slackblocks import Block, ContextBlock, Option, PlainText, StaticSelectMenu

from bot import wallets, words
from bot.blocks import actions, button, context
from bot.modals.inputs import live
from core.exchange.trading import Purse, Wallet
from core.units import MICRO

Typed = Mapping[str, Mapping[str, Any]]
BLOCK = "wallet"
PICK = "trade_pick"
PICKS = (10, 25, 50, 100)  # Credits.


def choice(action: str, purse: Purse) -> list[Block]:
    """Where both wallets may pay; one that holds something there is the only one that may."""
    if purse.earmarked is None or purse.held:
        return []
    options = [
        Option(PlainText(f"{wallets.LABELS[each]}: {words.number(total(purse, each))}"), each.value)
        for each in (Wallet.EARMARKED, Wallet.PLAIN)
    ]
    unsaid = PlainText("For long horizons, if that is enough")
    hint = "What it brings goes back to where it was paid from."
    menu = StaticSelectMenu(action, options, placeholder=unsaid)
    return [live("Pay from", BLOCK, menu, hint, is_optional=True)]


def typed(form: Typed) -> str | None:
    """The wallet that is chosen, where there is a choice."""
    chosen = form.get(BLOCK, {}).get("selected_option")
    return chosen["value"] if chosen else None


def total(purse: Purse, wallet: str) -> int:
    """All that one wallet can spend here."""
    own = purse.of(wallet)
    return own.free + own.conditional


def likely(purse: Purse, chosen: str | None) -> str:
    """The wallet that pays as far as is known before there is a quote."""
    if chosen or purse.held:
        return chosen or str(purse.held)
    return Wallet.EARMARKED if total(purse, Wallet.EARMARKED) and purse.earmarked else Wallet.PLAIN


def purse_block(purse: Purse, option: str, is_drawn: bool | None = None) -> ContextBlock:
    """What can be spent here, by wallet where there are two."""
    if purse.earmarked is None:
        return context(_spendable(purse, option, is_drawn, ""), "purse")
    if purse.held:
        name = wallets.NAMES[purse.held]
        said = _spendable(purse.of(purse.held), option, is_drawn, f" from {name}")
        return context(f"{said} You hold something here by that, so it pays until you sold that.", "purse")
    lines = [
        _spendable(purse.of(each), option, is_drawn, f" from {wallets.NAMES[each]}")
        for each in (Wallet.EARMARKED, Wallet.PLAIN)
    ]
    return context("\n".join(lines), "purse")


def _spendable(purse: Purse, option: str, is_drawn: bool | None, source: str) -> str:
    if not purse.free + purse.conditional:
        grant = "" if source else " An admin can grant you some."
        return f"You have no credits to spend here{source}.{grant}"
    said = f"You can spend {words.credits(purse.free + purse.conditional)} here{source}"
    if purse.conditional:
        taken = words.escape(words.taken(option, is_drawn))
        only = f"{words.number(purse.conditional)} that count only if {taken}"
        said += f": {words.number(purse.free)} free and {only}"
    return f"{said}."


def picks(spendable: int) -> list[Block]:
    """Amounts to press instead of typing: some round ones, and all that can be spent."""
    if not spendable:
        return []
    round_ones = [each * MICRO for each in PICKS if each * MICRO < spendable]
    buttons = [
        button(words.number(each), f"{PICK}:{each}", each, f"Put {words.credits(each)}")
        for each in round_ones
    ]
    everything = button(f"All {words.number(spendable // 10_000 * 10_000)}", f"{PICK}:all", spendable)
    return actions("picks", [*buttons, everything])
