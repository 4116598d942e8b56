"""Which portfolio pays for what is opened: asked where somebody may spend from more than one, with what each has room for."""

from collections.abc import Sequence

from slackblocks import Block

from bot import refusals, words
from bot.door import Ask
from bot.modals import inputs
from bot.modals.inputs import Typed
from bot.subsidies import choosing
from core.errors import InsufficientFunds, NotAllowed, NotOpen, OverBudget, OverSpent, Refusal
from core.exchange import board
from core.exchange.portfolios import PortfolioFacts


async def spendable(ask: Ask) -> list[PortfolioFacts]:
    """Those that an admin may spend. Raises NotAllowed, naming who may, if the asker is none or there is none."""
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("open", "admins_only", tuple(await ask.read(board.admins)))
    seen = await choosing.seen_by(ask)
    found = [each for each in seen if each.may_spend]
    if not found:
        named = dict.fromkeys(who for each in seen for who in each.spenders)
        raise NotAllowed("open", "spenders_only", tuple(named))
    return found


def blocks(found: Sequence[PortfolioFacts], subsidy: str, chosen: int | None = None) -> list[Block]:
    """The subsidy, and if there is a choice, the portfolio that pays it."""
    hint = f"The most that it can lose. {' '.join(map(room, found))}"
    amount = inputs.labelled("subsidy", "Subsidy, credits", inputs.number("subsidy", subsidy), hint)
    if len(found) == 1:
        return [amount]
    standing = next((each for each in found if each.id == chosen), found[0])
    return [amount, choosing.menu(found, standing, "Paid by the portfolio")]


def room(facts: PortfolioFacts) -> str:
    """``Main has 4,500 credits free.``; of them no more than its budget has room for."""
    said = f"{facts.name} has {words.limit(facts.free)} free"
    if facts.reserve_budget is None:
        return f"{said}."
    left = max(0, facts.reserve_budget - facts.reserved)
    return f"{said}, and its budget has room for {words.limit(left)}."


def chosen(found: Sequence[PortfolioFacts], typed: Typed) -> PortfolioFacts | None:
    """The one that is to pay; None where the form did not ask, and now has to."""
    if choosing.BLOCK in typed:
        wanted = choosing.typed(typed)
        return next((each for each in found if each.id == wanted), None)
    return found[0] if len(found) == 1 else None


UNPAID = (InsufficientFunds, OverBudget, OverSpent, NotOpen)


def unpaid(no: Refusal) -> str:
    """Why a portfolio does not pay, and what would change that, for the field that made it dear."""
    if not isinstance(no, InsufficientFunds):
        return words.without_markup(refusals.sentence(no))
    left, needed, who = max(0, no.available), words.credits(no.needed), no.portfolio
    promised = (
        f", beside {words.credits(no.promised)} that are still to drip into markets" if no.promised else ""
    )
    return (
        f"{who} has {words.limit(left)} free{promised}, and this takes {needed}: `/subsidy fund {who} 1000 because …`, or "
        "lower it."
    )
