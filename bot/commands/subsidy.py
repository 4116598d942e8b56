"""/subsidy: the portfolios that back markets, who spends them, and what the policy would do with them."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot import words
from bot.commands import meant
from bot.commands.meant import Guess
from bot.commands.pieces import Pieces, taken_apart
from bot.commands.typed import after_first, decision_id, words_of
from bot.door import ACK, Answer, Ask, notice
from bot.subsidies import acts, choosing, founding, overview, planning, reporting, staking, taking
from bot.subsidies.screen import Screen
from core.errors import NotAllowed
from core.exchange import board
from core.exchange.board import Row
from core.exchange.portfolios import PortfolioFacts

NAME = "/subsidy"
HELP = """*/subsidy* shows the portfolios that back markets: what is free, reserved and spent, and what each backs
*/subsidy plan Main* shows what the policy would do now, and why; nothing is changed
*/subsidy apply Main because …* does it, after a look at what it costs
*/subsidy auto on Main 200 because …* does it once a day, each time with at most so many credits; *auto off Main because …*
*/subsidy set D-7 stake=500 gap_sd=0.15 chance=0.8 because …* says what deciding it right is worth
*/subsidy withdraw D-7 100 because …* takes liquidity out of it; what backs shares stays
*/subsidy report Main* shows what was reserved, lost and learned
*/subsidy pause Main because …*, */subsidy resume Main because …*
*/subsidy new Safety reserve=2000 spend=500 days=90 @ada #safety because …* opens a portfolio (admins)
*/subsidy change Safety reserve=3000 because …* changes its name, budgets, period, channel, or who may spend it (admins)
*/subsidy fund Safety 1000 because …* gives it credits (admins)
*/subsidy help* shows this
What is left out is asked for in a form. Only those who are named may spend a portfolio."""
GUESSES_MOST = 5


_NUMBER = re.compile(r"[+-]?[\d.,'\u2019]+")
_Run = Callable[[Ask, Pieces], Awaitable[Answer | Screen]]
_OnOne = Callable[[Ask, PortfolioFacts, Pieces], Awaitable[Answer | Screen]]


@dataclass(frozen=True)
class Verb:
    """``keys`` is what may be typed as ``key=value``."""

    run: _Run
    keys: Collection[str] = ()


async def run(ask: Ask) -> Answer:
    """What was typed; or what a button stands for, as if it had been typed."""
    found = await _run(ask)
    return found.answer() if isinstance(found, Screen) else found


async def press(ask: Ask) -> Answer:
    """The same from a button of ours: what there is to be seen is laid over what is open."""
    found = await _run(replace(ask, payload={**ask.payload, "text": ask.action["value"]}))
    if isinstance(found, Screen):
        await ask.open(found.modal())
    elif found:
        await ask.open(notice("Subsidies", found["text"]))
    return ACK


async def _run(ask: Ask) -> Answer | Screen:
    typed = words_of(ask)
    verb = VERBS.get(typed[0] if typed else "show")
    if verb is None:
        return meant.unknown(ask, meant.close_to(ask, VERBS), HELP)
    pieces = taken_apart(after_first(ask))
    if key := pieces.unknown(verb.keys):
        return _unknown_key(ask, key, verb.keys)
    return await verb.run(ask, pieces)


def _unknown_key(ask: Ask, key: str, keys: Collection[str]) -> Answer:
    """A key of ours, misspelt; or none that goes there."""
    known = ", ".join(f"`{each}=`" for each in keys)
    said = f"`{words.escape(key)}=` does not go there" + (f": {known} can." if known else ".")
    close = get_close_matches(key, [*keys], 1)
    guesses = [meant.command(f"{NAME} {ask.text}".replace(f"{key}=", f"{each}=", 1)) for each in close]
    return meant.answer(said, guesses, HELP)


async def _show(ask: Ask, _: Pieces) -> Screen:
    found, is_admin = await choosing.seen_by(ask), await ask.read(board.is_admin, ask.by)
    return Screen("Subsidies", overview.message(found, is_admin=is_admin))


async def _help(_: Ask, __: Pieces) -> Answer:
    return meant.listed("This is what `/subsidy` does.", HELP)


async def _new(ask: Ask, pieces: Pieces) -> Answer:
    if not await ask.read(board.is_admin, ask.by):
        raise NotAllowed("portfolio", "admins_only", tuple(await ask.read(board.admins)))
    return await founding.open_new(ask, pieces)


def _on_one(verb: str, use: _OnOne) -> _Run:
    """A verb about one portfolio and nothing else; it is asked which, where that is not clear."""

    async def run_on_one(ask: Ask, pieces: Pieces) -> Answer | Screen:
        found = await choosing.seen_by(ask)
        chosen, rest = choosing.named(found, pieces.plain)
        if chosen is None or rest:
            return _which(verb, found, pieces)
        return await use(ask, chosen, pieces)

    return run_on_one


def _act(name: str) -> _Run:
    """A verb that may have a number behind the portfolio's name."""

    async def run_act(ask: Ask, pieces: Pieces) -> Answer | Screen:
        found = await choosing.seen_by(ask)
        chosen, number = choosing.named(found, pieces.plain)
        if number and not _NUMBER.fullmatch(number):
            return _which(name, found, pieces)
        return await acts.run(ask, name, found, chosen, number, pieces.reason)

    return run_act


async def _auto(ask: Ask, pieces: Pieces) -> Answer | Screen:
    switch, _, rest = pieces.plain.partition(" ")
    if (name := f"auto {switch.casefold()}") in acts.ACTS:
        return await _act(name)(ask, replace(pieces, plain=rest))
    guesses = [meant.command(f"{NAME} auto {each} {after_first(ask)}".strip()) for each in ("on", "off")]
    return meant.answer("Say whether it is to be on or off.", guesses, HELP)


def _which(verb: str, found: Sequence[PortfolioFacts], pieces: Pieces) -> Answer:
    """Asks which portfolio, those first whose name is most like what was typed."""
    names = {each.name.casefold(): each.name for each in found}
    close = get_close_matches(pieces.plain.casefold(), names, GUESSES_MOST) or [*names][:GUESSES_MOST]
    because = f" because {pieces.reason}" if pieces.reason else ""
    guesses = [Guess(names[each], f"{NAME} {verb} {names[each]}{because}") for each in close]
    said = f"I know no portfolio “{words.escape(pieces.plain)}”." if pieces.plain else "Say which portfolio."
    return meant.answer(said, guesses, HELP)


async def _set(ask: Ask, pieces: Pieces) -> Answer | Screen:
    number = decision_id(pieces.plain)
    if number is None:
        return await _which_decision(ask, "set")
    return await staking.run(ask, number, pieces)


async def _withdraw(ask: Ask, pieces: Pieces) -> Answer | Screen:
    name, _, number = pieces.plain.partition(" ")
    of = taking.place(name)
    if of is None or (number and not _NUMBER.fullmatch(number)):
        return await _which_decision(ask, "withdraw")
    return await taking.run(ask, of, number, pieces.reason)


async def _which_decision(ask: Ask, verb: str) -> Answer:
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    names = [words.decision(row.decision_id) for row in rows[:GUESSES_MOST]]
    guesses = [Guess(name, f"{NAME} {verb} {name}") for name in names]
    return meant.answer(f"Say which decision, for example `{NAME} {verb} D-1`.", guesses, HELP)


VERBS: Mapping[str, Verb] = {
    "show": Verb(_show),
    "help": Verb(_help),
    "plan": Verb(_on_one("plan", planning.show)),
    "apply": Verb(_on_one("apply", planning.review)),
    "auto": Verb(_auto),
    "set": Verb(_set, staking.KEYS),
    "withdraw": Verb(_withdraw),
    "report": Verb(_on_one("report", reporting.show)),
    "pause": Verb(_act("pause")),
    "resume": Verb(_act("resume")),
    "new": Verb(_new, founding.KEYS),
    "change": Verb(_on_one("change", founding.open_change), founding.KEYS),
    "fund": Verb(_act("fund")),
}
