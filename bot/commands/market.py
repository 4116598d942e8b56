"""/market: what there is to trade, found by name or by words; what the asker holds; and who knew best."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from slackblocks import Block, HeaderBlock

from bot import words
from bot.blocks import section
from bot.commands import listing, meant
from bot.commands.typed import decision_id, market_id, words_of
from bot.door import Answer, Ask
from bot.home import asked as listed
from bot.home import decisions, holdings, orders
from bot.modals import asking, leading
from bot.reports.message import Message
from core.exchange import board, portfolio, questions
from core.exchange.portfolio import Portfolio

HELP = """*/market* shows every decision and question that is open, with a Trade button
*/market D-1* or */market M-3* shows one decision or question, also one that has ended
*/market context window* finds them by words in their question, options or metrics
*/market new* opens a question that hangs on no decision (admins)
*/market portfolio* shows what you hold, and what it would bring
*/market orders* shows your limit orders that wait
*/market leaders* shows who made most of what they knew
*/market help* shows this"""
PORTFOLIO_BLOCKS = 40


async def run(ask: Ask) -> Answer:
    typed = words_of(ask)
    if not typed:
        return await listing.everything(ask)
    if len(typed) == 1 and typed[0] in _ALONE:
        return await _ALONE[typed[0]](ask)
    if typed[0] == "new" and await ask.read(board.is_admin, ask.by):
        return await asking.open_modal(ask)
    if len(typed) == 1 and (asked := market_id(typed[0])) is not None:
        return await listing.show_question(await ask.read(questions.row, ask.by, asked, ask.now))
    number = decision_id(typed[0])
    if number is None:
        return await _search(ask)
    return await listing.show(ask, await ask.read(board.row, ask.by, number, ask.now))


async def _search(ask: Ask) -> Answer:
    decided, asked = await ask.read(_found, ask.by, ask.text, ask.now)
    sought = f"“{words.escape(ask.text[:100])}”"
    if not decided.rows and not asked.rows:
        said = f"No decision and no question speaks of {sought}."
        return meant.answer(said, meant.close_to(ask, _ALONE), HELP)
    numbers = {"decision": decided.number, "question": asked.number}
    counted = [words.count(number, thing) for thing, number in numbers.items() if number]
    said = f"{' and '.join(counted)} with {sought}."
    fit = sum(min(len(found.rows), listing.SHOWN_MOST) for found in (decided, asked))
    if (left := sum(numbers.values()) - fit) > 0:
        said += f" Not shown: {left}. More words find fewer."
    blocks = [*listing.shown(decided.rows, decisions.one), *listing.shown(asked.rows, listed.one)]
    return Message(said, (section(said, "found"), *blocks)).answer()


def _found(connection: Any, by: str, sought: str, now: datetime) -> Any:
    """As of one moment."""
    return board.search(connection, by, sought, now), questions.search(connection, by, sought, now)


async def _help(_: Ask) -> Answer:
    return meant.listed("This is what `/market` does.", HELP)


async def _portfolio(ask: Ask) -> Answer:
    held, settled, rows = await ask.read(_held, ask.by, ask.now)
    blocks: list[Block] = [HeaderBlock("Your credits", block_id="credits"), holdings.figures(held)]
    entries = holdings.entries(held, holdings.places(rows)) or [[section(holdings.NOTHING_HELD, "nothing")]]
    for entry in entries:
        if len(blocks) + len(entry) > PORTFOLIO_BLOCKS:
            blocks.append(section("The rest stands on my Home tab.", "more"))
            break
        blocks += entry
    if settled:
        blocks += [HeaderBlock("Settled lately", block_id="settlements"), *holdings.settled(settled)]
    long = f", {words.credits(held.earmarked)} for long horizons" if held.earmarked else ""
    said = (
        f"You have {words.credits(held.balance)}{long}, and {words.credits(held.in_decisions)} in decisions."
    )
    return Message(said, tuple(blocks)).answer()


def _held(connection: Any, by: str, now: Any) -> Any:
    """As of one moment."""
    rows = board.decisions_for(connection, by, now)
    return portfolio.portfolio(connection, by), portfolio.settled(connection, by), rows


async def _orders(ask: Ask) -> Answer:
    held: Portfolio = await ask.read(portfolio.portfolio, ask.by)
    found = [block for entry in orders.entries(held.orders) for block in entry] or orders.nothing()
    said = (
        f"{words.count(len(held.orders), 'limit order')} still waiting." if held.orders else orders.NONE_WAIT
    )
    return Message(said, tuple(found[:PORTFOLIO_BLOCKS])).answer()


async def _leaders(ask: Ask) -> Answer:
    return (await leading.message(ask)).answer()


_ALONE: Mapping[str, Callable[[Ask], Awaitable[Answer]]] = {
    "help": _help,
    "new": asking.open_modal,
    "portfolio": _portfolio,
    "orders": _orders,
    "leaders": _leaders,
}
