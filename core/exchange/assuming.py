"""Assuming: what a decision is worth deciding right, how close a call it is, and how likely it settles; stated, or taken for granted."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN
from core.decisions.decision import State
from core.errors import NotOpen
from core.exchange import portfolio_log, reserving, weighing
from core.funding import assumptions, backings
from core.funding.assumptions import Stakes
from core.markets import registry
from core.markets.market import Market
from core.pricing.twap import MILLIONTHS


@dataclass(frozen=True)
class Assumed:
    """What a plan goes by; not ``is_stated`` where nobody has said anything."""

    portfolio_id: int
    decision_id: int
    name: str
    question: str
    stakes: Stakes
    is_stated: bool


def assume(
    connection: Connection, by: str, decision_id: int, stakes: Stakes, reason: str, now: datetime
) -> None:
    """States what a plan is to go by from now on. Raises Unknown, NotAllowed, NotOpen, Invalid."""
    decision = decisions.lock(connection, decision_id)
    portfolio = backings.of_decision(connection, decision.id)
    spender = reserving.require_spender(connection, by, portfolio, "assume")
    decision.require(State.OPEN)
    if now >= decision.terms.closes_at:
        raise NotOpen("decision", decision.name, State.CLOSED)
    stakes.check()
    was = assumptions.newest(connection, [decision.id]).get(decision.id)
    assumptions.keep(connection, decision.id, stakes, spender.id, reason, now)
    facts = {"of": decision.name, **asdict(stakes), "was": asdict(was) if was else None}
    portfolio_log.write(connection, portfolio, spender, "stakes", facts, reason, now)


def assumed(connection: Connection, by: str, decision_id: int) -> Assumed:
    """What was stated last, or what is taken for granted. Raises Unknown, NotAllowed."""
    decision = decisions.get(connection, decision_id)
    portfolio = backings.of_decision(connection, decision.id)
    reserving.require_spender(connection, by, portfolio, "assume")
    stated = assumptions.newest(connection, [decision.id]).get(decision.id)
    chosen = [each.id for each in decision.branches if each.kind == CHOSEN]
    markets = registry.in_branches(connection, chosen).values()
    return Assumed(
        portfolio_id=portfolio.id,
        decision_id=decision.id,
        name=decision.name,
        question=decision.terms.question,
        stakes=stated or Stakes(weighing.STAKE, _gap_sd(list(markets))),
        is_stated=stated is not None,
    )


def _gap_sd(markets: list[Market]) -> int:
    return round(weighing.gap_sd_of(weighing.leading(markets), None) * MILLIONTHS)
