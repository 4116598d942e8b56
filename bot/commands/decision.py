"""/decision: opening one, and what its deciders, metric owners and admins do about it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from bot import words
from bot.commands import listing, meant
from bot.commands.meant import Guess
from bot.commands.typed import decision_id, words_of
from bot.door import ACK, Answer, Ask, notice
from bot.modals import adding, drawing, filing, halting, opening, postponing, recording, withdrawing
from bot.reports import spread
from core.exchange import board
from core.exchange.board import Row

HELP = """*/decision* shows the decisions that are under way
*/decision new* opens a new one (admins)
*/decision show D-1* shows one decision
*/decision report D-1* shows you its spread report
*/decision record D-1* records what was decided (its deciders, once trading is closed)
*/decision withdraw D-1* takes the question back (its deciders)
*/decision draw D-1* pastes the value of a lottery's beacon (its deciders, once trading is closed)
*/decision breach D-1* records that what was drawn was not carried out (its deciders, admins)
*/decision metric D-1* files the reading, or that there is none (the metric's owner, once the decision is final)
*/decision option D-1* adds an option while it is open (admins)
*/decision halt D-1*, */decision resume D-1* stops trading in it, and lets it go on (admins)
*/decision postpone D-1* moves its dates later (admins)
*/decision help* shows this"""
GUESSES_MOST = 5
QUESTION_WORDS = 3  # So many words that begin with none of ours are a question of the asker's.


async def run(ask: Ask) -> Answer:
    typed = words_of(ask)
    if not typed:
        return await listing.overview(ask)
    if handler := _ALONE.get(typed[0]):
        return await handler(ask)
    if (alone := decision_id(typed[0])) is not None:
        return await listing.show(ask, await ask.read(board.row, ask.by, alone, ask.now))
    if typed[0] not in _ON_DECISION:
        return meant.unknown(ask, _guesses(ask, typed), HELP)
    number = decision_id(typed[1]) if len(typed) > 1 else None
    if number is None:
        return await _which(ask, typed[0])
    row: Row = await ask.read(board.row, ask.by, number, ask.now)
    return await _ON_DECISION[typed[0]](ask, row)


async def report_button(ask: Ask) -> Answer:
    """A Report button: the report as of now, for the asker alone."""
    row: Row = await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)
    facts = asdict(row.report)
    if "view" in ask.payload:
        await ask.open(notice(f"Report {words.decision(row.decision_id)}", *spread.plain(facts)))
    else:
        await ask.respond(spread.render(facts).answer())
    return ACK


async def _which(ask: Ask, word: str) -> Answer:
    """Lists those that it may be about."""
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    said = f"Say which decision, for example `/decision {word} D-1`."
    names = [words.decision(row.decision_id) for row in rows[:GUESSES_MOST]]
    guesses = [Guess(name, f"/decision {word} {name}") for name in names]
    return meant.answer(said, guesses, HELP)


def _guesses(ask: Ask, typed: list[str]) -> list[Guess]:
    """A word of ours, misspelt; or else a question that is to be decided."""
    is_about_one = any(decision_id(word) is not None for word in typed)
    if not is_about_one and (len(typed) >= QUESTION_WORDS or typed[-1].endswith("?")):
        return [Guess("Open this as a new decision", f"/decision new {ask.text}")]
    return meant.close_to(ask, [*_ALONE, *_ON_DECISION])


async def _help(_: Ask) -> Answer:
    return meant.listed("This is what `/decision` does.", HELP)


async def _report(_: Ask, row: Row) -> Answer:
    return spread.render(asdict(row.report)).answer()


async def _record(ask: Ask, row: Row) -> Answer:
    await recording.show(ask, row)
    return ACK


async def _withdraw(ask: Ask, row: Row) -> Answer:
    await withdrawing.show(ask, row)
    return ACK


async def _draw(ask: Ask, row: Row) -> Answer:
    await drawing.show_draw(ask, row)
    return ACK


async def _breach(ask: Ask, row: Row) -> Answer:
    await drawing.show_breach(ask, row)
    return ACK


async def _metric(ask: Ask, row: Row) -> Answer:
    await filing.show(ask, words.decision(row.decision_id))
    return ACK


async def _option(ask: Ask, row: Row) -> Answer:
    await adding.show(ask, row)
    return ACK


async def _halt(ask: Ask, row: Row) -> Answer:
    await halting.show(ask, row, to_halt=True)
    return ACK


async def _resume(ask: Ask, row: Row) -> Answer:
    await halting.show(ask, row, to_halt=False)
    return ACK


async def _postpone(ask: Ask, row: Row) -> Answer:
    await postponing.show(ask, row)
    return ACK


_ALONE: Mapping[str, Callable[[Ask], Awaitable[Answer]]] = {"help": _help, "new": opening.open_modal}
_ON_DECISION: Mapping[str, Callable[[Ask, Row], Awaitable[Answer]]] = {
    "show": listing.show,
    "report": _report,
    "record": _record,
    "withdraw": _withdraw,
    "draw": _draw,
    "breach": _breach,
    "metric": _metric,
    "option": _option,
    "halt": _halt,
    "resume": _resume,
    "postpone": _postpone,
}
