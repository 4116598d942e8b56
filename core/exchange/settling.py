"""Settling: everybody who holds shares is paid by the reading, once it is final."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.branches import Collateral
from core.decisions.decision import Decision
from core.decisions.decision import State as DecisionState
from core.exchange import hindsight, notifying, telling
from core.funding import backings
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.ledger.holders import SLICE, holders
from core.markets import gains, metrics, readings, registry, ticks
from core.markets.market import Market, State
from core.markets.metrics import Metric
from core.markets.readings import Reading
from core.people import leaders, persons
from core.people.persons import Person
from core.pricing import payout


def settle(connection: Connection, market_id: int, now: datetime) -> None:
    """Pays the next slice of holders by the payout vector, then hands what the maker has left to the portfolio that paid for it."""
    decision = decisions.lock_of_branch(connection, registry.get(connection, market_id).branch_id)
    market = registry.lock_all(connection, [market_id])[market_id]
    filed = readings.find(connection, market.metric_id)
    if filed is None or not _is_due(market, filed, now):
        return
    metric = metrics.get(connection, market.metric_id)
    vector = vector_of(connection, market, filed)
    found = holders(connection, market.units, market.settled_to or 0, but=[market.maker])
    source = backings.of_market(connection, market_id, decision.id if decision else None)
    book = _load(connection, market, decision, [*found, source.pool])
    collateral = decision.collateral(accounts.CREDIT) if decision else None
    paid = {holder: _pay(book, market, collateral, holder, vector, now) for holder in found}
    people = persons.by_wallets(connection, paid)
    brought = Counter[tuple[int, int]]()
    for each, person in people.items():
        brought[market.id, person.id] += paid[each]
    gains.add(connection, brought, now)
    is_last = len(found) < SLICE
    if is_last:
        _finish(connection, book, market, collateral, source, now)
        _realise(connection, market, now)
    else:
        registry.change(connection, [market_id], settled_to=found[-1])
    book.save(connection)
    told = [(person, each, paid[each]) for each, person in people.items()]
    _tell_paid(connection, market, metric, decision, told, now)
    if is_last and decision:
        _finish_decision(connection, decision, now)
    elif is_last:
        hindsight.post_answer(connection, market, now)


def vector_of(connection: Connection, market: Market, filed: Reading) -> payout.Vector:
    """What a share of each outcome pays by a reading: by its value, or without one by the void window's prices."""
    if filed.value is None:
        return ticks.void_vector(connection, market)
    return payout.hats(filed.value, market.centres)


def _is_due(market: Market, filed: Reading, now: datetime) -> bool:
    is_known = filed.value is not None or now >= market.void_until
    return market.state == State.FROZEN and not market.resting and filed.is_final(now) and is_known


def _load(connection: Connection, market: Market, decision: Decision | None, holding: Sequence[int]) -> Book:
    touched = [*holding, market.maker]
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
    connection: Connection,
    book: Book,
    market: Market,
    collateral: Collateral | None,
    source: Portfolio,
    now: datetime,
) -> None:
    left = book.balance(market.maker, market.unit)
    backings.spend(connection, source.id, market.id, market.reserve - left, now)
    rest = posting(market.maker, source.pool, left, market.unit)
    if rest:
        _post(book, collateral, source.pool, Entry("return", f"return:{market.name}", now, tuple(rest)))
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
        hindsight.post(connection, decision.id, now)


def _post(book: Book, collateral: Collateral | None, holder: int, entry: Entry) -> None:
    """Posts the entry, in normal form and proved where the market hangs on a decision."""
    if collateral is None:
        book.post(entry)
        return
    book.post(entry._replace(postings=tuple(collateral.normal_form(book, holder, entry.postings))))
    collateral.prove(book, holder)


def _tell_paid(
    connection: Connection,
    market: Market,
    metric: Metric,
    decision: Decision | None,
    paid: Iterable[tuple[Person, int, int]],
    now: datetime,
) -> None:
    """Persons, each with the account of one of their wallets and what was paid into it."""
    for person, account, credit in paid:
        wallet = person.wallet_of(account)
        facts = telling.subject(market, metric, decision) | {"credits": credit, **wallet.facts}
        key = f"paid:{market.name}:{person.id}{wallet.suffix}"
        notifying.tell(connection, key, "paid", market.name, person.identity, facts, now)
