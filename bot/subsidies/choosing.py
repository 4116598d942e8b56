"""Which portfolio somebody means, of those that they may see."""

import re
from collections.abc import Sequence

from slackblocks import Block, InputBlock, Option, PlainText, StaticSelectMenu

from bot import words
from bot.blocks import CHOICE_MOST, fit
from bot.commands.pieces import begins_with
from bot.door import Ask
from bot.modals.inputs import Typed
from core.errors import Invalid
from core.exchange import portfolios
from core.exchange.portfolios import PortfolioFacts

BLOCK = "portfolio"


async def seen_by(ask: Ask) -> tuple[PortfolioFacts, ...]:
    """Raises NotAllowed, naming those who may, for whoever may see none."""
    found: tuple[PortfolioFacts, ...] = await ask.read(portfolios.overview, ask.by, ask.now)
    return found


def named(found: Sequence[PortfolioFacts], plain: str) -> tuple[PortfolioFacts | None, str]:
    """The one whose name begins the text, and what stands behind it; where there is but one, it needs no name."""
    by_name = {each.name: each for each in found}
    name, rest = begins_with(plain, by_name)
    if name is not None:
        return by_name[name], rest
    by_number = {each.id: each for each in found}
    if (number := re.match(r"p-(\d{1,9})\b", plain, re.IGNORECASE)) and int(number[1]) in by_number:
        return by_number[int(number[1])], plain[number.end() :].strip()
    return (found[0] if len(found) == 1 else None), plain


def menu(found: Sequence[PortfolioFacts], chosen: PortfolioFacts | None, label: str = "Portfolio") -> Block:
    options = {each.id: option(each) for each in found}
    element = StaticSelectMenu(
        BLOCK, list(options.values()), initial_option=options[chosen.id] if chosen else None
    )
    return InputBlock(PlainText(label), element, block_id=BLOCK)


def option(facts: PortfolioFacts) -> Option:
    free = f", {words.limit(max(0, facts.free - facts.promised))} free"
    return Option(PlainText(fit(facts.name, CHOICE_MOST - len(free)) + free), str(facts.id))


def typed(values: Typed) -> int:
    """The id of the one that is chosen. Raises Invalid if none is."""
    chosen = values[BLOCK].get("selected_option")
    if chosen is None:
        raise Invalid(BLOCK, "empty")
    return int(chosen["value"])
