"""Halting: an admin stops all trading in a decision at once, and lets it go on (DESIGN 6)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision, State
from core.errors import NotOpen
from core.exchange import telling
from core.markets import registry
from core.markets.market import HALTED, Market
from core.people import acts, persons
from core.people.persons import Person

__all__ = ["HALTED", "NOT_HALTED", "halt", "is_halted", "resume"]

NOT_HALTED = "not_halted"


def halt(connection: Connection, by: str, decision_id: int, reason: str, now: datetime) -> None:
    """Nobody trades in the decision from now on; limit orders wait, dates stay, and its people decide as they would.

    Raises NotAllowed, Unknown, NotOpen, Invalid.
    """
    admin, decision, markets = _lock(connection, by, decision_id, "halt")
    if is_halted(markets):
        raise NotOpen("decision", decision.name, HALTED, markets[0].halted_at)
    acts.write(connection, admin, "halted", decision.name, reason, now)
    registry.change(connection, [market.id for market in markets], halted_at=now)
    facts = {"by": admin.identity, "reason": reason.strip()}
    telling.everywhere(connection, decision, "halted", facts, now, f":{now.isoformat()}")


def resume(connection: Connection, by: str, decision_id: int, reason: str, now: datetime) -> None:
    """Trading goes on where it stood. Raises NotAllowed, Unknown, NotOpen, Invalid."""
    admin, decision, markets = _lock(connection, by, decision_id, "resume")
    if not is_halted(markets):
        raise NotOpen("decision", decision.name, NOT_HALTED)
    acts.write(connection, admin, "resumed", decision.name, reason, now)
    registry.change(connection, [market.id for market in markets], halted_at=None)
    facts = {"by": admin.identity, "reason": reason.strip()}
    telling.everywhere(connection, decision, "resumed", facts, now, f":{now.isoformat()}")


def is_halted(markets: Collection[Market]) -> bool:
    """All markets of a decision are halted together, those included that are over."""
    return any(market.halted_at is not None for market in markets)


def _lock(
    connection: Connection, by: str, decision_id: int, act: str
) -> tuple[Person, Decision, list[Market]]:
    admin = persons.require_admin(connection, by, act)
    decision = decisions.lock(connection, decision_id)
    decision.require(State.OPEN, State.CLOSED, *TAKEN)
    found = registry.in_branches(connection, [branch.id for branch in decision.branches])
    return admin, decision, list(registry.lock_all(connection, found).values())
