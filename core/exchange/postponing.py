"""Postponing: an admin moves the dates of a decision later, never earlier, and says why (DESIGN 6).

The window whose prices settle a metric that is never measured stays where it was fixed at opening.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.database import milliseconds, moment
from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision, State
from core.errors import Invalid
from core.exchange import plans, telling
from core.markets import registry
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.people import acts, persons

FIELDS = ("closes_at", "decide_by", "freezes_at")


@dataclass(frozen=True)
class Dates:
    """When trading closes, until when it is to be decided, and when trading on what was chosen ends."""

    closes_at: datetime
    decide_by: datetime
    freezes_at: datetime


def postpone(
    connection: Connection, by: str, decision_id: int, dates: Dates, reason: str, now: datetime
) -> None:
    """Gives the decision these dates. Those that are over stay as they are.

    Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    admin = persons.require_admin(connection, by, "postpone")
    decision = decisions.lock(connection, decision_id)
    decision.require(State.OPEN, State.CLOSED, *TAKEN)
    found = registry.in_branches(connection, [branch.id for branch in decision.branches])
    markets = list(registry.lock_all(connection, found).values())
    moved = _moved(decision, dates)
    _check(decision, markets, moved, now)
    facts = {
        name: [int(getattr(decision.terms, name).timestamp()), int(moved[name].timestamp())] for name in moved
    }
    acts.write(connection, admin, "postponed", decision.name, reason, now, facts)
    decisions.set_dates(connection, decision_id, moved)
    _move_markets(connection, decision, markets, moved)
    said = {"by": admin.identity, "reason": reason.strip(), "dates": facts}
    telling.everywhere(connection, decision, "postponed", said, now, f":{now.isoformat()}")


def _moved(decision: Decision, dates: Dates) -> dict[str, datetime]:
    """The dates that are others than before, as they are kept: in whole milliseconds. Raises Invalid."""
    asked = {name: moment(milliseconds(getattr(dates, name))) for name in FIELDS}
    moved = {name: at for name, at in asked.items() if at != getattr(decision.terms, name)}
    for name, at in moved.items():
        if at < getattr(decision.terms, name):
            raise Invalid(name, "earlier")
    if not moved:
        raise Invalid("closes_at", "no_change")
    return moved


def _check(decision: Decision, markets: list[Market], moved: dict[str, datetime], now: datetime) -> None:
    """Raises Invalid for a date that is over, or that would no longer come after the one before it."""
    terms = decision.terms
    trades_on = any(market.state == MarketState.OPEN for market in markets)
    is_over = {
        "closes_at": decision.state != State.OPEN or now >= terms.closes_at,
        "decide_by": decision.record is not None or now >= terms.decide_by,
        "freezes_at": (decision.state in TAKEN and not trades_on) or now >= terms.freezes_at,
    }
    for name in moved:
        if is_over[name]:
            raise Invalid(name, "over")
    if (
        decision.lottery and "closes_at" in moved
    ):  # The round of its beacon was named to come after this close.
        raise Invalid("closes_at", "lottery")
    closes_at, decide_by, freezes_at = (moved.get(name, getattr(terms, name)) for name in FIELDS)
    final_by = decide_by + timedelta(seconds=terms.record_challenge_seconds)
    plans.check_order(closes_at, decide_by, final_by, freezes_at)


def _move_markets(
    connection: Connection, decision: Decision, markets: list[Market], moved: dict[str, datetime]
) -> None:
    """An option trades until the close, and the chosen one until the freeze."""
    ends = "freezes_at" if decision.state in TAKEN else "closes_at"
    if ends in moved:
        trading = [market.id for market in markets if market.state == MarketState.OPEN]
        registry.change(connection, trading, closes_at=moved[ends])
