"""Questions that hang on no decision: how each stands, and what the asker may do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core.errors import Unknown
from core.exchange import course, measured, redefining, trust
from core.exchange.facts import Asked
from core.exchange.measured import MetricRow
from core.exchange.priced import WINDOW, floats, implied
from core.markets import metrics, readings, registry, ticks, trades
from core.markets.market import HALTED, Market, State, name_of
from core.markets.metrics import Metric
from core.markets.readings import Reading
from core.markets.tables import market, metric, question
from core.people import persons

__all__ = ["Asked", "AskedRow", "Found", "ended_for", "open_for", "report", "row", "search"]

ENDED_MOST, FOUND_MOST = 5, 10
_UNDER_WAY = (State.OPEN, State.CLOSED, State.FROZEN)


@dataclass(frozen=True)
class AskedRow:
    """One question in a list, and what the asker is to it; core checks all the same what they do."""

    report: Asked
    metric: MetricRow
    is_owner: bool
    is_admin: bool
    may_trade: bool

    @property
    def market_id(self) -> int:
        return self.report.market_id


@dataclass(frozen=True)
class Found:
    """The first questions that were found, and how many there are in all."""

    rows: tuple[AskedRow, ...]
    number: int


def open_for(connection: Connection, by: str, now: datetime) -> list[AskedRow]:
    """Every question that is not settled, those that close first at the top."""
    wanted = select(market.c.id).where(market.c.state.in_(_UNDER_WAY), market.c.branch_id.is_(None))
    ids = connection.execute(wanted.order_by(market.c.closes_at, market.c.id)).scalars().all()
    return _rows(connection, by, ids, now)


def ended_for(connection: Connection, by: str, now: datetime) -> list[AskedRow]:
    """The last few that are settled, the newest first."""
    wanted = select(question.c.market_id).join(market).where(market.c.state == State.SETTLED)
    newest = wanted.order_by(question.c.market_id.desc()).limit(ENDED_MOST)
    return _rows(connection, by, connection.execute(newest).scalars().all(), now)


def search(connection: Connection, by: str, words: str, now: datetime) -> Found:
    """Questions with all these words in them or in their wording; those under way first, then the newest."""
    sought = words.casefold().split()
    texts = (
        select(market.c.id, market.c.state, metric.c.name, metric.c.wording)
        .join(metric, metric.c.id == market.c.metric_id)
        .where(market.c.branch_id.is_(None))
    )
    found = [
        (row.state == State.SETTLED, -row.id)
        for row in connection.execute(texts)
        if all(word in f"{row.name}\n{row.wording}".casefold() for word in sought)
    ]
    first = [-newest for _, newest in sorted(found)[:FOUND_MOST]]
    return Found(tuple(_rows(connection, by, first, now)), len(found))


def row(connection: Connection, by: str, market_id: int, now: datetime) -> AskedRow:
    """Raises Unknown if there is no such question."""
    found = _rows(connection, by, [market_id], now)
    if not found:
        raise Unknown("question", name_of(market_id))
    return found[0]


def report(
    connection: Connection, by: str, market_id: int, now: datetime, *, with_course: bool = False
) -> Asked:
    """The facts of its card as of now. Raises Unknown if there is no such question."""
    del by  # No question is confidential yet: who asks makes no difference.
    of = registry.get_all(connection, [market_id]).get(market_id)
    if of is None or of.branch_id is not None:
        raise Unknown("question", name_of(market_id))
    of_metric = metrics.get(connection, of.metric_id)
    owner = persons.by_ids(connection, [of_metric.owner])[of_metric.owner].identity
    filed = readings.find(connection, of.metric_id)
    return _report(connection, of, of_metric, owner, filed, now, with_course=with_course)


def _rows(connection: Connection, by: str, ids: Sequence[int], now: datetime) -> list[AskedRow]:
    person = persons.find(connection, by)
    found = {m.id: m for m in registry.get_all(connection, ids).values() if m.branch_id is None}
    asked = metrics.get_all(connection, [m.metric_id for m in found.values()])
    said = measured.rows(connection, person, asked)
    rows = []
    for of in (found[each] for each in ids if each in found):
        of_metric, metric_row = asked[of.metric_id], said[of.metric_id]
        is_owner = person is not None and person.id == of_metric.owner
        rows.append(
            AskedRow(
                _report(connection, of, of_metric, metric_row.owner, metric_row.reading, now),
                metric_row,
                is_owner=is_owner,
                is_admin=person is not None and person.is_admin,
                may_trade=not is_owner and not (person and person.has_left),
            )
        )
    return rows


def _report(
    connection: Connection,
    of: Market,
    of_metric: Metric,
    owner: str,
    filed: Reading | None,
    now: datetime,
    *,
    with_course: bool = False,
) -> Asked:
    prices, said = floats(of.tick), of_metric.definition
    end = min(now, of.closes_at)
    return Asked(
        market_id=of.id,
        metric_id=of_metric.id,
        question=said.name,
        state=_state(of, filed, now),
        at=int(now.timestamp()),
        closes_at=int(of.closes_at.timestamp()),
        unit=said.unit,
        wording=said.wording,
        low=said.low,
        high=said.high,
        owner=owner,
        outcomes=tuple(each.name for each in of.outcomes),
        prices=prices,
        expected=of.expected(prices),
        average=of.expected(ticks.average_prices(connection, of, end - WINDOW, end)),
        implied=implied(of, prices),
        trades=of.trades,
        traders=trades.count_traders(connection, [of.id]),
        is_trading=of.is_trading(now),
        is_read=filed is not None,
        value=filed.value if filed else None,
        final_at=int(filed.final_at.timestamp()) if filed and filed.final_at else None,
        course=course.course(connection, [of], end) if with_course else None,
        redefined=redefining.redefined(connection, [of_metric.id]),
        lockup=trust.locked([of], now, of.closes_at),
    )


def _state(of: Market, filed: Reading | None, now: datetime) -> str:
    """Where it stands, in one word; once its time is over it counts as frozen, whether or not that was noticed."""
    if of.state == State.SETTLED:
        return State.SETTLED
    if filed is not None and filed.is_objected:
        return "objected"
    if filed is not None:
        return "set_aside" if filed.is_set_aside else "read"
    if of.state != State.OPEN or now >= of.closes_at:
        return State.FROZEN
    return HALTED if of.halted_at else State.OPEN
