"""Resolving: the reading that fixes the payout vector, and the settlement that pays by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import branches
from core.decisions import registry as decisions
from core.decisions.branches import Collateral
from core.decisions.registry import Decision
from core.errors import NotOpen
from core.exchange import reporting, telling
from core.funding import pool
from core.ledger import accounts
from core.ledger.book import Book, Entry, posting
from core.ledger.holders import SLICE, holders
from core.markets import metrics, registry
from core.markets.metrics import Metric, Reading
from core.markets.registry import Market, State
from core.people import persons
from core.pricing import payout


def freeze(connection: Connection, market_id: int, now: datetime) -> None:
    """Stops trading for good once the freeze date has come, and asks the metric's owner for the reading."""
    market = registry.lock_all(connection, [market_id])[market_id]
    if market.state != State.OPEN or now < market.closes_at:
        return
    registry.change(connection, [market_id], state=State.FROZEN)
    metric = metrics.get_all(connection, [market.metric_id])[market.metric_id]
    owner = persons.by_ids(connection, [metric.owner])[metric.owner]
    decision = _decision_of(connection, market)
    facts = {
        "decision_id": decision.id if decision else None,
        "question": decision.terms.question if decision else metric.definition.name,
        "metric": metric.definition.name,
    }
    lanes.announce(connection, f"due:{market.name}", "reading_due", market.name, owner.identity, facts, now)
    if decision:
        telling.renew_cards(connection, decision, now)


def file_for_decision(
    connection: Connection, by: str, decision_id: int, value: int, source: str, now: datetime
) -> Reading:
    """The metric's owner files what it came to if the option that was chosen; trading ends with it.

    Raises NotAllowed, NotOpen, Invalid, Unknown.
    """
    decision = decisions.lock(connection, decision_id)
    all_markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    metric = _metric(connection, next(iter(all_markets.values())))
    metric.require_owner(persons.enrol(connection, by, now).id, "file")
    if decision.state in {decisions.State.OPEN, decisions.State.CLOSED}:
        made = decision.record
        raise NotOpen(
            "decision", decision.name, "not_final" if made else "undecided", made.final_at if made else None
        )
    decision.require(decisions.State.CHOSEN)
    live = registry.in_branches(connection, [branch.id for branch in decision.live])
    filed = _file(connection, by, metric, list(live), value, source, now)
    _announce_reading(connection, decision, metric, filed, now)
    return filed


def file_for_question(
    connection: Connection, by: str, market_id: int, value: int, source: str, now: datetime
) -> Reading:
    """The same for a question that hangs on no decision."""
    market = registry.get(connection, market_id)
    if market.branch_id is not None:
        raise NotOpen("market", market.name, "of_decision")
    metric = _metric(connection, market)
    metric.require_owner(persons.enrol(connection, by, now).id, "file")
    return _file(connection, by, metric, [market_id], value, source, now)


def settle(connection: Connection, market_id: int, now: datetime) -> None:
    """Pays the next slice of holders by the payout vector, then hands what the maker has left to the pool."""
    decision = _lock_decision_of(connection, registry.get(connection, market_id))
    market = registry.lock_all(connection, [market_id])[market_id]
    filed = metrics.find_reading(connection, market.metric_id)
    if market.state != State.FROZEN or filed is None or now < filed.final_at:
        return
    metric = _metric(connection, market)
    vector = payout.scalar(filed.value, metric.definition.low, metric.definition.high)
    found = holders(connection, market.units, market.settled_to or 0, but=[market.maker])
    book = _load(connection, market, decision, found)
    collateral = decision.collateral(accounts.credit(connection)) if decision else None
    paid = {holder: _pay(book, market, collateral, holder, vector, now) for holder in found}
    is_last = len(found) < SLICE
    if is_last:
        _finish(connection, book, market, collateral, now)
    else:
        registry.change(connection, [market_id], settled_to=found[-1])
    book.save(connection)
    _tell_paid(connection, market, metric, decision, paid, now)
    if decision and is_last:
        decisions.set_state(connection, decision.id, decisions.State.SETTLED)
        reporting.post_outcome(connection, decision.id, now)


def _file(
    connection: Connection,
    by: str,
    metric: Metric,
    market_ids: Sequence[int],
    value: int,
    source: str,
    now: datetime,
) -> Reading:
    markets = registry.lock_all(connection, market_ids)
    filed = metrics.file(connection, metric, value, source, persons.enrol(connection, by, now).id, now)
    for market in markets.values():
        registry.change(connection, [market.id], state=State.FROZEN, closes_at=min(now, market.closes_at))
    return filed


def _load(connection: Connection, market: Market, decision: Decision | None, found: Sequence[int]) -> Book:
    touched = [*found, market.maker, pool.open_pool(connection)]
    live = [branch.unit for branch in decision.live] if decision else []
    escrow = [decision.escrow] if decision else []
    return Book.load(connection, touched + escrow, [accounts.credit(connection), *market.units, *live])


def _pay(
    book: Book,
    market: Market,
    collateral: Collateral | None,
    holder: int,
    vector: payout.Vector,
    now: datetime,
) -> int:
    paid, moves = market.payment(book, holder, vector)
    _post(book, collateral, holder, Entry("settle", f"settle:{market.name}:{holder}", now, tuple(moves)))
    return paid


def _finish(
    connection: Connection, book: Book, market: Market, collateral: Collateral | None, now: datetime
) -> None:
    source = pool.open_pool(connection)
    rest = posting(market.maker, source, book.balance(market.maker, market.unit), market.unit)
    if rest:
        _post(book, collateral, source, Entry("return", f"return:{market.name}", now, tuple(rest)))
    registry.change(connection, [market.id], state=State.SETTLED)


def _post(book: Book, collateral: Collateral | None, holder: int, entry: Entry) -> None:
    """Posts the entry, in normal form and proved where the market hangs on a decision."""
    if collateral is None:
        book.post(entry)
        return
    book.post(replace(entry, postings=tuple(collateral.normal_form(book, holder, entry.postings))))
    collateral.prove(book, holder)


def _metric(connection: Connection, market: Market) -> Metric:
    return metrics.get_all(connection, [market.metric_id])[market.metric_id]


def _decision_of(connection: Connection, market: Market) -> Decision | None:
    if market.branch_id is None:
        return None
    return decisions.get(connection, branches.decision_of(connection, [market.branch_id])[market.branch_id])


def _lock_decision_of(connection: Connection, market: Market) -> Decision | None:
    """Decisions are locked before their markets, everywhere, so that nobody waits in a ring."""
    decision = _decision_of(connection, market)
    return decisions.lock(connection, decision.id) if decision else None


def _announce_reading(
    connection: Connection, decision: Decision, metric: Metric, filed: Reading, now: datetime
) -> None:
    facts = {
        "metric": metric.definition.name,
        "unit": metric.definition.unit,
        "value": filed.value,
        "source": filed.source,
        "filed_by": persons.by_ids(connection, [filed.filed_by])[filed.filed_by].identity,
        "final_at": int(filed.final_at.timestamp()),
    }
    telling.everywhere(connection, decision, "reading", facts, now)


def _tell_paid(
    connection: Connection,
    market: Market,
    metric: Metric,
    decision: Decision | None,
    paid: dict[int, int],
    now: datetime,
) -> None:
    for wallet, person in persons.by_wallets(connection, paid).items():
        facts = {
            "decision_id": decision.id if decision else None,
            "question": decision.terms.question if decision else metric.definition.name,
            "credits": paid[wallet],
        }
        key = f"paid:{market.name}:{person.id}"
        lanes.announce(connection, key, "paid", market.name, person.identity, facts, now)
