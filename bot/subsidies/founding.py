"""Opening a portfolio and changing one: its name, its budgets, its period, who may spend it, where that is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from slackblocks import Block, ChannelSelectMenu, PlainText, PlainTextInput, UserMultiSelectMenu

from bot import channels, numerals, words
from bot.blocks import modal
from bot.commands.pieces import Pieces
from bot.door import ACK, Answer, Ask, done, say, update
from bot.modals import inputs
from bot.subsidies import acts
from core import units
from core.exchange import portfolios
from core.exchange.portfolios import NAME_MOST, SPENDERS_MOST, PortfolioFacts, PortfolioPlan

VIEW = "portfolio"
KEYS = {"name": "name", "reserve": "reserve_budget", "spend": "spend_budget", "days": "period_days"}
USUAL_DAYS = "90"
_NUMBERS = {
    "reserve_budget": (
        "Reserve budget, credits",
        "The most that its markets may lose together, set aside from the start. Empty: no limit.",
    ),
    "spend_budget": (
        "Expected spend, credits a period",
        "What it may lose on average in a period. Empty: no limit.",
    ),
    "period_days": (
        "A period, days",
        "That is how long the expected spend is for. Another length counts from now on.",
    ),
}
_Parse = Callable[[str, str], int]


@dataclass(frozen=True)
class Said:
    """What was said of a portfolio: texts by their inputs, people and the channel by Slack's ids."""

    texts: Mapping[str, str]
    people: Sequence[str]
    channel: str | None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return {*KEYS.values()} <= {*self.texts} and bool(self.people and self.reason)

    def plan(self, ask: Ask, parse: _Parse) -> PortfolioPlan:
        """Raises Invalid for what is no number."""
        budgets = {name: self.texts[name] for name in ("reserve_budget", "spend_budget")}
        return PortfolioPlan(
            name=self.texts["name"],
            **{name: parse(text, name) if text else None for name, text in budgets.items()},
            period_days=parse(self.texts["period_days"], "period_days") // units.MICRO,
            spenders=tuple(ask.address(user) for user in self.people),
            address=ask.address(self.channel) if self.channel else None,
        )


async def open_new(ask: Ask, pieces: Pieces) -> Answer:
    """``new Safety reserve=2000 spend=500 days=90 @ada because …``; with a piece missing, the form."""
    texts = {KEYS[key]: text for key, text in pieces.keyed.items()}
    said = Said({**({"name": pieces.plain} if pieces.plain else {}), **texts}, *_who(pieces))
    return await _run(ask, None, said, is_whole=said.is_whole)


async def open_change(ask: Ask, facts: PortfolioFacts, pieces: Pieces) -> Answer:
    """What is not typed stays as it is."""
    texts = {KEYS[key]: text for key, text in pieces.keyed.items()}
    people, channel, reason = _who(pieces)
    standing = _standing(facts)
    said = Said({**standing.texts, **texts}, people or standing.people, channel or standing.channel, reason)
    is_whole = bool(reason and (texts or people or channel))
    return await _run(ask, facts, said, is_whole=is_whole)


async def submit(ask: Ask) -> Answer:
    typed, about = ask.typed, ask.view["private_metadata"]
    said = Said(
        {name: inputs.text(typed, name) for name in KEYS.values()},
        typed["spenders"]["selected_users"] or (),
        typed["address"].get("selected_channel"),
        inputs.text(typed, "reason"),
    )
    text = await _do(ask, int(about) if about else None, said, units.parse, str(ask.view["id"]))
    return update(done("Done", f":white_check_mark: {text}"))


async def _run(ask: Ask, facts: PortfolioFacts | None, said: Said, *, is_whole: bool) -> Answer:
    if ask.kind == "command" and is_whole:
        key = str(ask.payload["trigger_id"])
        return say(await _do(ask, facts.id if facts else None, said, numerals.parse, key))
    title, submit = ("Change a portfolio", "Change it") if facts else ("New portfolio", "Open it")
    about = str(facts.id) if facts else ""
    is_main = about == str(portfolios.MAIN)
    await ask.open(modal(title, _blocks(said, is_main=is_main), submit, VIEW, about))
    return ACK


async def _do(ask: Ask, about: int | None, said: Said, parse: _Parse, key: str) -> str:
    """Opens or changes it, and says what stands now."""
    plan = said.plan(ask, parse)
    if said.channel:
        await channels.require_member(ask, said.channel, "address")
    if about is None:
        await ask.write(portfolios.open_portfolio, ask.by, plan, said.reason, key=key)
        way_on = f"It has no credits yet: `/subsidy fund {words.escape(plan.name)} 1000 because …`."
        return f"*{words.escape(plan.name)}* is open. {way_on}"
    await ask.write(portfolios.change, ask.by, about, plan, said.reason)
    return f"*{words.escape(plan.name)}* is changed."


def _who(pieces: Pieces) -> tuple[Sequence[str], str | None, str]:
    return pieces.people, pieces.channel, pieces.reason


def _standing(facts: PortfolioFacts) -> Said:
    """As it stands, as it would be typed."""
    budgets = {"reserve_budget": facts.reserve_budget, "spend_budget": facts.spend_budget}
    texts = {name: "" if amount is None else words.plain(amount) for name, amount in budgets.items()}
    people = [each.rpartition("/")[2] for each in facts.spenders]
    channel = facts.address.rpartition("/")[2] if facts.address else None
    return Said({"name": facts.name, "period_days": str(facts.period_days), **texts}, people, channel)


def _blocks(said: Said, *, is_main: bool) -> list[Block]:
    name = PlainTextInput("name", said.texts.get("name", "")[:NAME_MOST] or None, max_length=NAME_MOST)
    people = UserMultiSelectMenu(
        "spenders",
        initial_users=[*said.people] or None,
        max_selected_items=SPENDERS_MOST,
        placeholder=PlainText("People"),
    )
    hint = "They alone, admins among them or not." + (" Nobody: every admin." if is_main else "")
    channel = ChannelSelectMenu("address", initial_channel=said.channel)
    return [
        inputs.labelled("name", "Name", name, "What it is for, in a word or two."),
        *(_number(said, each) for each in _NUMBERS),
        inputs.labelled("spenders", "Who may spend it", people, hint, is_optional=is_main),
        inputs.labelled(
            "address",
            "Channel",
            channel,
            "Gets its changes and reports. Empty: those who may spend it do.",
            is_optional=True,
        ),
        acts.why(said.reason),
    ]


def _number(said: Said, name: str) -> Block:
    label, hint = _NUMBERS[name]
    is_optional = name != "period_days"
    text = said.texts.get(name) or ("" if is_optional else USUAL_DAYS)
    return inputs.labelled(
        name, label, inputs.number(name, acts.initial(text)), hint, is_optional=is_optional
    )
