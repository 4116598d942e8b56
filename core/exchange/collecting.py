"""Collecting: readings that are due are taken from their sources; what fails is tried again, what is doubtful is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.errors import Invalid, NotOpen
from core.exchange import affected, resolving, sourcing, telling
from core.exchange.sourcing import Found, Seen
from core.markets import definitions, metrics, sources
from core.markets.judging import PASSES, Doubt
from core.markets.market import Market
from core.markets.metrics import Metric
from core.markets.sources import Source
from core.people import persons

__all__ = ["Claim", "claim", "confirm", "due", "fail", "take"]

AT_ONCE = 8
_EXCERPT = 300  # So much of what a source said is shown to who is asked.


@dataclass(frozen=True)
class Claim:
    """One attempt at a source, leased to whoever claimed it."""

    metric_id: int
    attempt: int
    kind: str
    settings: Mapping[str, str]


def due(connection: Connection, now: datetime) -> list[int]:
    """Metrics whose sources are to be read now, those that wait longest first."""
    return sources.due(connection, now, AT_ONCE)


def claim(connection: Connection, metric_id: int, now: datetime) -> Claim | None:
    """The source, the caller's alone until the lease ends; nothing if somebody else has it, or it is not due."""
    found = sources.lock(connection, metric_id)
    if found is None or found.next_at is None or found.next_at > now:
        return None
    number, attempts = found.claims + 1, found.attempts + 1
    leased = {"claims": number, "attempts": attempts, "next_at": now + sources.LEASE, "error": None}
    sources.change(connection, metric_id, **leased)
    return Claim(metric_id, number, found.kind, found.settings)


def take(
    connection: Connection, metric_id: int, attempt: int, found: Found, where: str, now: datetime
) -> None:
    """What the attempt found: it is filed on the word of who set the source, or the owner is asked, or it is tried again.

    ``where`` says in words where it was read.
    """
    metric, source, markets = _lock(connection, metric_id)
    if source is None or source.claims != attempt or not sourcing.is_due(connection, metric, markets):
        return
    try:
        seen = sourcing.seen(metric, markets, found, source.before, now)
    except Invalid as wrong:
        _fail(connection, metric, source, [wrong.rule, wrong.value], now)
        return
    unsure = _of_who_set_it(connection, metric, source, markets)
    if not seen.doubts and not unsure:
        resolving.file_for(connection, metric, seen.value, where, source.set_by, now, by_itself=True)
    elif seen.doubts and set(seen.doubts) <= PASSES and source.attempts <= len(sources.PAUSES):
        _try_later(connection, metric, source, None, now)
    else:
        asked = replace(seen, doubts=(*seen.doubts, *unsure))
        _ask(connection, metric, source, asked, found, where, now)


def fail(connection: Connection, metric_id: int, attempt: int, why: list[str], now: datetime) -> None:
    """The attempt came to nothing; ``why`` is a word for it and what goes with that. It holds no secrets."""
    metric, source, _ = _lock(connection, metric_id)
    if source is not None and source.claims == attempt and source.next_at is not None:
        _fail(connection, metric, source, why, now)


def confirm(
    connection: Connection, by: str, metric_id: int, attempt: int, now: datetime
) -> resolving.Reading:
    """The owner says that what the source gave is right, and so files it.

    Raises NotAllowed, NotOpen, Unknown.
    """
    metric, source, _ = _lock(connection, metric_id)
    owner = persons.enrol(connection, by, now)
    metric.require_owner(owner.id, "file")
    if source is None or source.doubt is None or source.claims != attempt:
        raise NotOpen("metric", metric.definition.name, "no_doubt")
    doubt = source.doubt
    return resolving.file_for(
        connection, metric, doubt["value"], doubt["where"], owner.id, now, by_itself=False
    )


def _of_who_set_it(
    connection: Connection, metric: Metric, source: Source, markets: list[Market]
) -> list[Doubt]:
    """What speaks against filing on the word of who set the source: it may be of an owner before, or of a trader."""
    found = []
    if definitions.is_read_otherwise_since(connection, metric.id, source.set_at):
        found.append(Doubt.UNCONFIRMED)
    decision = decisions.of_branch(connection, markets[0].branch_id)
    if affected.has_stake(connection, source.set_by, decision, markets):
        found.append(Doubt.STAKE)
    return found


def _lock(connection: Connection, metric_id: int) -> tuple[Metric, Source | None, list[Market]]:
    """Markets are locked before sources, everywhere, as where trading freezes."""
    metric = metrics.get(connection, metric_id)
    _, markets = affected.lock(connection, metric)
    return metric, sources.lock(connection, metric_id), markets


def _fail(connection: Connection, metric: Metric, source: Source, why: list[str], now: datetime) -> None:
    """Tried again after a longer pause each time, and at last the owner is asked."""
    if source.attempts <= len(sources.PAUSES):
        _try_later(connection, metric, source, why, now)
        return
    sources.change(connection, metric.id, next_at=None, error=_kept(why))
    _tell(connection, metric, "source_failed", {"why": why, "attempts": source.attempts}, source, now)


def _try_later(
    connection: Connection, metric: Metric, source: Source, why: list[str] | None, now: datetime
) -> None:
    next_at = now + sources.PAUSES[source.attempts - 1]
    sources.change(connection, metric.id, next_at=next_at, error=_kept(why) if why else None)


def _kept(why: list[str]) -> str:
    return " ".join(why)[: sources.ERROR_MOST]


def _ask(
    connection: Connection,
    metric: Metric,
    source: Source,
    seen: Seen,
    found: Found,
    where: str,
    now: datetime,
) -> None:
    doubt = {"value": seen.value, "where": where, "why": list(seen.doubts)}
    sources.change(connection, metric.id, next_at=None, error=None, doubt=doubt)
    facts = {
        "value": seen.rounded,
        "as_of": seen.as_of,
        "doubts": list(seen.doubts),
        "where": where,
        "excerpt": found.snippet[:_EXCERPT],
    }
    _tell(connection, metric, "source_doubted", facts, source, now)


def _tell(
    connection: Connection,
    metric: Metric,
    kind: str,
    facts: Mapping[str, Any],
    source: Source,
    now: datetime,
) -> None:
    decision, markets = affected.lock(connection, metric)
    owner = persons.by_ids(connection, [metric.owner])[metric.owner].identity
    said = metric.definition
    common = telling.subject(markets[0], metric, decision) | {
        "metric_id": metric.id,
        "unit": said.unit,
        "low": said.low,
        "high": said.high,
        "attempt": source.claims,
    }
    key = f"{kind}:{metric.id}:{source.claims}"
    lanes.announce(connection, key, kind, markets[0].name, owner, common | dict(facts), now)
