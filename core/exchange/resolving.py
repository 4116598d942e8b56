"""Resolving: the reading that fixes the payout vector, and who may doubt it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision
from core.decisions.decision import State as DecisionState
from core.errors import NotOpen
from core.exchange import affected, disinterest, telling
from core.markets import metrics, nudges, readings, registry, sources
from core.markets.market import Market, State
from core.markets.metrics import Metric
from core.markets.readings import Objection, Reading
from core.people import persons
from core.people.persons import Person

__all__ = ["Objection", "Reading", "challenge", "file", "file_for", "freeze", "rule", "void"]


def freeze(connection: Connection, market_id: int, now: datetime) -> None:
    """Stops trading for good once the freeze date has come; the reading is taken from its source, or asked of its owner."""
    market = registry.lock_all(connection, [market_id])[market_id]
    if market.state != State.OPEN or now < market.closes_at:
        return
    registry.change(connection, [market_id], state=State.FROZEN)
    nudges.begin(connection, market_id, market.closes_at)
    metric = metrics.get(connection, market.metric_id)
    decision = decisions.of_branch(connection, market.branch_id)
    if not sources.begin(connection, metric.id, now):
        owner = persons.by_ids(connection, [metric.owner])[metric.owner].identity
        facts = telling.subject(market, metric, decision)
        lanes.announce(connection, f"due:{market.name}", "reading_due", market.name, owner, facts, now)
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


def file_for(
    connection: Connection,
    metric: Metric,
    value: int,
    source: str,
    by: int,
    now: datetime,
    *,
    by_itself: bool,
) -> Reading:
    """The same of what a source gave, on the word of a person of this id. Raises NotOpen, Invalid."""
    return _file(connection, metric, value, source, by, now, by_itself=by_itself)


def void(connection: Connection, by: str, metric_id: int, reason: str, now: datetime) -> Reading:
    """The metric was never measured: its owner, or an admin who has not traded on it, says so, and its markets are
    settled by the average prices of the window fixed at their opening. Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    person = persons.enrol(connection, by, now)
    if not person.is_admin:
        metric.require_owner(person.id, "void")
    disinterest.require(connection, "void", person, metric, disinterest.admins(connection, metric))
    return _file(connection, metric, None, reason, person.id, now)


def challenge(connection: Connection, by: str, metric_id: int, reason: str, now: datetime) -> Objection:
    """Anybody but who filed it objects to a reading that is not final: nothing is settled before somebody rules.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    decision, markets = affected.lock(connection, metric)
    made = readings.challenge(connection, metric, reason, persons.enrol(connection, by, now).id, now)
    facts = {"metric_id": metric.id, "metric": metric.definition.name, "reason": made.reason, "by": by}
    affected.tell(connection, decision, "objected", markets, facts, now, f"{metric.id}.{made.number}")
    _ask_for_ruling(connection, metric, decision, markets, made, facts, now)
    return made


def _ask_for_ruling(
    connection: Connection,
    metric: Metric,
    decision: Decision | None,
    markets: Sequence[Market],
    made: Objection,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Every admin who may rule is told so: in a channel it may go by unseen, and nobody is paid meanwhile.

    Where all of them have traded on it they are told all the same, since they can make somebody else an admin.
    """
    filed = readings.find(connection, metric.id)
    admins = persons.find_all(connection, persons.admins(connection)).values()
    asked = disinterest.admins(connection, metric) or sorted(admins, key=lambda each: each.id)
    for admin in asked:
        if filed is not None and not filed.is_party(admin.id):
            key = f"rule:{metric.id}.{made.number}:{admin.id}"
            said = telling.subject(markets[0], metric, decision) | dict(facts)
            lanes.announce(connection, key, "ruling_due", markets[0].name, admin.identity, said, now)


def rule(
    connection: Connection, by: str, metric_id: int, *, is_upheld: bool, ruling: str, now: datetime
) -> Objection:
    """An admin who neither filed nor objected nor traded on it rules: upheld, the metric is read anew; dismissed, the
    reading is final.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    admin = persons.require_admin(connection, by, "rule")
    metric = metrics.get(connection, metric_id)
    decision, markets = affected.lock(connection, metric)
    _require_no_stake_to_rule(connection, metric, admin)
    made = readings.rule(connection, metric, is_upheld=is_upheld, ruling=ruling, by=admin.id, now=now)
    for market in markets if is_upheld else ():
        nudges.begin(connection, market.id, now)
    facts = {"metric": metric.definition.name, "ruling": ruling, "by": by, "is_upheld": is_upheld}
    affected.tell(connection, decision, "ruled", markets, facts, now, f"{metric.id}.{made.number}")
    return made


def _require_no_stake_to_rule(connection: Connection, metric: Metric, admin: Person) -> None:
    filed = readings.find(connection, metric.id)
    others = [
        each
        for each in disinterest.admins(connection, metric)
        if filed is None or not filed.is_party(each.id)
    ]
    disinterest.require(connection, "rule", admin, metric, others)


def _file(
    connection: Connection,
    metric: Metric,
    value: int | None,
    source: str,
    by: int,
    now: datetime,
    *,
    by_itself: bool = False,
) -> Reading:
    decision, markets = affected.lock(connection, metric)
    if decision:
        _require_chosen(decision)
    if value is None:
        for market in markets:
            market.require_void_window(now)
    filed = readings.file(connection, metric, value, source, by, now)
    for market in markets:
        nudges.end(connection, market.id)
        if market.state == State.OPEN:
            ended = min(now, market.closes_at)
            registry.change(connection, [market.id], state=State.FROZEN, closes_at=ended)
    sources.end(connection, metric.id)
    facts = _reading_facts(connection, metric, filed) | {"by_itself": by_itself}
    affected.tell(connection, decision, "reading", markets, facts, now, f"{metric.id}.{filed.number}")
    return filed


def _require_chosen(decision: Decision) -> None:
    if decision.state in {DecisionState.OPEN, DecisionState.CLOSED}:
        made = decision.record
        raise NotOpen(
            "decision", decision.name, "not_final" if made else "undecided", made.final_at if made else None
        )
    decision.require(*TAKEN)


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
