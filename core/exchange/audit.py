"""The audit: everything that must hold of the books, proved from the database alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.decisions import registry as decisions
from core.decisions.branches import NONE
from core.decisions.registry import Decision
from core.decisions.tables import decision as decision_table
from core.ledger import accounts, guards, proofs
from core.ledger.tables import balance, entry, posting
from core.markets import metrics, registry, trades
from core.markets.registry import Market, State
from core.markets.tables import market as market_table
from core.markets.tables import reading, trade
from core.pricing import exact, lmsr, payout, twap

Balances = Mapping[tuple[int, int], int]


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
    balances: Balances
    markets: tuple[Market, ...]
    decisions: tuple[Decision, ...]

    def outstanding(self, market: Market) -> list[int]:
        return [-self.balances[market.maker, unit] for unit in market.units]

    def holders(self, unit: int) -> dict[int, int]:
        return {holder: n for (holder, held), n in self.balances.items() if held == unit and n}


def audit(connection: Connection) -> list[Proof]:
    """All proofs, in the order in which a reader would want them."""
    books = _read(connection)
    return [
        _prove("The database itself refuses changes to the journal", unguarded(connection)),
        _prove("Every entry is as it was written", proofs.entries_are_as_written(connection)),
        _prove("Every unit sums to zero", proofs.units_sum_to_zero(connection)),
        _prove("No account but an issuer is below zero", proofs.only_issuers_owe(connection)),
        _prove("Balances equal the journal", proofs.balances_equal_journal(connection)),
        _prove("q equals minus the maker's shares, and gives the last price", _shares(books)),
        _prove("Every charge covers the exact cost by less than 2 micro", _charges(books)),
        _prove("Every trade moved what it says", _trades_moved(books)),
        _prove("Every holder was paid by the payout vector", _payments(books)),
        _prove("No maker lost more than its reserve (L2)", _reserves(books)),
        _prove("Escrow backs each live branch exactly, dead branches hold nothing (L1)", _escrows(books)),
        _prove("Holders are in normal form (L3)", _normal_forms(books)),
        _prove("Credit of the branch none equals what was put in (L4)", _puts(books)),
    ]


def unguarded(connection: Connection) -> Iterator[str]:
    """Where the database would let the journal be changed; no process should serve people from such a one."""
    for name in guards.missing(connection):
        yield f"{name} is not there or is switched off"


def is_empty(connection: Connection) -> bool:
    """Whether nothing has ever been entered into the journal."""
    return connection.execute(select(entry.c.id).limit(1)).first() is None


def _prove(claim: str, faults: Iterator[str]) -> Proof:
    return Proof(claim, tuple(faults))


def _read(connection: Connection) -> _Books:
    held = Counter({(row.account_id, row.unit_id): row.amount for row in connection.execute(select(balance))})
    markets = registry.get_all(connection, connection.execute(select(market_table.c.id)).scalars())
    found = decisions.get_all(connection, connection.execute(select(decision_table.c.id)).scalars())
    return _Books(connection, held, tuple(markets.values()), tuple(found.values()))


def _shares(books: _Books) -> Iterator[str]:
    for market in books.markets:
        sold, last = Counter[int](), trades.opening_tick(market).prices
        for row in _trades(books, market):
            last = tuple(row.prices)
            sold[row.outcome] += row.shares
            sold.subtract({each.number: row.sets for each in market.outcomes})
        if last != market.tick.prices:
            yield f"{market.name}: the last trade left {last}, the market says {market.tick.prices}"
        if market.state in (State.DEAD, State.SETTLED) or market.settled_to is not None:
            continue
        outstanding = books.outstanding(market)
        if [sold[each.number] for each in market.outcomes] != outstanding:
            yield f"{market.name}: trades make {dict(sold)}, the maker owes {outstanding}"
        state = lmsr.State(market.liquidity, tuple(outstanding), _weights(market))
        if twap.millionths(lmsr.prices(state)) != market.tick.prices:
            yield f"{market.name}: the last price is {market.tick.prices}, its shares make {lmsr.prices(state)}"


def _charges(books: _Books) -> Iterator[str]:
    for market in books.markets:
        shares = [0] * len(market.outcomes)
        for row in _trades(books, market):
            due = exact.cost(market.liquidity, shares, _weights(market), row.outcome, row.shares)
            if not due <= row.cost < due + 2:
                yield f"trade {row.id} in {market.name}: charged {row.cost}, exact cost {due:.6f}"
            shares[row.outcome] += row.shares
            shares = [each - row.sets for each in shares]


def _trades_moved(books: _Books) -> Iterator[str]:
    """The entry of each trade moved the trade's cost, shares and sets between the maker and its trader."""
    flows = _flows(books, "trade")
    for market in books.markets:
        for row in _trades(books, market):
            due = Counter({(market.maker, market.unit): row.cost - row.sets})
            for each in market.outcomes:
                due[market.maker, each.unit] = row.sets - row.shares * (each.number == row.outcome)
            if flows.pop(row.entry_id, Counter()) != due:
                yield f"trade {row.id} in {market.name} is not what its entry {row.entry_id} moved"
    for entry_id in flows:
        yield f"entry {entry_id} is of no trade"


def _payments(books: _Books) -> Iterator[str]:
    """Whoever gave shares back at settlement got floor(shares x payout), no more and no less."""
    flows = _flows(books, "settle")
    makers = {market.maker: market for market in books.markets}
    readings = {row.metric_id: row.value for row in books.connection.execute(select(reading))}
    definitions = metrics.get_all(books.connection, [market.metric_id for market in books.markets])
    for entry_id, flow in flows.items():
        market = makers[next(account for account, _ in flow)]
        definition = definitions[market.metric_id].definition
        value = readings.get(market.metric_id)
        if value is None:
            yield f"entry {entry_id} settled {market.name}, which has no reading"
            continue
        back = [flow[market.maker, unit] for unit in market.units]
        due = payout.pays(back, payout.scalar(value, definition.low, definition.high))
        if -flow[market.maker, market.unit] != due:
            yield f"entry {entry_id} paid {-flow[market.maker, market.unit]} in {market.name}, due was {due}"


def _flows(books: _Books, kind: str) -> dict[int, Counter[tuple[int, int]]]:
    """What each entry of a kind moved into makers' accounts, by entry: (account, unit) to net amount."""
    makers = {market.maker for market in books.markets}
    wanted = select(posting).join(entry, entry.c.id == posting.c.entry_id).where(entry.c.kind == kind)
    flows: dict[int, Counter[tuple[int, int]]] = {}
    for row in books.connection.execute(wanted.order_by(posting.c.id)):
        flow = flows.setdefault(row.entry_id, Counter())
        for account, amount in ((row.destination_id, row.amount), (row.source_id, -row.amount)):
            if account in makers:
                flow[account, row.unit_id] += amount
    return flows


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
    credit = accounts.credit(books.connection)
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
    makers = {market.maker for market in books.markets}
    for decision in books.decisions:
        if decision.swept_to is not None:
            continue
        held = [books.holders(branch.unit) for branch in decision.live]
        for holder in set.intersection(*(set(each) for each in held)) - makers - {decision.escrow}:
            yield f"{decision.name}: account {holder} holds {min(each[holder] for each in held)} in every branch"


def _puts(books: _Books) -> Iterator[str]:
    for decision in books.decisions:
        for branch in decision.live:
            if branch.kind == NONE and decision.swept_to is None:
                yield from _puts_into(books, decision, branch.unit)


def _puts_into(books: _Books, decision: Decision, none_unit: int) -> Iterator[str]:
    credit = accounts.credit(books.connection)
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


def _trades(books: _Books, market: Market) -> list[Any]:
    of_market = select(trade).where(trade.c.market_id == market.id).order_by(trade.c.number)
    return list(books.connection.execute(of_market))


def _weights(market: Market) -> tuple[int, ...]:
    return tuple(each.weight for each in market.outcomes)
