"""Resolving: the reading that fixes the payout vector, and who may doubt it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision
from core.decisions.decision import State as DecisionState
from core.errors import NotOpen
from core.exchange import telling
from core.markets import metrics, readings, registry
from core.markets.market import Market, State
from core.markets.metrics import Metric
from core.markets.readings import Objection, Reading
from core.people import persons

__all__ = ["Objection", "Reading", "challenge", "file", "freeze", "rule", "void"]


def freeze(connection: Connection, market_id: int, now: datetime) -> None:
    """Stops trading for good once the freeze date has come, and asks the metric's owner for the reading."""
    market = registry.lock_all(connection, [market_id])[market_id]
    if market.state != State.OPEN or now < market.closes_at:
        return
    registry.change(connection, [market_id], state=State.FROZEN)
    metric = metrics.get(connection, market.metric_id)
    owner = persons.by_ids(connection, [metric.owner])[metric.owner]
    decision = decisions.of_branch(connection, market.branch_id)
    facts = telling.subject(market, metric, decision)
    lanes.announce(connection, f"due:{market.name}", "reading_due", market.name, owner.identity, facts, now)
    if decision:
        telling.renew_cards(connection, decision, now)
    else:
        telling.renew_questions(connection, [market.id], now)


def file(connection: Connection, by: str, metric_id: int, value: int, source: str, now: datetime) -> Reading:
    """The metric's owner files what it came to; trading on it ends. A reading that is not final can be filed anew.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    person = persons.enrol(connection, by, now)
    metric.require_owner(person.id, "file")
    return _file(connection, metric, value, source, person.id, now)


def void(connection: Connection, by: str, metric_id: int, reason: str, now: datetime) -> Reading:
    """The metric was never measured: its owner, or an admin, says so, and its markets are settled by the average
    prices of the window fixed at their opening. Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    person = persons.enrol(connection, by, now)
    if not person.is_admin:
        metric.require_owner(person.id, "void")
    return _file(connection, metric, None, reason, person.id, now)


def challenge(connection: Connection, by: str, metric_id: int, reason: str, now: datetime) -> Objection:
    """Anybody but who filed it objects to a reading that is not final: nothing is settled before somebody rules.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    decision, markets = _lock(connection, metric)
    made = readings.challenge(connection, metric, reason, persons.enrol(connection, by, now).id, now)
    facts = {"metric_id": metric.id, "metric": metric.definition.name, "reason": made.reason, "by": by}
    _tell(connection, decision, "objected", markets, facts, now, f"{metric.id}.{made.number}")
    return made


def rule(
    connection: Connection, by: str, metric_id: int, *, is_upheld: bool, ruling: str, now: datetime
) -> Objection:
    """An admin who neither filed nor objected rules: upheld, the metric is read anew; dismissed, the reading is final.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    admin = persons.require_admin(connection, by, "rule")
    metric = metrics.get(connection, metric_id)
    decision, markets = _lock(connection, metric)
    made = readings.rule(connection, metric, is_upheld=is_upheld, ruling=ruling, by=admin.id, now=now)
    facts = {"metric": metric.definition.name, "ruling": ruling, "by": by, "is_upheld": is_upheld}
    _tell(connection, decision, "ruled", markets, facts, now, f"{metric.id}.{made.number}")
    return made


def _file(
    connection: Connection, metric: Metric, value: int | None, source: str, by: int, now: datetime
) -> Reading:
    decision, markets = _lock(connection, metric)
    if decision:
        _require_chosen(decision)
    if value is None:
        for market in markets:
            market.require_void_window(now)
    filed = readings.file(connection, metric, value, source, by, now)
    for market in markets:
        if market.state == State.OPEN:
            ended = min(now, market.closes_at)
            registry.change(connection, [market.id], state=State.FROZEN, closes_at=ended)
    facts = _reading_facts(connection, metric, filed)
    _tell(connection, decision, "reading", markets, facts, now, f"{metric.id}.{filed.number}")
    return filed


def _require_chosen(decision: Decision) -> None:
    if decision.state in {DecisionState.OPEN, DecisionState.CLOSED}:
        made = decision.record
        raise NotOpen(
            "decision", decision.name, "not_final" if made else "undecided", made.final_at if made else None
        )
    decision.require(*TAKEN)


def _lock(connection: Connection, metric: Metric) -> tuple[Decision | None, list[Market]]:
    """The metric's decision, if it hangs on one, and its markets that can still be settled.

    Decisions are locked before their markets, everywhere, so that nobody waits in a ring.
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


def _tell(
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


def _reading_facts(connection: Connection, metric: Metric, filed: Reading) -> dict[str, Any]:
    return {
        "metric_id": metric.id,
        "number": filed.number,
        "metric": metric.definition.name,
        "unit": metric.definition.unit,
        "value": filed.value,
        "source": filed.source,
        "filed_by": persons.by_ids(connection, [filed.filed_by])[filed.filed_by].identity,
        "final_at": int(filed.final_at.timestamp()) if filed.final_at else None,
    }
