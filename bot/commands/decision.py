"""/decision: opening one, and what its deciders, metric owners and admins do about it."""

from collections.abc import Awaitable, Callable, Mapping

from bot import words
from bot.commands import history, listing, meant
from bot.commands.meant import Guess
from bot.commands.typed import decision_id, words_of
from bot.door import ACK, Answer, Ask
from bot.modals import (
    adding,
    declaring,
    defining,
    drawing,
    explaining,
    filing,
    halting,
    noting,
    opening,
    postponing,
    recording,
    scheduling,
    sourcing,
    valuing,
    withdrawing,
)
from core.exchange import board
from core.exchange.board import Row
from core.exchange.noting import Kind

HELP = """*/decision* shows the decisions that are under way
*/decision new* opens a new one (admins)
*/decision show D-1* shows one decision
*/decision report D-1* shows you its spread report
*/decision history D-1* lists the reports that were sent, to be shown again or taken away as files
*/decision reports D-1* says when they come (its deciders, admins)
*/decision declare D-1* says how likely each option is and what to expect, sealed until the close (its deciders)
*/decision values D-1* votes what its metrics are worth, sealed until the close (its deciders)
*/decision record D-1* records what was decided (its deciders, once trading is closed)
*/decision add D-1* adds to what was recorded (its deciders)
*/decision late D-1* logs what arrived after trading was closed (anybody)
*/decision withdraw D-1* takes the question back (its deciders)
*/decision draw D-1* pastes the value of a lottery's beacon (its deciders, once trading is closed; a second person types it too)
*/decision breach D-1* records that what was drawn was not carried out (its deciders, admins)
*/decision metric D-1* files the reading, or that there is none (the metric's owner, once the decision is final)
*/decision definition D-1* shows how its metrics are read, with every version; their owners and admins change it there
*/decision source D-1* sets from where a reading is taken by itself (the metric's owner, admins)
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


async def _report(ask: Ask, row: Row) -> Answer:
    return (await explaining.message(ask, row.decision_id)).answer()


async def _reports(ask: Ask, row: Row) -> Answer:
    await scheduling.show(ask, row)
    return ACK


async def _record(ask: Ask, row: Row) -> Answer:
    await recording.show(ask, row)
    return ACK


async def _declare(ask: Ask, row: Row) -> Answer:
    await declaring.show(ask, row)
    return ACK


async def _values(ask: Ask, row: Row) -> Answer:
    await valuing.show(ask, row)
    return ACK


async def _add(ask: Ask, row: Row) -> Answer:
    await noting.show(ask, row, Kind.ADDENDUM)
    return ACK


async def _late(ask: Ask, row: Row) -> Answer:
    await noting.show(ask, row, Kind.LATE)
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


async def _definition(ask: Ask, row: Row) -> Answer:
    await defining.show(ask, words.decision(row.decision_id))
    return ACK


async def _source(ask: Ask, row: Row) -> Answer:
    """Of several metrics one is chosen among their definitions."""
    if len(row.metrics) > 1:
        return await _definition(ask, row)
    await sourcing.show(ask, next(iter(row.metrics)))
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
    "history": history.show,
    "reports": _reports,
    "record": _record,
    "declare": _declare,
    "values": _values,
    "add": _add,
    "late": _late,
    "withdraw": _withdraw,
    "draw": _draw,
    "breach": _breach,
    "metric": _metric,
    "definition": _definition,
    "source": _source,
    "option": _option,
    "halt": _halt,
    "resume": _resume,
    "postpone": _postpone,
}
