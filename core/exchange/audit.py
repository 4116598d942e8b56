"""The audit: everything that must hold of the books, proved from the database alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core import texts
from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions.branches import NONE
from core.decisions.decision import Decision
from core.decisions.tables import decision as decision_table
from core.exchange import audit_markets, audit_portfolios, audit_wallets
from core.ledger import accounts, chain, guards, proofs
from core.ledger.tables import balance, entry, posting
from core.markets import registry
from core.markets.market import Market, State
from core.markets.tables import limit_order
from core.markets.tables import market as market_table
from core.people import persons


@dataclass(frozen=True)
class Proof:
    """One thing that must hold, and every place where it does not."""

    claim: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class _Books:
    """What the proofs look at, read once."""

    connection: Connection
    balances: Mapping[tuple[int, int], int]
    markets: tuple[Market, ...]
    decisions: tuple[Decision, ...]
    reserved: frozenset[int]  # Accounts of limit orders.

    def outstanding(self, market: Market) -> list[int]:
        return [-self.balances[market.maker, unit] for unit in market.units]

    def holders(self, unit: int) -> dict[int, int]:
        return {holder: n for (holder, held), n in self.balances.items() if held == unit and n}


def audit(connection: Connection) -> list[Proof]:
    """All proofs, in the order in which a reader would want them."""
    books = _read(connection)
    markets, held = books.markets, books.balances
    return [
        _prove("The database itself refuses changes to the journal", unguarded(connection)),
        _prove(
            "Every entry is as it was written, and none is gone", proofs.entries_are_as_written(connection)
        ),
        _prove("Every name in the journal exists", proofs.names_exist(connection)),
        _prove("Every unit sums to zero", proofs.units_sum_to_zero(connection)),
        _prove("No account but an issuer is below zero", proofs.only_issuers_owe(connection)),
        _prove("Balances equal the journal", proofs.balances_equal_journal(connection)),
        _prove(
            "What makers have sold gives every price",
            audit_markets.shares(connection, markets, held),
        ),
        _prove(
            "Every charge covers the exact cost by less than 2 millionths of a credit",
            audit_markets.charges(connection, markets),
        ),
        _prove("Every trade moved what it says", audit_markets.trades_moved(connection, markets)),
        _prove(
            "Every limit order holds what it reserves", audit_markets.orders_hold(connection, markets, held)
        ),
        _prove("Every holder was paid by the payout vector", audit_markets.payments(connection, markets)),
        _prove(
            "Markets brought each person what moved to and from them",
            audit_markets.brought(connection, markets),
        ),
        _prove("No maker lost more than its reserve (L2)", _reserves(books)),
        _prove("Escrow backs each live branch exactly, dead branches hold nothing (L1)", _escrows(books)),
        _prove("Holders are in normal form (L3)", _normal_forms(books)),
        _prove("Credit of the branch none equals what was put in (L4)", _puts(books)),
        *_of_portfolios(books),
        *_of_wallets(connection),
    ]


def _of_wallets(connection: Connection) -> list[Proof]:
    claims = {
        "Earmarked credit was in no market but long ones": audit_wallets.earmarks_hold,
        "No wallet gave another one anything but through a maker": audit_wallets.nothing_between_wallets,
        "Nobody holds anything in a market by two wallets": audit_wallets.one_wallet_a_market,
    }
    return [_prove(claim, faults(connection)) for claim, faults in claims.items()]


def head(connection: Connection) -> str:
    """One hash over the whole journal: noted down somewhere else, it shows whether the past was changed since."""
    return chain.head(connection)


def ask(connection: Connection, by: str, key: str, now: datetime) -> None:
    """The asker is sent what the audit finds, once for a key: it may take longer than anybody waits. Raises NotAllowed."""
    persons.require_admin(connection, by, "audit")
    texts.check("key", key, 200)
    lanes.announce(connection, f"audit:{by}:{key}", "audit", "books", by, {}, now)


def unguarded(connection: Connection) -> Iterator[str]:
    """Where the database would let the journal be changed; no process should serve people from such a one."""
    for name in guards.missing(connection):
        yield f"{name} is not there or is switched off"


def is_empty(connection: Connection) -> bool:
    """Whether nothing has ever been entered into the journal."""
    return connection.execute(select(entry.c.id).limit(1)).first() is None


def _prove(claim: str, faults: Iterator[str]) -> Proof:
    return Proof(claim, tuple(faults))


def _of_portfolios(books: _Books) -> list[Proof]:
    markets, made = books.markets, books.decisions
    pools = audit_portfolios.read(books.connection, markets, made)
    return [
        _prove(
            "What portfolios have reserved is what their makers may lose",
            audit_portfolios.reserves(pools, markets, made),
        ),
        _prove(
            "What came into each portfolio is free, reserved or lost",
            audit_portfolios.identity(pools, markets, made),
        ),
    ]


def _read(connection: Connection) -> _Books:
    held = Counter({(row.account_id, row.unit_id): row.amount for row in connection.execute(select(balance))})
    markets = registry.get_all(connection, connection.execute(select(market_table.c.id)).scalars())
    found = decisions.get_all(connection, connection.execute(select(decision_table.c.id)).scalars())
    reserved = frozenset(connection.execute(select(limit_order.c.account_id)).scalars())
    return _Books(connection, held, tuple(markets.values()), tuple(found.values()), reserved)


def _reserves(books: _Books) -> Iterator[str]:
    for market in books.markets:
        has, owes = books.balances[market.maker, market.unit], max(books.outstanding(market))
        if (
            market.state in (State.OPEN, State.CLOSED, State.FROZEN)
            and market.settled_to is None
            and has < owes
        ):
            yield f"{market.name}: the maker holds {has} and may owe {owes}"
        if market.state == State.DEAD and owes and market.branch_id not in _sweeping(books):
            yield f"{market.name} is dead, but holders still have up to {owes} of its shares"
        if market.settled_to is not None and market.state not in (State.FROZEN, State.SETTLED):
            yield f"{market.name} is {market.state}, but its settlement has begun"
        if market.state == State.SETTLED and (has or owes):
            yield f"{market.name} is settled, but its maker holds {has} and owes {owes}"


def _sweeping(books: _Books) -> set[int]:
    """Branches of decisions whose dead credit and shares are still on their way back."""
    return {b.id for decision in books.decisions if decision.swept_to is not None for b in decision.branches}


def _escrows(books: _Books) -> Iterator[str]:
    credit = accounts.CREDIT
    for decision in books.decisions:
        if decision.swept_to is not None and len(decision.live) == len(decision.branches):
            yield f"{decision.name} is being swept, but no branch of it is dead"
        backing = books.balances[decision.escrow, credit]
        for branch in decision.branches:
            issued = -books.balances[decision.escrow, branch.unit]
            if branch.is_live and issued != backing:
                yield f"{decision.name}: escrow has {backing}, branch {branch.id} holds {issued}"
            if not branch.is_live and decision.swept_to is None and issued != 0:
                yield f"{decision.name}: dead branch {branch.id} still holds {issued}"


def _normal_forms(books: _Books) -> Iterator[str]:
    exempt = {market.maker for market in books.markets} | books.reserved
    for decision in books.decisions:
        if decision.swept_to is not None:
            continue
        held = [books.holders(branch.unit) for branch in decision.live]
        for holder in set.intersection(*(set(each) for each in held)) - exempt - {decision.escrow}:
            yield f"{decision.name}: account {holder} holds {min(each[holder] for each in held)} in every branch"


def _puts(books: _Books) -> Iterator[str]:
    for decision in books.decisions:
        for branch in decision.live:
            if branch.kind == NONE and decision.swept_to is None:
                yield from _puts_into(books, decision, branch.unit)


def _puts_into(books: _Books, decision: Decision, none_unit: int) -> Iterator[str]:
    credit = accounts.CREDIT
    put = Counter[int]()
    for row in books.connection.execute(select(posting).where(posting.c.unit_id == credit)):
        put[row.source_id] += row.amount * (row.destination_id == decision.escrow)
        put[row.destination_id] -= row.amount * (row.source_id == decision.escrow)
    put.pop(decision.escrow, None)
    held = books.holders(none_unit)
    held.pop(decision.escrow, None)
    for holder in sorted(set(held) | {holder for holder, n in put.items() if n}):
        if held.get(holder, 0) != put[holder]:
            yield f"{decision.name}: account {holder} put {put[holder]} and holds {held.get(holder, 0)} of none"
