"""App Home: drawn anew whenever it is opened or something was done there, in pages that Slack can show."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import Block, DividerBlock, HeaderBlock, HomeTabView

from bot import words
from bot.blocks import actions, button, context, rendered, section
from bot.door import ACK, Answer, Ask
from bot.home import asked, decisions, holdings, needs, orders, welcome
from bot.modals import granting, settings
from bot.subsidies import overview
from core.errors import NotAllowed
from core.exchange import board, limit_orders, portfolio, portfolios, questions
from core.exchange.board import Row
from core.exchange.limit_orders import LimitOrder
from core.exchange.portfolio import Portfolio, Settled
from core.exchange.portfolios import PortfolioFacts
from core.exchange.questions import AskedRow

_log = logging.getLogger(__name__)

PAGE, REFRESH = "home_page", "home_refresh"
PAGE_BLOCKS = 80  # Beside them stand the figures, the foot and its buttons.
PORTFOLIOS_MOST = 10
REFRESH_SECONDS = 1.0  # The ack waits for it, and has three seconds in all.

Entry = Sequence[Block]
_ADMIN_BUTTONS = (
    button("New decision", "new", "new"),
    button("New question", "ask", "ask"),
    button("Grant credits", granting.VIEW, "grant"),
    button("Allowance", settings.OPEN, "allowance"),
    button("People", "people", "people"),
    button("Audit", "audit", "audit"),
)


@dataclass(frozen=True)
class Facts:
    """What Home shows of a person; portfolios are those that they may see."""

    by: str
    held: Portfolio
    rows: Sequence[Row]
    asked: Sequence[AskedRow]
    filled: Sequence[LimitOrder]
    settled: Sequence[Settled]
    portfolios: Sequence[PortfolioFacts]
    is_admin: bool
    at: datetime

    @property
    def is_new(self) -> bool:
        """Whether they have traded nothing yet, as far as can be seen."""
        return not (self.held.stakes or self.held.questions or self.held.orders or self.settled)


async def publish(ask: Ask) -> Answer:
    """Draws the asker's Home anew."""
    if ask.kind == "event" and ask.payload["event"].get("tab", "home") != "home":
        return ACK
    return await _show(ask, 1)


async def turn(ask: Ask) -> Answer:
    """Another page of it."""
    return await _show(ask, int(ask.action["value"]))


async def refresh(ask: Ask) -> None:
    """Draws Home after something was done there; what was done stays done if it cannot be drawn."""
    try:
        async with asyncio.timeout(REFRESH_SECONDS):
            await _show(ask, 1)
    except Exception:  # noqa: BLE001 - the next opening of Home draws it
        _log.exception("Home of %s was not drawn", ask.by)


async def _show(ask: Ask, number: int) -> Answer:
    view = rendered(view_of(await ask.read(_facts, ask.by, ask.now), number))
    await ask.client.views_publish(user_id=ask.user_id, view=view)
    return ACK


def _facts(connection: Any, by: str, now: datetime) -> Facts:
    """All of it as of one moment."""
    return Facts(
        by=by,
        held=portfolio.portfolio(connection, by),
        rows=board.decisions_for(connection, by, now),
        asked=questions.open_for(connection, by, now),
        filled=limit_orders.filled(connection, by, now),
        settled=portfolio.settled(connection, by),
        portfolios=_portfolios(connection, by, now),
        is_admin=board.is_admin(connection, by),
        at=now,
    )


def _portfolios(connection: Any, by: str, now: datetime) -> Sequence[PortfolioFacts]:
    try:
        return portfolios.overview(connection, by, now)
    except NotAllowed:
        return ()


def view_of(facts: Facts, number: int = 1) -> HomeTabView:
    """One page of Home; a number past the last shows the last."""
    found = pages(_entries(facts))
    number = min(max(number, 1), len(found))
    top = [HeaderBlock("Your credits", block_id="credits"), holdings.figures(facts.held)]
    foot = [
        DividerBlock(block_id="end"),
        *actions("foot", _buttons(number, len(found))),
        *_admin(facts),
        _updated(facts, number, len(found)),
    ]
    return HomeTabView([*top, *found[number - 1], *foot])


def pages(entries: Sequence[Entry]) -> list[list[Block]]:
    """The entries in as few pages as hold them, each entry whole; at least one page."""
    found: list[list[Block]] = [[]]
    for entry in entries:
        if found[-1] and len(found[-1]) + len(entry) > PAGE_BLOCKS:
            found.append([])
        found[-1] += entry
    return found


def _entries(facts: Facts) -> list[Entry]:
    """Everything there is to show, the most urgent first; a heading stands with what comes first under it."""
    held = holdings.entries(facts.held, holdings.places(facts.rows))
    shown = [decisions.one(row) for row in facts.rows]
    needed = needs.entries(facts.by, facts.rows, facts.asked, facts.held, facts.filled)
    return [
        *_under("Needs you", "needs", needed),
        *([welcome.steps()] if facts.is_new else []),
        *_under("Your positions", "stakes", held or [[section(holdings.NOTHING_HELD, "nothing")]]),
        *_under("Your limit orders", "orders", orders.entries(facts.held.orders)),
        *_under("Decisions", "decisions", shown or [[section(decisions.NONE_OPEN, "none")]]),
        *_under("Questions", "asked", [asked.one(row) for row in facts.asked]),
        *_under("Settled lately", "settlements", [holdings.settled(facts.settled)]),
    ]


def _under(heading: str, block_id: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries under a heading, or nothing where there are none."""
    filled = [entry for entry in entries if entry]
    if not filled:
        return []
    return [[HeaderBlock(heading, block_id=block_id), *filled[0]], *filled[1:]]


def _buttons(number: int, count: int) -> list[Any]:
    turning = []
    if number > 1:
        turning.append(button("Previous page", f"{PAGE}:previous", number - 1))
    if number < count:
        turning.append(button("Next page", f"{PAGE}:next", number + 1))
    return [*turning, button("Refresh", REFRESH, number), *welcome.buttons()]


def _admin(facts: Facts) -> list[Block]:
    """What admins do, and whoever may spend a portfolio."""
    if not facts.portfolios:
        return []
    shown = facts.portfolios[:PORTFOLIOS_MOST]
    more = words.count(len(facts.portfolios) - len(shown), "more portfolio")
    rest = [f"{more}: see Subsidies."] if len(facts.portfolios) > len(shown) else []
    said = section("\n".join(["*Portfolios*", *map(overview.brief, shown), *rest]), "portfolios")
    subsidies = overview.do("Subsidies", "show")
    return [said, *actions("admin", [subsidies, *(_ADMIN_BUTTONS if facts.is_admin else ())])]


def _updated(facts: Facts, number: int, count: int) -> Block:
    page = f"Page {number} of {count} · " if count > 1 else ""
    return context(f"{page}Updated {words.moment(facts.at)}", "updated")
