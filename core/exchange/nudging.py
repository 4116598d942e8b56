"""Nudging: who is overdue is reminded, once for each date: deciders before it is too late, owners of metrics, then admins."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.decision import State
from core.exchange import telling
from core.markets import metrics, nudges, registry
from core.people import persons

DECIDERS_BEFORE = timedelta(days=1)


def nudge_deciders(connection: Connection, decision_id: int, now: datetime) -> None:
    """A day before a decision would count as withdrawn, its deciders are told so; again for another date."""
    decision = decisions.lock(connection, decision_id)
    decide_by = decision.terms.decide_by
    is_waited_for = decision.state == State.CLOSED and not decision.record and not decision.awaits_draw
    if not is_waited_for or not now < decide_by <= now + DECIDERS_BEFORE or decision.nudged_for == decide_by:
        return
    decisions.set_nudged(connection, decision_id, decide_by)
    facts = {
        "decision_id": decision.id,
        "question": decision.terms.question,
        "decide_by": int(decide_by.timestamp()),
    }
    people = persons.by_ids(connection, decision.deciders)
    named = [people[each].identity for each in sorted(people) if not people[each].has_left]
    _tell(connection, "decision_overdue", decision.name, decide_by.isoformat(), named, facts, now)


def nudge_reading(connection: Connection, market_id: int, now: datetime) -> None:
    """Days after trading ended and nothing was filed, the metric's owner is told so; after a week admins too."""
    market = registry.lock_all(connection, [market_id])[market_id]
    waited = nudges.find(connection, market_id)
    if waited is None or waited.next_at > now:
        return
    after = nudges.go_on(connection, market_id, waited, now)
    metric = metrics.get(connection, market.metric_id)
    owner = persons.by_ids(connection, [metric.owner])[metric.owner].identity
    facts = telling.subject(market, metric, decisions.of_branch(connection, market.branch_id)) | {
        "days": after.days,
        "owner": owner,
    }
    which = f"{waited.since.isoformat()}:{after.days}"
    _tell(connection, "reading_overdue", market.name, which, [owner], facts | {"is_owner": True}, now)
    if after == nudges.ADMINS_AFTER:
        others = [each for each in persons.admins(connection) if each != owner]
        _tell(connection, "reading_overdue", market.name, which, others, facts | {"is_owner": False}, now)


def _tell(
    connection: Connection,
    kind: str,
    about: str,
    which: str,
    people: Iterable[str],
    facts: dict[str, Any],
    now: datetime,
) -> None:
    for identity in people:
        lanes.announce(connection, f"{kind}:{about}:{which}:{identity}", kind, about, identity, facts, now)
