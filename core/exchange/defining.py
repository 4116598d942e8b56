"""Defining: a metric's words after the opening. One proposes a change and says why, another one approves it, all are told."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.decisions.decision import Decision
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import affected, definers, disinterest, telling
from core.exchange.defined import Defined, Taken, VersionRow, versions
from core.markets import definitions, metrics, sources
from core.markets.definitions import State, Version
from core.markets.market import Market
from core.markets.metrics import Definition, Metric
from core.people import persons
from core.people.persons import Person

__all__ = [
    "Defined",
    "Definition",
    "State",
    "Taken",
    "VersionRow",
    "approve",
    "propose",
    "turn_down",
    "versions",
]


def propose(
    connection: Connection,
    by: str,
    metric_id: int,
    definition: Definition,
    owner: str,
    reason: str,
    now: datetime,
) -> int:
    """The owner or an admin proposes other words; who may approve them is asked. The number of the new version.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    person = persons.enrol(connection, by, now)
    if not definers.may_propose(person, metric):
        raise NotAllowed("define", "owner_or_admin", (_identity(connection, metric.owner),))
    decision, markets = _lock(connection, metric)
    new_owner = persons.enrol(connection, owner, now)
    _require_disinterested(connection, metric, new_owner, decision, markets)
    made = definitions.propose(connection, metric, definition, new_owner.id, reason, person.id, now)
    asked = [
        each
        for each in definers.approvers(connection, decision)
        if definers.may_end(connection, each, decision, metric, made)
    ]
    if not asked:
        raise Invalid("reason", "second_approver")
    facts = telling.subject(markets[0], metric, decision) | _change_facts(connection, metric, made)
    for each in asked:
        key = f"proposed:{metric.id}.{made.number}:{each.id}"
        lanes.announce(
            connection, key, "definition_proposed", markets[0].name, each.identity, facts | {"by": by}, now
        )
    return made.number


def approve(connection: Connection, by: str, metric_id: int, number: int, now: datetime) -> None:
    """Somebody else than who proposed it puts the version in force; everybody is told what changed, word by word.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric, decision, markets, proposed, person = _proposed(connection, by, metric_id, number)
    owner = persons.by_ids(connection, [proposed.owner])[proposed.owner]
    _require_disinterested(connection, metric, owner, decision, markets)
    definitions.put_in_force(connection, metric, proposed, person.id, now)
    facts = _change_facts(connection, metric, proposed) | {
        "by": _identity(connection, proposed.proposed_by or metric.owner),
        "approved_by": by,
        "metric": metric.definition.name,
    }
    affected.tell(connection, decision, "definition_changed", markets, facts, now, f"{metric.id}.{number}")


def turn_down(
    connection: Connection, by: str, metric_id: int, number: int, reason: str, now: datetime
) -> None:
    """The same person may say no: the definition stays as it is, and who proposed the change is told why.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric, decision, markets, proposed, person = _proposed(connection, by, metric_id, number)
    texts.check("reason", reason, definitions.REASON_MOST)
    definitions.turn_down(connection, proposed, person.id, now)
    facts = telling.subject(markets[0], metric, decision) | {"by": by, "reason": reason.strip()}
    told = _identity(connection, proposed.proposed_by or metric.owner)
    key = f"turned_down:{metric.id}.{number}"
    lanes.announce(connection, key, "definition_kept", markets[0].name, told, facts, now)


def _lock(connection: Connection, metric: Metric) -> tuple[Decision | None, list[Market]]:
    """Raises NotOpen where nothing can be read differently any more."""
    decision, markets = affected.lock(connection, metric)
    if not markets or not definers.is_open(connection, metric, markets):
        raise NotOpen("metric", metric.definition.name, "defined_for_good")
    return decision, markets


def _proposed(
    connection: Connection, by: str, metric_id: int, number: int
) -> tuple[Metric, Decision | None, list[Market], Version, Person]:
    """What waits for a second word, and who gives it. Raises NotAllowed, NotOpen, Unknown."""
    metric = metrics.get(connection, metric_id)
    decision, markets = _lock(connection, metric)
    waiting = definitions.find_proposed(connection, metric_id)
    if waiting is None or waiting.number != number:
        raise NotOpen("metric", metric.definition.name, "no_change_waits")
    person = persons.find(connection, by)
    if person is None or not definers.may_end(connection, person, decision, metric, waiting):
        others = [
            each
            for each in definers.approvers(connection, decision)
            if definers.may_end(connection, each, decision, metric, waiting)
        ]
        if person is not None and definers.is_placed_to_end(person, decision, metric, waiting):
            disinterest.refuse("approve", others)
        raise NotAllowed("approve", "second_approver", tuple(sorted(each.identity for each in others)))
    return metric, decision, markets, waiting, person


def _require_disinterested(
    connection: Connection, metric: Metric, owner: Person, decision: Decision | None, markets: list[Market]
) -> None:
    """Raises Invalid for a new owner who has traded here: they would read what they hold."""
    if owner.id == metric.owner:
        return
    if affected.has_stake(connection, owner.id, decision, markets):
        raise Invalid("metric_owner", "has_traded", owner.identity)


def _change_facts(connection: Connection, metric: Metric, to: Version) -> dict[str, Any]:
    """What was and what is to be, of every field that differs."""
    old, new = (
        _said(connection, *each) for each in ((metric.definition, metric.owner), (to.definition, to.owner))
    )
    return {
        "metric_id": metric.id,
        "number": to.number,
        "reason": to.reason,
        "changes": {name: [old[name], new[name]] for name in old if old[name] != new[name]},
        "taken": _taken(connection, metric, to),
    }


def _taken(connection: Connection, metric: Metric, to: Version) -> Mapping[str, Any] | None:
    """The source that stands, and whether it waits for the owner's word once the version is in force."""
    found = sources.find(connection, metric.id)
    if found is None:
        return None
    before = (metric.definition, metric.owner)
    return {
        "kind": found.kind,
        "settings": dict(found.settings),
        "set_by": _identity(connection, found.set_by),
        "is_to_confirm": definitions.is_read_otherwise(before, (to.definition, to.owner)),
    }


def _said(connection: Connection, definition: Definition, owner: int) -> Mapping[str, Any]:
    return asdict(definition) | {"owner": _identity(connection, owner)}


def _identity(connection: Connection, person: int) -> str:
    return persons.by_ids(connection, [person])[person].identity
