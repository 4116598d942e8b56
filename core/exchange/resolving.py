"""Resolving: the reading that fixes the payout vector, who may doubt it, and the settlement that pays by it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.branches import Collateral
from core.decisions.decision import Decision
from core.decisions.decision import State as DecisionState
from core.errors import NotOpen
from core.exchange import notifying, reporting, telling
from core.funding import pool
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.ledger.holders import SLICE, holders
from core.markets import gains, metrics, readings, registry, ticks
from core.markets.market import Market, State
from core.markets.metrics import Metric
from core.markets.readings import Objection, Reading
from core.people import leaders, persons
from core.people.persons import Person
from core.pricing import payout

__all__ = ["Objection", "Reading", "challenge", "file", "freeze", "rule", "settle", "void"]


def freeze(connection: Connection, market_id: int, now: datetime) -> None:
    """Stops trading for good once the freeze date has come, and asks the metric's owner for the reading."""
    market = registry.lock_all(connection, [market_id])[market_id]
    if market.state != State.OPEN or now < market.closes_at:
        return
    registry.change(connection, [market_id], state=State.FROZEN)
    metric = metrics.get(connection, market.metric_id)
    owner = persons.by_ids(connection, [metric.owner])[metric.owner]
    decision = decisions.of_branch(connection, market.branch_id)
    facts = _subject(market, metric, decision)
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


def settle(connection: Connection, market_id: int, now: datetime) -> None:
    """Pays the next slice of holders by the payout vector, then hands what the maker has left to the pool."""
    decision = decisions.lock_of_branch(connection, registry.get(connection, market_id).branch_id)
    market = registry.lock_all(connection, [market_id])[market_id]
    filed = readings.find(connection, market.metric_id)
    if filed is None or not _is_due(market, filed, now):
        return
    metric = metrics.get(connection, market.metric_id)
    vector = vector_of(connection, market, filed)
    found = holders(connection, market.units, market.settled_to or 0, but=[market.maker])
    book = _load(connection, market, decision, found)
    collateral = decision.collateral(accounts.CREDIT) if decision else None
    paid = {holder: _pay(book, market, collateral, holder, vector, now) for holder in found}
    people = persons.by_wallets(connection, paid)
    gains.add(connection, {(market.id, people[each].id): paid[each] for each in people}, now)
    is_last = len(found) < SLICE
    if is_last:
        _finish(connection, book, market, collateral, now)
        _realise(connection, market, now)
    else:
        registry.change(connection, [market_id], settled_to=found[-1])
    book.save(connection)
    _tell_paid(connection, market, metric, decision, [(people[each], paid[each]) for each in people], now)
    if is_last and decision:
        _finish_decision(connection, decision, now)
    elif is_last:
        reporting.post_answer(connection, market, now)


def vector_of(connection: Connection, market: Market, filed: Reading) -> payout.Vector:
    """What a share of each outcome pays by a reading: by its value, or without one by the void window's prices."""
    if filed.value is None:
        return ticks.void_vector(connection, market)
    return payout.hats(filed.value, market.centres)


def _file(
    connection: Connection, metric: Metric, value: int | None, source: str, by: int, now: datetime
) -> Reading:
    decision, markets = _lock(connection, metric)
    if decision:
        _require_chosen(decision)
    filed = readings.file(connection, metric, value, source, by, now)
    for market in markets:
        if market.state == State.OPEN:
            ended = min(now, market.closes_at)
            registry.change(connection, [market.id], state=State.FROZEN, closes_at=ended)
    facts = _reading_facts(connection, metric, filed)
    _tell(connection, decision, "reading", markets, facts, now, f"{metric.id}.{filed.number}")
    return filed


def _is_due(market: Market, filed: Reading, now: datetime) -> bool:
    is_known = filed.value is not None or now >= market.void_until
    return market.state == State.FROZEN and not market.resting and filed.is_final(now) and is_known


def _require_chosen(decision: Decision) -> None:
    if decision.state in {DecisionState.OPEN, DecisionState.CLOSED}:
        made = decision.record
        raise NotOpen(
            "decision", decision.name, "not_final" if made else "undecided", made.final_at if made else None
        )
    decision.require(DecisionState.CHOSEN)


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
    if not found and decision.state == DecisionState.CHOSEN:
        raise NotOpen("metric", metric.definition.name, "dead")
    return decision, found


def _load(connection: Connection, market: Market, decision: Decision | None, found: Sequence[int]) -> Book:
    touched = [*found, market.maker, pool.open_pool(connection)]
    live = [branch.unit for branch in decision.live] if decision else []
    escrow = [decision.escrow] if decision else []
    return Book.load(connection, touched + escrow, [accounts.CREDIT, *market.units, *live])


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


def _realise(connection: Connection, market: Market, now: datetime) -> None:
    """What the market brought each of its traders is known now, and counts among the leaders."""
    traded, owners = gains.traded(connection, market), gains.owners(connection, market.id)
    wallets = persons.by_wallets(connection, traded.keys() - owners.keys())
    brought = Counter[tuple[int, int]]()
    for account, amount in traded.items():
        brought[market.id, owners[account] if account in owners else wallets[account].id] += amount
    gains.add(connection, brought, now)
    gains.finish(connection, market.id, now)
    leaders.add(connection, gains.of_market(connection, market.id))


def _finish_decision(connection: Connection, decision: Decision, now: datetime) -> None:
    """The decision is settled once all of its live markets are."""
    live = registry.in_branches(connection, [branch.id for branch in decision.live])
    if all(market.state == State.SETTLED for market in live.values()):
        decisions.set_state(connection, decision.id, DecisionState.SETTLED)
        reporting.post_outcome(connection, decision.id, now)


def _post(book: Book, collateral: Collateral | None, holder: int, entry: Entry) -> None:
    """Posts the entry, in normal form and proved where the market hangs on a decision."""
    if collateral is None:
        book.post(entry)
        return
    book.post(entry._replace(postings=tuple(collateral.normal_form(book, holder, entry.postings))))
    collateral.prove(book, holder)


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


def _subject(market: Market, metric: Metric, decision: Decision | None) -> dict[str, Any]:
    """What a market is about, for one person."""
    return {
        "decision_id": decision.id if decision else None,
        "market_id": market.id,
        "question": decision.terms.question if decision else metric.definition.name,
        "metric": metric.definition.name,
    }


def _tell_paid(
    connection: Connection,
    market: Market,
    metric: Metric,
    decision: Decision | None,
    paid: Iterable[tuple[Person, int]],
    now: datetime,
) -> None:
    for person, credit in paid:
        facts = _subject(market, metric, decision) | {"credits": credit}
        key = f"paid:{market.name}:{person.id}"
        notifying.tell(connection, key, "paid", market.name, person.identity, facts, now)
