"""Portfolios as those who may use them see them: what is free, what budgets are left, what they back; and ways on."""

from collections.abc import Iterator, Sequence

from slackblocks import Block, Button

from bot import words
from bot.blocks import actions, button, sections
from bot.reports.message import Message
from core.exchange.portfolios import PortfolioFacts

DO = "subsidy"  # Its button's value is what would be typed behind the command.
SHOWN_MOST, BACKED_MOST = 12, 6  # A message takes fifty blocks.


def message(found: Sequence[PortfolioFacts], *, is_admin: bool) -> Message:
    """For the asker alone, with buttons for what they may do; core checks it all the same."""
    whole = words.limit(sum(each.free for each in found))
    shown = [block for each in found[:SHOWN_MOST] for block in one(each, is_admin=is_admin)]
    left = words.count(len(found) - SHOWN_MOST, "more portfolio")
    more = (
        sections([f"{left}: type a name behind `/subsidy plan`."], "more") if len(found) > SHOWN_MOST else []
    )
    new = actions("subsidies", [do("New portfolio", "new")] if is_admin else [])
    return Message(f"{words.count(len(found), 'portfolio')} with {whole} free.", (*shown, *more, *new))


def one(facts: PortfolioFacts, *, is_admin: bool) -> list[Block]:
    return [
        *sections(list(lines(facts)), f"portfolio_{facts.id}"),
        *actions(f"portfolio_actions_{facts.id}", buttons(facts, is_admin=is_admin)),
    ]


def lines(facts: PortfolioFacts) -> Iterator[str]:
    yield f"*{words.escape(facts.name)}*"
    if facts.paused_reason is not None:
        yield f"Paused, so it pays for nothing new: {words.escape(facts.paused_reason)}"
    yield f"{free(facts)} · {reserved(facts)}"
    yield spent(facts)
    yield backs(facts)
    yield f"{automatic(facts)} · may spend it: {who(facts)} · told in {told(facts)}"


def brief(facts: PortfolioFacts) -> str:
    """One in a line."""
    paused = " · paused" if facts.paused_reason is not None else ""
    return f"{words.escape(facts.name)}: {free(facts)} · {reserved(facts)}{paused}"


def free(facts: PortfolioFacts) -> str:
    """``1,200 credits free, 80 of them promised to markets``: those are spent on nothing else."""
    promised = f", {words.number(facts.promised)} of them promised to markets" if facts.promised else ""
    return f"{words.limit(facts.free)} free{promised}"


def reserved(facts: PortfolioFacts) -> str:
    """``800 of 2,000 credits reserved``."""
    if facts.reserve_budget is None:
        return f"{words.credits(facts.reserved)} reserved, without a limit"
    return f"{words.number(facts.reserved)} of {words.credits(facts.reserve_budget)} reserved"


def spent(facts: PortfolioFacts) -> str:
    """What was lost this period, and what that will probably come to; below zero, markets brought something."""
    since, until = words.moment(facts.period_from), words.moment(facts.period_to)
    of = "" if facts.spend_budget is None else f" of {words.credits(facts.spend_budget)}"
    return (
        f"Spent since {since}: {words.number(facts.spent)}{of or ' credits, without a limit'} · "
        f"expected by {until}: {words.number(facts.expected)}{of or ' credits'}"
    )


def automatic(facts: PortfolioFacts) -> str:
    if facts.auto_most is None:
        return "Not automatic"
    return f"Automatic, at most {words.credits(facts.auto_most)} a day"


def backs(facts: PortfolioFacts) -> str:
    if not facts.backs:
        return "It backs nothing yet"
    names = [f"{each.name} ({words.number(each.reserved)})" for each in facts.backs[:BACKED_MOST]]
    more = len(facts.backs) - BACKED_MOST
    return f"It backs {', '.join(names)}" + (f" and {words.count(more, 'other')}" if more > 0 else "")


def who(facts: PortfolioFacts) -> str:
    return (
        words.enumerated([words.person(each) for each in facts.spenders]) if facts.spenders else "every admin"
    )


def told(facts: PortfolioFacts) -> str:
    return words.channel(facts.address) if facts.address else "direct messages to them"


def buttons(facts: PortfolioFacts, *, is_admin: bool) -> list[Button]:
    return [
        do(text, f"{verb} {number(facts)}", f"{text}: {facts.name}", is_first=verb == "plan")
        for text, verb in [
            *(_of_spenders(facts) if facts.may_spend else ()),
            ("Report", "report"),
            *(_OF_ADMINS if is_admin else ()),
        ]
    ]


_OF_ADMINS = (("Fund", "fund"), ("Change", "change"))


def _of_spenders(facts: PortfolioFacts) -> list[tuple[str, str]]:
    is_paused, is_automatic = facts.paused_reason is not None, facts.auto_most is not None
    return [
        ("Plan", "plan"),
        ("Switch automatic off", "auto off") if is_automatic else ("Automatic", "auto on"),
        ("Resume", "resume") if is_paused else ("Pause", "pause"),
    ]


def number(facts: PortfolioFacts) -> str:
    """Names it where its own name might change."""
    return f"P-{facts.id}"


def do(text: str, typed: str, label: str | None = None, *, is_first: bool = False) -> Button:
    """A button that stands for what could be typed behind the command."""
    return button(text, f"{DO}:{typed.replace(' ', '_')}", typed, label, primary=is_first)
