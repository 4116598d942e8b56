"""Assuming: what a decision is worth deciding right, how close a call it is, and how likely it settles; stated, or taken for granted."""

import math
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN, DRAWN
from core.decisions.decision import Decision, State
from core.errors import NotOpen
from core.exchange import portfolio_log, reserving, weighing
from core.exchange.plans import MeasurePlan
from core.funding import assumptions, backings
from core.funding.assumptions import STAKE, Assumption
from core.markets import registry
from core.markets.market import Market
from core.people.persons import Person
from core.pricing.twap import MILLIONTHS

OPENED = "Said when it was opened."


@dataclass(frozen=True)
class Assumed:
    """What a plan goes by; not ``is_stated`` where nobody has said anything."""

    portfolio_id: int
    decision_id: int
    name: str
    question: str
    of: Assumption
    is_stated: bool


def assume(
    connection: Connection, by: str, decision_id: int, of: Assumption, reason: str, now: datetime
) -> None:
    """States what a plan is to go by from now on. Raises Unknown, NotAllowed, NotOpen, Invalid."""
    decision = decisions.lock(connection, decision_id)
    portfolio = backings.of_decision(connection, decision.id)
    spender = reserving.require_spender(connection, by, portfolio, "assume")
    decision.require(State.OPEN)
    if now >= decision.terms.closes_at:
        raise NotOpen("decision", decision.name, State.CLOSED)
    of.check()
    was = assumptions.newest(connection, [decision.id]).get(decision.id)
    assumptions.keep(connection, decision.id, of, spender.id, reason, now)
    facts = {"of": decision.name, **asdict(of), "was": asdict(was) if was else None}
    portfolio_log.write(connection, portfolio, spender, "stakes", facts, reason, now)


def keep_opened(
    connection: Connection, decision: Decision, first: MeasurePlan, by: Person, now: datetime
) -> None:
    """Whoever opens a decision may say how far off a base rate could be: plans go by that, and by the usual stake."""
    if first.off is None:
        return
    metric = first.metrics[0].definition
    gap_sd = math.sqrt(2) * first.off / (metric.high - metric.low)  # Each of the two may be so far off.
    of = Assumption(None, max(1, min(MILLIONTHS, round(gap_sd * MILLIONTHS))))
    assumptions.keep(connection, decision.id, of, by.id, OPENED, now)
    facts = {"of": decision.name, "gap_sd": of.gap_sd}
    portfolio = backings.of_decision(connection, decision.id)
    portfolio_log.write(connection, portfolio, by, "off", facts, OPENED, now)


def assumed(connection: Connection, by: str, decision_id: int) -> Assumed:
    """What was stated last, or what is taken for granted. Raises Unknown, NotAllowed."""
    decision = decisions.get(connection, decision_id)
    portfolio = backings.of_decision(connection, decision.id)
    reserving.require_spender(connection, by, portfolio, "assume")
    stated = assumptions.newest(connection, [decision.id]).get(decision.id)
    kind = DRAWN if decision.is_always_drawn else CHOSEN
    of_kind = [each.id for each in decision.branches if each.kind == kind]
    markets = registry.in_branches(connection, of_kind).values()
    return Assumed(
        portfolio_id=portfolio.id,
        decision_id=decision.id,
        name=decision.name,
        question=decision.terms.question,
        of=replace(stated, stake=stated.worth) if stated else Assumption(STAKE, _gap_sd(list(markets))),
        is_stated=stated is not None and stated.stake is not None,
    )


def _gap_sd(markets: list[Market]) -> int:
    return round(weighing.gap_sd_of(weighing.leading(markets), None) * MILLIONTHS)
