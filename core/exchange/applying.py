"""Applying a plan: by those who may spend its portfolio, or daily by the policy where they let it. Liquidity then drips in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.errors import Invalid, KeyReused, PlanMoved
from core.exchange import portfolio_log, proposing, reserved, reserving
from core.exchange.proposal import Proposal
from core.funding import changes, portfolios
from core.funding.changes import Change
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.markets import liquidity, registry

DAILY = timedelta(days=1)
KEY_MOST = 200
BY_ITSELF = "The policy, as it may by itself."

_CHANCE = SystemRandom().random


@dataclass(frozen=True)
class Applied:
    """What was applied: the reserve that it takes at most, micro-credits, and the names of the decisions that get some."""

    portfolio: str
    adds: int
    decisions: tuple[str, ...]


def plan(connection: Connection, by: str, portfolio_id: int, now: datetime) -> Proposal:
    """What the policy would do now. Raises Unknown, NotAllowed."""
    portfolio = portfolios.get(connection, portfolio_id)
    reserving.require_spender(connection, by, portfolio, "plan")
    return proposing.propose(connection, portfolio, now)


def apply(
    connection: Connection,
    by: str,
    portfolio_id: int,
    digest: str,
    reason: str,
    now: datetime,
    key: str,
    chance: Callable[[], float] = _CHANCE,
) -> Applied:
    """Applies the plan of this digest, unless what it rests on has changed. A key that was used gives what it applied.

    Raises Unknown, NotAllowed, NotOpen while the portfolio is paused, PlanMoved, Invalid, KeyReused.
    """
    texts.check("key", key, KEY_MOST)
    portfolio = portfolios.get(connection, portfolio_id)
    spender = reserving.require_spender(connection, by, portfolio, "apply")
    if before := changes.find(connection, key):
        return _done(portfolio, before)
    reserving.require_running(portfolio)
    proposal = _propose(connection, portfolio, now)
    if parts := proposing.differences(digest, proposal.digest):
        raise PlanMoved(portfolio.name, parts, proposing.added(digest), proposal.adds)
    if not proposal.adds:
        raise Invalid("portfolio", "nothing_to_add", portfolio.name)
    facts = _let_drip(connection, proposal, spender.id, now, chance)
    portfolio_log.write(connection, portfolio, spender, "applied", facts, reason, now, key=key)
    return _applied(portfolio, facts)


def automatic(
    connection: Connection, portfolio_id: int, now: datetime, chance: Callable[[], float] = _CHANCE
) -> None:
    """Plans and applies once a day what may be applied without being asked; whoever comes second finds it done."""
    if not portfolios.look(connection, portfolio_id, now, DAILY):
        return
    portfolio = portfolios.get(connection, portfolio_id)
    proposal = _propose(connection, portfolio, now, portfolio.auto_most)
    allowed = changes.last(connection, portfolio.id, "automated")
    if not proposal.adds or allowed is None or allowed.by is None:
        return
    facts = _let_drip(connection, proposal, allowed.by, now, chance)
    portfolio_log.write(connection, portfolio, None, "applied", facts, BY_ITSELF, now)


def _propose(
    connection: Connection, portfolio: Portfolio, now: datetime, most: int | None = None
) -> Proposal:
    """The plan, and nobody else changes meanwhile what it adds to, or spends the portfolio: markets first, like everywhere."""
    held = reserved.held(connection, [portfolio.id])
    registry.lock_all(connection, [each.market_id for each in held])
    Book.load(connection, [portfolio.pool], [accounts.CREDIT])
    return proposing.propose(connection, portfolios.get(connection, portfolio.id), now, most)


def _let_drip(
    connection: Connection, proposal: Proposal, asked_by: int, now: datetime, chance: Callable[[], float]
) -> dict[str, Any]:
    """Asks for it; the facts of that."""
    rows = [each for each in proposal.rows if each.adds]
    added = {market.market_id: market.adds for each in rows for market in each.markets if market.adds}
    liquidity.let_drip(connection, added, asked_by, now, chance)
    told = [{"of": each.name, "question": each.question, "adds": each.adds} for each in rows]
    return {"adds": proposal.adds, "decisions": told}


def _applied(portfolio: Portfolio, facts: Any) -> Applied:
    return Applied(portfolio.name, facts["adds"], tuple(each["of"] for each in facts["decisions"]))


def _done(portfolio: Portfolio, before: Change) -> Applied:
    if (before.portfolio_id, before.what) != (portfolio.id, "applied"):
        raise KeyReused(portfolio.name)
    return _applied(portfolio, before.facts)
