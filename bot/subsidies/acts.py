"""What is done to a portfolio with a number at most and a reason: by a whole command, or in a form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from slackblocks import Block, PlainTextInput

from bot import numerals, words
from bot.blocks import modal
from bot.door import ACK, Answer, Ask, done, say, update
from bot.modals import inputs
from bot.subsidies import choosing
from core import units
from core.exchange import portfolios
from core.exchange.granting import REASON_MOST
from core.exchange.portfolios import PortfolioFacts

VIEW = "subsidy_act"
WHY = "Kept for good, and told where its changes are told."


@dataclass(frozen=True)
class Said:
    """One act on one portfolio, stated whole."""

    portfolio_id: int
    amount: int
    reason: str
    key: str


@dataclass(frozen=True)
class Act:
    """``amount`` is the label and the hint of its number, where it has one. ``looks_first`` opens the form all the same."""

    title: str
    submit: str
    do: Callable[[Ask, Said], Awaitable[str]]
    amount: tuple[str, str] | None = None
    looks_first: bool = False


async def _fund(ask: Ask, said: Said) -> str:
    free = await ask.write(portfolios.fund, ask.by, said.portfolio_id, said.amount, said.reason, key=said.key)
    return f"{words.credits(said.amount)} added: {words.limit(free)} are free in it now."


async def _automate(ask: Ask, said: Said) -> str:
    await ask.write(portfolios.automate, ask.by, said.portfolio_id, said.amount, said.reason)
    return (
        f"From now on the policy is applied by itself once a day, each time with at most {words.credits(said.amount)} "
        "of reserve more, and never beyond its budgets."
    )


async def _stop(ask: Ask, said: Said) -> str:
    await ask.write(portfolios.automate, ask.by, said.portfolio_id, None, said.reason)
    return "Nothing is applied by itself any more. What drips already goes on."


async def _pause(ask: Ask, said: Said) -> str:
    await ask.write(portfolios.pause, ask.by, said.portfolio_id, said.reason)
    return "Paused: it backs nothing new and adds nothing. What it backs trades on."


async def _resume(ask: Ask, said: Said) -> str:
    await ask.write(portfolios.resume, ask.by, said.portfolio_id, said.reason)
    return "It is spent again."


ACTS: Mapping[str, Act] = {
    "fund": Act("Fund a portfolio", "Fund it", _fund, ("Credits", "They are new: the treasury issues them.")),
    "auto on": Act(
        "Apply by itself",
        "Switch it on",
        _automate,
        ("Most reserve each time, credits", "Once a day the policy is applied, and adds no more than this."),
        looks_first=True,
    ),
    "auto off": Act("Apply by itself no more", "Switch it off", _stop),
    "pause": Act("Pause a portfolio", "Pause it", _pause),
    "resume": Act("Resume a portfolio", "Resume it", _resume),
}


async def run(
    ask: Ask,
    name: str,
    found: Sequence[PortfolioFacts],
    chosen: PortfolioFacts | None,
    number: str,
    reason: str,
) -> Answer:
    """Does what was typed whole; with a piece missing, or where it is worth a look, the form has what was typed."""
    act = ACTS[name]
    is_whole = chosen is not None and reason and (bool(number) == bool(act.amount))
    if ask.kind == "command" and is_whole and chosen and not act.looks_first:
        amount = numerals.parse(number, "amount") if number else 0
        said = Said(chosen.id, amount, reason, str(ask.payload["trigger_id"]))
        return say(f"*{words.escape(chosen.name)}:* {await act.do(ask, said)}")
    await ask.open(modal(act.title, _blocks(act, found, chosen, number, reason), act.submit, VIEW, name))
    return ACK


async def submit(ask: Ask) -> Answer:
    act, typed = ACTS[ask.view["private_metadata"]], ask.typed
    amount = units.parse(inputs.text(typed, "amount"), "amount") if act.amount else 0
    said = Said(choosing.typed(typed), amount, inputs.text(typed, "reason"), str(ask.view["id"]))
    return update(done("Done", f":white_check_mark: {await act.do(ask, said)}"))


def _blocks(
    act: Act, found: Sequence[PortfolioFacts], chosen: PortfolioFacts | None, number: str, reason: str
) -> list[Block]:
    amount = act.amount and inputs.labelled(
        "amount", act.amount[0], inputs.number("amount", initial(number)), act.amount[1]
    )
    return [choosing.menu(found, chosen), *([amount] if amount else []), why(reason)]


def initial(number: str) -> str | None:
    """What was typed as a number input takes it; nothing where it is no number."""
    return words.plain(numerals.parse(number, "amount")) if number else None


def why(reason: str = "") -> Block:
    element = PlainTextInput("reason", reason[:REASON_MOST] or None, multiline=True, max_length=REASON_MOST)
    return inputs.labelled("reason", "Why", element, WHY)
