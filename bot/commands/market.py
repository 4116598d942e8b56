"""/market: what there is to trade, found by name or by words; what the asker holds; and who knew best."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slackblocks import Block, HeaderBlock

from bot import words
from bot.blocks import section
from bot.commands import listing, meant
from bot.commands.typed import decision_id, words_of
from bot.door import Answer, Ask, say
from bot.home import holdings, orders
from bot.modals import leading
from bot.reports.message import Message
from core.exchange import board, portfolio
from core.exchange.board import Found
from core.exchange.portfolio import Portfolio

HELP = """*/market* shows every decision that is open, with a Trade button
*/market D-1* shows one decision, also one that has ended
*/market context window* finds decisions by words in their question, options or metrics
*/market portfolio* shows what you hold, and what it would bring
*/market orders* shows your limit orders that wait
*/market leaders* shows who made most of what they knew
*/market help* shows this"""
PORTFOLIO_BLOCKS = 40


async def run(ask: Ask) -> Answer:
    typed = words_of(ask)
    if not typed:
        return await listing.overview(ask)
    if len(typed) == 1 and (handler := _ALONE.get(typed[0])):
        return await handler(ask)
    number = decision_id(typed[0])
    if number is None:
        return await _search(ask)
    return await listing.show(ask, await ask.read(board.row, ask.by, number, ask.now))


async def _search(ask: Ask) -> Answer:
    found: Found = await ask.read(board.search, ask.by, ask.text, ask.now)
    sought = f"“{words.escape(ask.text[:100])}”"
    if not found.rows:
        said = f"No decision speaks of {sought}."
        return meant.answer(said, meant.close_to(ask, _ALONE), HELP)
    said = f"{words.count(found.number, 'decision')} with {sought}."
    if found.number > len(found.rows):
        said += f" These are the first {len(found.rows)}; more words find fewer."
    return Message(said, (section(said, "found"), *listing.shown(found.rows))).answer()


async def _help(_: Ask) -> Answer:
    return say(HELP)


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
    said = f"You have {words.credits(held.balance)}, and {words.credits(held.in_decisions)} in decisions."
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
    "portfolio": _portfolio,
    "orders": _orders,
    "leaders": _leaders,
}
