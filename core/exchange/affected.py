"""What hangs on a metric: its decision and its markets, and where news of it are told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision
from core.errors import NotOpen
from core.exchange import telling
from core.markets import definitions, registry
from core.markets.market import Market
from core.markets.metrics import Metric


def lock(connection: Connection, metric: Metric) -> tuple[Decision | None, list[Market]]:
    """The metric's decision, if it hangs on one, and its markets that can still be settled.

    Decisions are locked before their markets, everywhere, so that nobody waits in a ring. Raises NotOpen if there are none.
    """
    markets = registry.on_metric(connection, metric.id)
    decision = decisions.lock_of_branch(connection, next(iter(markets.values())).branch_id)
    locked = registry.lock_all(connection, markets)
    if decision is None:
        return None, list(locked.values())
    live = {branch.id for branch in decision.live}
    found = [market for market in locked.values() if market.branch_id in live]
    if not found and decision.state in TAKEN:
        raise NotOpen("metric", metric.definition.name, "dead")
    return decision, found


def has_stake(
    connection: Connection, person_id: int, decision: Decision | None, markets: Iterable[Market]
) -> bool:
    """Whether somebody ever traded in the decision, whichever branch, or in these markets that hang on none."""
    ids = [branch.id for branch in decision.branches] if decision else []
    everywhere = registry.in_branches(connection, ids).values() if decision else markets
    return definitions.has_traded(connection, person_id, everywhere)


def tell(
    connection: Connection,
    decision: Decision | None,
    kind: str,
    markets: Iterable[Market],
    facts: Mapping[str, Any],
    now: datetime,
    which: str,
) -> None:
    """In the channels of the decision, or where the question is told that hangs on none."""
    if decision:
        telling.everywhere(connection, decision, kind, facts, now, which)
        return
    for market in markets:
        telling.question(connection, market, kind, facts, now, which)
