"""/futarchy: how it works, one's own settings, and what admins do: credits, people, the books."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot import numerals, words
from bot.commands import meant
from bot.commands.typed import words_of
from bot.door import ACK, Answer, Ask, notice, say
from bot.modals import granting, horizon, settings, staffing
from core.errors import Invalid
from core.exchange import audit, board
from core.exchange import granting as grants
from core.exchange.trading import Wallet

HOW = """*How it works.* A decision has options. For each option you trade what a metric will be *if that option is taken*. \
What you put on an option that is not taken comes back; so the same credits can back your view on all of them."""
HELP = """*/market* to see and trade what is open
*/decision* to open, report, record, withdraw, or file a reading
*/subsidy* to see and spend the portfolios that back markets
*/futarchy settings* shows what others see of you, and the allowance
*/futarchy grant @person 100 welcome* gives somebody credits (admins); *grant pool 1000 budget* fills the pool that backs markets; *grant long @person 100 why* gives credits that pay for long horizons only
*/futarchy horizon 90 why* sets after how many days a market is settled, at the least, in which those pay (admins); *horizon* alone shows it
*/futarchy people* shows how somebody stands: who is an admin, who has left (admins)
*/futarchy audit* proves the books, and sends you what came of it (admins)
*/futarchy help* shows this
Your balance and positions are on my *Home* tab."""


async def run(ask: Ask) -> Answer:
    typed = words_of(ask)
    handler = _WORDS.get(typed[0] if typed else "help")
    if handler is None:
        return meant.unknown(ask, meant.close_to(ask, _WORDS), HELP)
    return await handler(ask)


async def _help(ask: Ask) -> Answer:
    admins = ", ".join(words.person(each) for each in await ask.read(board.admins))
    return meant.listed(HOW, f"{HELP}\nAdmins: {admins or 'nobody yet'}")


async def _people(ask: Ask) -> Answer:
    named = re.match(r"people\s+<@(?P<user>[A-Z0-9]+)", ask.text, re.IGNORECASE)
    return await staffing.show(ask, ask.address(named["user"]) if named else None)


async def _settings(ask: Ask) -> Answer:
    return (await settings.message(ask)).answer()


async def _audit(ask: Ask) -> Answer:
    await ask.write(audit.ask, ask.by, str(ask.payload["trigger_id"]))
    return say(_PROVING)


async def audit_button(ask: Ask) -> Answer:
    """The same from Home."""
    await ask.write(audit.ask, ask.by, str(ask.payload["trigger_id"]))
    await ask.open(notice("Audit", _PROVING))
    return ACK


async def _grant(ask: Ask) -> Answer:
    """``grant @person 100 for the pilot``, or ``grant long @person 100 why``; the reason may be left out.

    Whatever is less than that opens the form; so does ``grant @person 100 long ago promised``, where the form asks
    which wallet is meant.
    """
    asked = _GRANT.match(ask.text)
    if asked is None or ask.kind != "command":
        return await granting.show(ask, **_partly(ask))
    reason, amount = asked["reason"].strip(), numerals.parse(asked["amount"], "amount")
    if asked["user"] and not asked["long"] and re.match(r"long\b", reason, re.IGNORECASE):
        said = "" if reason.casefold() == "long" else reason
        return await granting.show(ask, asked["user"], words.plain(amount), said, is_long=True)
    to = grants.POOL if asked["pool"] else ask.address(asked["user"])
    wallet = Wallet.EARMARKED if asked["long"] else Wallet.PLAIN
    key = str(ask.payload["trigger_id"])
    return (await granting.typed(ask, to, amount, key, reason or "granted", wallet)).answer()


def _partly(ask: Ask) -> dict[str, Any]:
    """What can be read of a grant that was not written whole, for its form. Raises Invalid for a name that is nobody's."""
    found: dict[str, Any] = {}
    for word in ask.text.split()[1:]:
        if user := re.fullmatch(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", word):
            found["user"] = user[1]
        elif word.casefold() == "pool":
            found["to_pool"] = True
        elif word.casefold() == "long":
            found["is_long"] = True
        elif re.fullmatch(r"[\d.]+", word) and "amount" not in found:
            found["amount"] = word
        elif not {*found} - {"is_long"}:
            raise Invalid("person", "nobody", word[:SHOWN_MOST])
    return found


SHOWN_MOST = 50
_PROVING = (
    "I am proving the books: every entry, every balance, every price. You get what comes of it as a message."
)
_WORDS: Mapping[str, Callable[[Ask], Awaitable[Answer]]] = {
    "help": _help,
    "settings": _settings,
    "grant": _grant,
    "horizon": horizon.typed,
    "people": _people,
    "audit": _audit,
}
_GRANT = re.compile(
    r"grant\s+(?P<long>long\s+)?(?:<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>|(?P<pool>pool))\s+(?P<amount>\S+)\s*(?P<reason>.*)",
    re.IGNORECASE | re.DOTALL,
)
