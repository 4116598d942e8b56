"""Slash commands: what was typed finds its handler, and what was not understood is answered with what would be."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from slackblocks import Block, HeaderBlock

from bot import home, words
from bot.blocks import actions, button, section
from bot.door import ACK, Answer, Ask, notice, say
from bot.modals import filing, halting, opening, postponing, recording, staffing, withdrawing
from bot.reports import card, spread
from bot.reports.message import Message
from core import units
from core.exchange import board, granting
from core.exchange.board import Row

MARKET_HELP = """*/market* shows every decision that is open, with a Trade button
*/market D-1* shows one decision, also one that has ended
*/market help* shows this"""

DECISION_HELP = """*/decision* shows the decisions that are under way
*/decision new* opens a new one (admins)
*/decision report D-1* shows you its spread report
*/decision record D-1* records what was decided (its deciders, once trading is closed)
*/decision withdraw D-1* takes the question back (its deciders)
*/decision metric D-1* files the reading, or that there is none (the metric's owner, once the decision is final)
*/decision halt D-1*, */decision resume D-1* stops trading in it, and lets it go on (admins)
*/decision postpone D-1* moves its dates later (admins)
*/decision help* shows this"""

FUTARCHY_HELP = """*How it works.* A decision has options. For each option you trade what a metric will be *if that option is taken*. \
What you put on an option that is not taken comes back; so the same credits can back your view on all of them.
*/market* to see and trade what is open
*/decision* to open, report, record, withdraw, or file a reading
*/futarchy grant @person 100 welcome* gives somebody credits (admins); *grant pool 1000 budget* fills the pool that backs markets
*/futarchy people* shows how somebody stands: who is an admin, who has left (admins)
*/futarchy help* shows this
Your balance and positions are on my *Home* tab."""


async def market(ask: Ask) -> Answer:
    word = _words(ask)[:1]
    if word == ["help"]:
        return say(MARKET_HELP)
    if not word:
        return await _overview(ask)
    decision_id = _decision_id(word[0])
    if decision_id is None:
        return _not_understood("/market", word[0], MARKET_HELP)
    return await _show(ask, await ask.read(board.row, ask.by, decision_id, ask.now))


async def decision(ask: Ask) -> Answer:
    typed = _words(ask)
    if not typed:
        return await _overview(ask)
    if typed[0] == "help":
        return say(DECISION_HELP)
    if typed[0] == "new":
        return await opening.open_modal(ask)
    handler = _ON_DECISION.get(typed[0])
    if handler is None:
        return _not_understood("/decision", typed[0], DECISION_HELP)
    decision_id = _decision_id(typed[1]) if len(typed) > 1 else None
    if decision_id is None:
        return say(f"Say which decision, for example `/decision {typed[0]} D-1`. `/decision` lists them.")
    row: Row = await ask.read(board.row, ask.by, decision_id, ask.now)
    return await handler(ask, row)


async def futarchy(ask: Ask) -> Answer:
    typed = _words(ask)
    if not typed or typed[0] == "help":
        admins = ", ".join(words.person(each) for each in await ask.read(board.admins))
        return say(f"{FUTARCHY_HELP}\nAdmins: {admins or 'nobody yet'}")
    if typed[0] == "grant":
        return await _grant(ask)
    if typed[0] == "people":
        named = re.match(r"people\s+<@(?P<user>[A-Z0-9]+)", ask.text, re.IGNORECASE)
        return await staffing.show(ask, ask.address(named["user"]) if named else None)
    return _not_understood("/futarchy", typed[0], FUTARCHY_HELP)


async def report_button(ask: Ask) -> Answer:
    """A Report button: the report as of now, for the asker alone."""
    row: Row = await ask.read(board.row, ask.by, int(ask.action["value"]), ask.now)
    message = spread.render(asdict(row.report))
    if "channel" in ask.payload:
        channel = ask.payload["channel"]["id"]
        await ask.client.chat_postEphemeral(channel=channel, user=ask.user_id, **message.payload())
    else:
        await ask.open(notice(f"Report {words.decision(row.decision_id)}", *spread.plain(asdict(row.report))))
    return ACK


async def _overview(ask: Ask) -> Answer:
    rows: list[Row] = await ask.read(board.decisions_for, ask.by, ask.now)
    ended: list[Row] = await ask.read(board.ended_for, ask.by, ask.now)
    blocks: list[Block] = [HeaderBlock("Decisions", block_id="decisions")]
    said = f"{words.count(len(rows), 'decision')} to look at."
    if not rows:
        said = "No decision is open. An admin opens one with `/decision new`."
        blocks.append(section(said, "none"))
    for row in rows[:15]:
        blocks += home.decision_blocks(row)
    if ended:
        blocks += [HeaderBlock("Ended", block_id="ended"), *(_ended(row) for row in ended)]
    return _shown(Message(said, tuple(blocks)))


def _ended(row: Row) -> Block:
    name, question = words.decision(row.decision_id), words.escape(row.question)
    return section(f"*{name}: {question}*\n{card.state(asdict(row.report))}", f"ended_{row.decision_id}")


async def _show(_: Ask, row: Row) -> Answer:
    shown = card.render(asdict(row.report))
    return _shown(Message(shown.text, (*shown.blocks, *_for_admins(row))))


def _for_admins(row: Row) -> list[Block]:
    """What an admin can do about a decision that is under way."""
    if not row.standing.is_admin or row.state in {"settled", "withdrawn"}:
        return []
    halt = "Let it trade" if row.report.halted_at else "Halt trading"
    buttons = [
        button(halt, "halt", row.decision_id),
        button("Move dates", "postpone", row.decision_id),
    ]
    return actions("admin", buttons)


async def _report(_: Ask, row: Row) -> Answer:
    return _shown(spread.render(asdict(row.report)))


async def _record(ask: Ask, row: Row) -> Answer:
    await recording.show(ask, row)
    return ACK


async def _withdraw(ask: Ask, row: Row) -> Answer:
    await withdrawing.show(ask, row)
    return ACK


async def _metric(ask: Ask, row: Row) -> Answer:
    await filing.show(ask, row)
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


async def _grant(ask: Ask) -> Answer:
    """``grant @person 100 for the pilot``; the reason may be left out."""
    asked = _GRANT.match(ask.text)
    if asked is None:
        return say(
            "Write it like `/futarchy grant @person 100 welcome`, or `/futarchy grant pool 1000 budget`."
        )
    if asked["other"]:
        unknown = words.escape(asked["other"])
        return say(
            f"I do not know {unknown}. Choose somebody from the list that opens with @, or write pool."
        )
    to = granting.POOL if asked["pool"] else ask.address(asked["user"])
    amount = units.parse(asked["amount"])
    reason = asked["reason"].strip() or "granted"
    key = str(ask.payload["trigger_id"])
    held = await ask.write(granting.grant, ask.by, to, amount, key, reason)
    whose = "The pool" if asked["pool"] else words.person(to)
    said = f"{whose} got {words.credits(amount)} and has {words.credits(held)} free now."
    blocks = [section(said, "granted"), *actions("grant", [button("Take it back", "take_back", key)])]
    return _shown(Message(said, tuple(blocks)))


def _shown(message: Message) -> Answer:
    payload = message.payload()
    return say(payload["text"], payload["blocks"])


def _not_understood(command: str, word: str, help_text: str) -> Answer:
    said = f"`{command} {words.escape(word)}` is not something I know. This is:"
    blocks = [section(said, "said"), section(help_text, "help")]
    return _shown(Message(f"{said}\n{help_text}", tuple(blocks)))


def _words(ask: Ask) -> list[str]:
    return [word.casefold() for word in ask.text.split()]


def _decision_id(word: str) -> int | None:
    """The id in ``D-7`` or ``7``."""
    found = re.fullmatch(r"(?:d-?)?(\d{1,9})", word.casefold())
    return int(found[1]) if found else None


_ON_DECISION: Mapping[str, Callable[[Ask, Row], Awaitable[Answer]]] = {
    "show": _show,
    "report": _report,
    "record": _record,
    "withdraw": _withdraw,
    "metric": _metric,
    "halt": _halt,
    "resume": _resume,
    "postpone": _postpone,
}
_GRANT = re.compile(
    r"grant\s+(?:<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>|(?P<pool>pool)|(?P<other>\S+))\s+(?P<amount>\S+)\s*(?P<reason>.*)",
    re.IGNORECASE | re.DOTALL,
)
