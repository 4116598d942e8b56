"""Sources: from where a metric's reading is taken by itself, on whose word, and what would be read there now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.errors import NotAllowed, NotOpen
from core.exchange import affected, priced
from core.exchange.plans import YES_OR_NO
from core.markets import judging, metrics, readings, registry, sources
from core.markets.judging import Doubt, Expected, Found
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.metrics import Definition, Metric
from core.markets.sources import KINDS, check
from core.people import persons
from core.people.persons import Person

__all__ = [
    "KINDS",
    "Doubt",
    "Found",
    "Seen",
    "SourceRow",
    "again",
    "check",
    "configure",
    "drop",
    "look",
    "source",
]


@dataclass(frozen=True)
class Seen:
    """What was read: micro-units as they came and as they count, and what speaks against taking it unasked.

    ``as_of`` is the time that the source itself gives, in whole seconds since 1970.
    """

    value: int
    rounded: int
    as_of: int | None
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    """A metric's source, for whoever may set it; ``source`` is empty while it has none.

    ``is_due`` says whether its reading is waited for now. Times are whole seconds since 1970.
    """

    metric_id: int
    definition: Definition
    kind: str | None
    settings: Mapping[str, str]
    set_by: str | None
    set_at: int | None
    next_at: int | None
    error: str | None
    is_due: bool


def source(connection: Connection, by: str, metric_id: int) -> SourceRow:
    """Raises NotAllowed, Unknown."""
    metric = metrics.get(connection, metric_id)
    require_may_set(connection, metric, persons.find(connection, by))
    found = sources.find(connection, metric_id)
    set_by = persons.by_ids(connection, [found.set_by])[found.set_by].identity if found else None
    return SourceRow(
        metric_id=metric_id,
        definition=metric.definition,
        kind=found.kind if found else None,
        settings=found.settings if found else {},
        set_by=set_by,
        set_at=int(found.set_at.timestamp()) if found else None,
        next_at=int(found.next_at.timestamp()) if found and found.next_at else None,
        error=found.error if found else None,
        is_due=is_due(connection, metric, registry.on_metric(connection, metric_id).values()),
    )


def configure(
    connection: Connection,
    by: str,
    metric_id: int,
    kind: str,
    settings: Mapping[str, str],
    found: Found | None,
    now: datetime,
) -> None:
    """The owner or an admin says where the reading is taken from; if it is due, it is read at once.

    ``found`` is what is there now: if the same is there at the end, without a time of its own, that is doubted.
    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    metric = metrics.get(connection, metric_id)
    person = persons.enrol(connection, by, now)
    require_may_set(connection, metric, person)
    said = {name: text.strip() for name, text in settings.items() if text.strip()}
    sources.check(kind, said)
    markets = _unread(connection, metric)
    is_now = is_due(connection, metric, markets)
    before = _value(metric, found) if found is not None and not is_now else None
    next_at = now if is_now else None
    sources.save(connection, metric_id, kind, said, person.id, before, next_at, now)


def drop(connection: Connection, by: str, metric_id: int, now: datetime) -> None:
    """Its owner files it by hand from now on. Raises NotAllowed, NotOpen, Unknown."""
    metric = metrics.get(connection, metric_id)
    require_may_set(connection, metric, persons.enrol(connection, by, now))
    _unread(connection, metric)
    sources.drop(connection, metric_id)


def again(connection: Connection, by: str, metric_id: int, now: datetime) -> None:
    """It is tried once more, from the first pause on. Raises NotAllowed, NotOpen, Unknown."""
    metric = metrics.get(connection, metric_id)
    require_may_set(connection, metric, persons.enrol(connection, by, now))
    markets = _unread(connection, metric)
    if not is_due(connection, metric, markets):
        raise NotOpen("metric", metric.definition.name, "not_frozen")
    if not sources.begin(connection, metric_id, now):
        raise NotOpen("metric", metric.definition.name, "no_source")


def look(connection: Connection, by: str, metric_id: int, found: Found, now: datetime) -> Seen:
    """What would be read; it changes nothing. Raises NotAllowed, Unknown, and Invalid for what is no number."""
    metric = metrics.get(connection, metric_id)
    require_may_set(connection, metric, persons.find(connection, by))
    known = sources.find(connection, metric_id)
    markets = registry.on_metric(connection, metric_id).values()
    return seen(metric, markets, found, known.before if known else None, now)


def seen(metric: Metric, markets: Iterable[Market], found: Found, before: int | None, now: datetime) -> Seen:
    """How it counts. What is old is old only once the time that is measured is over. Raises Invalid."""
    value, as_of = _value(metric, found), judging.moment_of(found.as_of)
    rounded = metric.definition.rounded(value)
    frozen = [each for each in markets if each.state == MarketState.FROZEN]
    ends = [market.closes_at for market in frozen]
    doubts = judging.doubts(
        metric.definition,
        rounded,
        as_of,
        before if frozen else None,
        min(ends, default=as_of or now),
        [_expected(market) for market in frozen or markets],
        now,
        is_yes_or_no=metric.definition.unit == YES_OR_NO,
    )
    return Seen(value, rounded, int(as_of.timestamp()) if as_of else None, tuple(doubts))


def is_due(connection: Connection, metric: Metric, markets: Iterable[Market]) -> bool:
    """Whether trading is over and no reading counts, nor may come to count."""
    filed = readings.find(connection, metric.id)
    is_unread = filed is None or filed.is_set_aside
    return is_unread and any(market.state == MarketState.FROZEN for market in markets)


def require_may_set(connection: Connection, metric: Metric, person: Person | None) -> None:
    """Raises NotAllowed for anybody but the metric's owner and admins."""
    if person is None or not (person.is_admin or person.id == metric.owner):
        owner = persons.by_ids(connection, [metric.owner])[metric.owner].identity
        raise NotAllowed("source", "owner_or_admin", (owner,))


def _unread(connection: Connection, metric: Metric) -> list[Market]:
    """The markets that wait for the reading. Raises NotOpen once it counts, or may come to count."""
    _, markets = affected.lock(connection, metric)
    filed = readings.find(connection, metric.id)
    if filed is not None and not filed.is_set_aside:
        raise NotOpen("metric", metric.definition.name, "filed")
    return markets


def _value(metric: Metric, found: Found) -> int:
    return judging.value_of(found, is_yes_or_no=metric.definition.unit == YES_OR_NO)


def _expected(market: Market) -> Expected:
    prices = priced.floats(market.tick)
    implied = priced.implied(market, prices)
    return Expected(market.expected(prices), implied.sd if implied else None)
