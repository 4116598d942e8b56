"""Definitions as people see them: every version of a metric's, and what the asker may do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.exchange import definers
from core.markets import definitions, metrics, registry, sources
from core.markets.definitions import State, Version
from core.markets.metrics import Definition
from core.people import persons


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
    is_open = definers.is_open(connection, metric, markets.values())
    is_theirs = is_open and person is not None and definers.may_propose(person, metric)
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
        and definers.may_end(connection, person, decision, metric, waiting),
    )


def _taken(connection: Connection, metric_id: int) -> Taken | None:
    found = sources.find(connection, metric_id)
    return (
        Taken(found.kind, found.settings, persons.by_ids(connection, [found.set_by])[found.set_by].identity)
        if found
        else None
    )


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
