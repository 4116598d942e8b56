"""Defining: a metric's words after the opening. One proposes a change and says why, another one approves it, all are told."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import affected, telling
from core.markets import definitions, metrics, readings, registry, sources
from core.markets.definitions import State, Version
from core.markets.market import Market
from core.markets.market import State as MarketState
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


@dataclass(frozen=True)
class VersionRow:
    """One version with people by their identities; times in whole seconds since 1970, UTC."""

    number: int
    definition: Definition
    owner: str
    state: str
    reason: str
    proposed_by: str | None
    proposed_at: int
    ended_by: str | None
    ended_at: int | None


@dataclass(frozen=True)
class Taken:
    """The source from which the reading is taken by itself, and who set it."""

    kind: str
    settings: Mapping[str, str]
    set_by: str


@dataclass(frozen=True)
class Defined:
    """A metric's versions, the oldest first, and what the asker may do: ``question`` is what it answers.

    Its void window is the time whose average prices settle it if it is never measured, in whole seconds since 1970.
    """

    metric_id: int
    decision_id: int | None
    market_id: int
    question: str
    versions: tuple[VersionRow, ...]
    freezes_at: int
    void_from: int
    void_until: int
    taken: Taken | None
    may_propose: bool
    may_approve: bool
    may_set_source: bool

    @property
    def in_force(self) -> VersionRow:
        return next(each for each in self.versions if each.state == State.IN_FORCE)

    @property
    def proposed(self) -> VersionRow | None:
        return next((each for each in self.versions if each.state == State.PROPOSED), None)


def versions(connection: Connection, by: str, metric_id: int) -> Defined:
    """All that was ever proposed for a metric. Raises Unknown."""
    metric = metrics.get(connection, metric_id)
    markets = registry.on_metric(connection, metric_id)
    market = next(iter(markets.values()))
    decision = decisions.of_branch(connection, market.branch_id)
    found = definitions.all_of(connection, metric_id)
    person = persons.find(connection, by)
    waiting = next((each for each in found if each.state == State.PROPOSED), None)
    is_open = _is_open(connection, metric, markets.values())
    is_theirs = is_open and person is not None and _may_propose(person, metric)
    return Defined(
        metric_id=metric_id,
        decision_id=decision.id if decision else None,
        market_id=market.id,
        question=decision.terms.question if decision else metric.definition.name,
        versions=tuple(_rows(connection, found)),
        freezes_at=int((decision.terms.freezes_at if decision else market.closes_at).timestamp()),
        void_from=int(market.void_from.timestamp()),
        void_until=int(market.void_until.timestamp()),
        taken=_taken(connection, metric_id),
        may_propose=is_theirs and waiting is None,
        may_set_source=is_theirs,
        may_approve=waiting is not None
        and person is not None
        and _may_end(person, decision, metric, waiting),
    )


def _taken(connection: Connection, metric_id: int) -> Taken | None:
    found = sources.find(connection, metric_id)
    return Taken(found.kind, found.settings, _identity(connection, found.set_by)) if found else None


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
    if not _may_propose(person, metric):
        raise NotAllowed("define", "owner_or_admin", (_identity(connection, metric.owner),))
    decision, markets = _lock(connection, metric)
    new_owner = persons.enrol(connection, owner, now)
    _require_disinterested(connection, metric, new_owner, decision, markets)
    made = definitions.propose(connection, metric, definition, new_owner.id, reason, person.id, now)
    asked = [each for each in _approvers(connection, decision) if _may_end(each, decision, metric, made)]
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
    if not markets or not _is_open(connection, metric, markets):
        raise NotOpen("metric", metric.definition.name, "defined_for_good")
    return decision, markets


def _is_open(connection: Connection, metric: Metric, markets: Iterable[Market]) -> bool:
    """Whether its words can change: not once somebody has filed what it came to by them."""
    filed = readings.find(connection, metric.id)
    is_unread = filed is None or filed.is_set_aside
    return is_unread and any(each.state in {MarketState.OPEN, MarketState.FROZEN} for each in markets)


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
    if person is None or not _may_end(person, decision, metric, waiting):
        named = sorted(
            each.identity
            for each in _approvers(connection, decision)
            if _may_end(each, decision, metric, waiting)
        )
        raise NotAllowed("approve", "second_approver", tuple(named))
    return metric, decision, markets, waiting, person


def _may_propose(person: Person, metric: Metric) -> bool:
    return person.is_admin or person.id == metric.owner


def _may_end(person: Person, decision: Decision | None, metric: Metric, proposed: Version) -> bool:
    """Admins and deciders, but who proposed it and who reads the metric, now or then."""
    decides = decision is not None and person.id in decision.deciders
    parties = {proposed.proposed_by, metric.owner, proposed.owner}
    return (person.is_admin or decides) and not person.has_left and person.id not in parties


def _approvers(connection: Connection, decision: Decision | None) -> list[Person]:
    """In the order of their ids, in which everybody locks what is to be told to several."""
    admins = persons.find_all(connection, persons.admins(connection)).values()
    deciders = persons.by_ids(connection, decision.deciders).values() if decision else ()
    found = {person.id: person for person in (*admins, *deciders)}
    return [found[each] for each in sorted(found)]


def _require_disinterested(
    connection: Connection, metric: Metric, owner: Person, decision: Decision | None, markets: list[Market]
) -> None:
    """Raises Invalid for a new owner who has traded here: they would read what they hold."""
    if owner.id == metric.owner:
        return
    ids = [branch.id for branch in decision.branches] if decision else []
    everywhere = registry.in_branches(connection, ids).values() if decision else markets
    if definitions.has_traded(connection, owner.id, everywhere):
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
    }


def _said(connection: Connection, definition: Definition, owner: int) -> Mapping[str, Any]:
    return asdict(definition) | {"owner": _identity(connection, owner)}


def _identity(connection: Connection, person: int) -> str:
    return persons.by_ids(connection, [person])[person].identity


def _rows(connection: Connection, found: list[Version]) -> Iterable[VersionRow]:
    known = {each for v in found for each in (v.owner, v.proposed_by, v.ended_by) if each is not None}
    identities = {person.id: person.identity for person in persons.by_ids(connection, known).values()}
    for each in found:
        yield VersionRow(
            number=each.number,
            definition=each.definition,
            owner=identities[each.owner],
            state=each.state,
            reason=each.reason,
            proposed_by=identities[each.proposed_by] if each.proposed_by else None,
            proposed_at=int(each.proposed_at.timestamp()),
            ended_by=identities[each.ended_by] if each.ended_by else None,
            ended_at=int(each.ended_at.timestamp()) if each.ended_at else None,
        )
