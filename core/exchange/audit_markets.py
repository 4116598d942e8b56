"""What the audit proves of markets: each is replayed, trade by trade, and held against its rows and the journal."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from core.database import milliseconds, moment
from core.exchange.settling import vector_of
from core.ledger.tables import entry, posting
from core.markets import readings, resting, ticks
from core.markets.market import Market, State
from core.markets.resting import Resting
from core.markets.tables import gain, trade
from core.markets.tables import market as market_table
from core.markets.ticks import Tranche
from core.people.tables import earmark, person
from core.pricing import exact, lmsr, payout
from core.pricing.lag import Observation
from core.pricing.twap import Tick

Balances = Mapping[tuple[int, int], int]
MATCH_MICRO = 3  # Each matched limit order splits one cost in two, and rounds its own price.


@dataclass(frozen=True)
class _Step:
    """One trade of a market: its row, the maker before and after it, the limit orders it met, and its tick."""

    row: Any
    before: lmsr.State
    after: lmsr.State
    matched: Sequence[tuple[Resting, int]]
    tick: Tick
    observation: Observation

    @property
    def received(self) -> int:
        """Micro-credits that the maker took from all sides."""
        return int(self.row.cost) + sum(_paid(order, shares) for order, shares in self.matched)


def shares(connection: Connection, markets: Sequence[Market], balances: Balances) -> Iterator[str]:
    """Every tick follows from the trades and tranches before it, and the last one from the maker's own shares."""
    for market in markets:
        tranches = ticks.tranches(connection, market.id)
        newest, state, count = ticks.opening(connection, market), _opening(tranches), 0
        for step in _steps(connection, market):
            if step.row.number != count + 1:
                yield f"trade {step.row.number} in {market.name} stands where trade {count + 1} should"
            newest, _ = ticks.follow(replace(market, newest=newest), step.after.prices, moment(step.tick.at))
            if (newest.tick, newest.observation) != (step.tick, step.observation):
                yield f"trade {step.row.number} in {market.name} left {step.tick}, its shares make another tick"
            newest, state, count = newest._replace(tick=step.tick), step.after, count + 1
        state = _deepened(state, tranches, after_trade=market.trades)
        if (newest, count) != (market.newest, market.trades):
            yield f"{market.name}: {count} trades left {newest}, the market says {market.trades} and {market.newest}"
        if (state.liquidity, state.weights) != (market.liquidity, tuple(o.weight for o in market.outcomes)):
            yield f"{market.name}: tranches make {state.liquidity}, {state.weights}, the market says otherwise"
        yield from _held_by_maker(market, state, balances)


def _held_by_maker(market: Market, state: lmsr.State, balances: Balances) -> Iterator[str]:
    """Full sets that holders gave back later change no price, so shares may differ by as many of each outcome."""
    if market.state in (State.DEAD, State.SETTLED) or market.settled_to is not None:
        return
    outstanding = [-balances[market.maker, unit] for unit in market.units]
    back = {sold - held for sold, held in zip(state.shares, outstanding, strict=True)}
    if len(back) > 1:
        yield f"{market.name}: trades make {state.shares}, the maker owes {outstanding}"


def charges(connection: Connection, markets: Sequence[Market]) -> Iterator[str]:
    for market in markets:
        for step in _steps(connection, market):
            sold = [
                after - before for before, after in zip(step.before.shares, step.after.shares, strict=True)
            ]
            due = exact.cost(step.before.liquidity, step.before.shares, step.before.weights, sold)
            allowed = 2 + MATCH_MICRO * len(step.matched)
            if not due <= step.received < due + allowed:
                yield f"trade {step.row.number} in {market.name}: charged {step.received}, exact cost {due:.6f}"


def trades_moved(connection: Connection, markets: Sequence[Market]) -> Iterator[str]:
    """The entry of each trade moved what its row says to and from the maker, and full sets at 1 each besides."""
    flows, of_trades = _flows(connection, markets, "trade"), set[int]()
    for market in markets:
        for step in _steps(connection, market):
            flow, row = flows.get(step.row.entry_id, Counter[tuple[int, int]]()), step.row
            of_trades.add(row.entry_id)  # A mirrored order makes two trades by one entry.
            due = [b - a for a, b in zip(step.before.shares, step.after.shares, strict=True)]
            back = {flow[market.maker, u] + sold for u, sold in zip(market.units, due, strict=True)}
            sets = back.pop() if len(back) == 1 else -1
            if sets < row.sets or flow[market.maker, market.unit] != step.received - sets:
                yield f"trade {row.number} in {market.name} is not what its entry {row.entry_id} moved"
    for entry_id in flows.keys() - of_trades:
        yield f"entry {entry_id} is of no trade"


def orders_hold(connection: Connection, markets: Sequence[Market], balances: Balances) -> Iterator[str]:
    """A limit order's account holds what is left of it while it waits, of the unit that it gives, and nothing after."""
    held: dict[int, dict[int, int]] = {}
    for (account, unit), amount in balances.items():
        held.setdefault(account, {})[unit] = amount
    by_id = {market.id: market for market in markets}
    for order in resting.all_orders(connection):
        left = order.left if order.state == resting.State.RESTING else 0
        market = by_id[order.market_id]
        unit = market.units[order.outcome] if order.is_sale else market.unit
        found = {each: amount for each, amount in held.get(order.account, {}).items() if amount}
        if found != ({unit: left} if left else {}):
            yield f"{order.name} is {order.state} with {left} of unit {unit} left, its account holds {found}"


def payments(connection: Connection, markets: Sequence[Market]) -> Iterator[str]:
    """Whoever gave shares back at settlement got floor(shares x payout), no more and no less."""
    makers = {market.maker: market for market in markets}
    vectors: dict[int, payout.Vector] = {}
    for entry_id, flow in _flows(connection, markets, "settle").items():
        market = makers[next(account for account, _ in flow)]
        filed = readings.find(connection, market.metric_id)
        if filed is None:
            yield f"entry {entry_id} settled {market.name}, which has no reading"
            continue
        vector = vectors.setdefault(market.id, vector_of(connection, market, filed))
        due = payout.pays([flow[market.maker, unit] for unit in market.units], vector)
        if -flow[market.maker, market.unit] != due:
            yield f"entry {entry_id} paid {-flow[market.maker, market.unit]} in {market.name}, due was {due}"


def brought(connection: Connection, markets: Sequence[Market]) -> Iterator[str]:
    """What settled markets are said to have brought each person is all that moved between them and the makers."""
    settled = {market.id: market for market in markets if market.state == State.SETTLED}
    rows = connection.execute(select(gain)).all()
    kept = {(row.market_id, row.person_id): row.credits for row in rows if row.market_id in settled}
    owner = {row.wallet_id: row.id for row in connection.execute(select(person.c.id, person.c.wallet_id))}
    owner |= {row.account_id: row.person_id for row in connection.execute(select(earmark))}
    owner |= {order.account: order.person for order in resting.all_orders(connection)}
    moved = Counter[tuple[int, int]]()
    for market_id, account, amount in connection.execute(_moved()):
        if market_id in settled and account in owner:  # The pool is nobody's.
            moved[market_id, owner[account]] += int(amount)
    for of in sorted(kept.keys() | moved.keys()):
        if kept.get(of, 0) != moved[of]:
            yield f"{settled[of[0]].name} brought person {of[1]} {moved[of]}, it is said to be {kept.get(of, 0)}"


def _moved() -> Any:
    """From each market's maker to each account, net, of the market's own unit."""
    is_paid = posting.c.source_id == market_table.c.maker_id
    account = case((is_paid, posting.c.destination_id), else_=posting.c.source_id).label("account")
    net = func.sum(case((is_paid, posting.c.amount), else_=-posting.c.amount))
    ends = (posting.c.source_id, posting.c.destination_id)
    with_maker = (posting.c.unit_id == market_table.c.unit_id) & market_table.c.maker_id.in_(ends)
    wanted = select(market_table.c.id, account, net).join(market_table, with_maker)
    return wanted.group_by(market_table.c.id, account)


def _steps(connection: Connection, market: Market) -> Iterator[_Step]:
    """The market's life, trade by trade, as its rows and tranches tell it."""
    orders = {order.id: order for order in resting.all_orders(connection, market.id)}
    tranches = ticks.tranches(connection, market.id)
    state = _opening(tranches)
    for row in _trades(connection, market):
        state = _deepened(state, tranches, after_trade=row.number - 1)
        matched = [(orders[number], shares) for number, shares in row.matched]
        sold = list(row.bought)
        for order, met in matched:
            sold[order.outcome] += -met if order.is_sale else met
        tick = Tick(milliseconds(row.at), tuple(row.prices), tuple(row.integrals))
        yield _Step(row, state, state.after(sold), matched, tick, market.observed(row))
        state = state.after(sold)


def _opening(tranches: Sequence[Tranche]) -> lmsr.State:
    first = tranches[0]
    return lmsr.State(first.liquidity, (0,) * len(first.weights), first.weights)


def _deepened(state: lmsr.State, tranches: Sequence[Tranche], after_trade: int) -> lmsr.State:
    """The maker with the tranches that came right after a trade."""
    for each in tranches[1:]:
        if each.after_trade == after_trade:
            weights = tuple(w + more for w, more in zip(state.weights, each.weights, strict=True))
            state = lmsr.State(state.liquidity + each.liquidity, state.shares, weights)
    return state


def _trades(connection: Connection, market: Market) -> list[Any]:
    of_market = select(trade).where(trade.c.market_id == market.id).order_by(trade.c.at, trade.c.number)
    return list(connection.execute(of_market))


def _paid(order: Resting, shares: int) -> int:
    return -order.credits_for(shares) if order.is_sale else order.credits_for(shares)


def _flows(
    connection: Connection, markets: Sequence[Market], kind: str
) -> dict[int, Counter[tuple[int, int]]]:
    """What each entry of a kind moved into makers' accounts, by entry: (account, unit) to net amount."""
    makers = {market.maker for market in markets}
    wanted = select(posting).join(entry, entry.c.id == posting.c.entry_id).where(entry.c.kind == kind)
    flows: dict[int, Counter[tuple[int, int]]] = {}
    for row in connection.execute(wanted.order_by(posting.c.entry_id, posting.c.number)):
        flow = flows.setdefault(row.entry_id, Counter())
        for account, amount in ((row.destination_id, row.amount), (row.source_id, -row.amount)):
            if account in makers:
                flow[account, row.unit_id] += amount
    return flows
