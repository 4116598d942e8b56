"""The books rebuilt from the journal alone, entry by entry, and held against what the tables say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from core.exchange.audit import Proof
from core.ledger import entries, journal
from core.ledger.journal import Written
from core.ledger.tables import balance, unit
from core.markets import registry, ticks
from core.markets.market import Market
from core.markets.tables import market as market_table
from core.markets.tables import trade
from core.markets.ticks import Tranche
from core.pricing import lmsr, twap

Balances = Counter[tuple[int, int]]


def rebuild(connection: Connection) -> list[Proof]:
    """Reads the whole journal once and makes every balance, every q and every price from it."""
    markets = registry.get_all(connection, connection.execute(select(market_table.c.id)).scalars())
    issuers = {row.id: row.issuer_id for row in connection.execute(select(unit))}
    made, count = Balances(), 0
    overdrawn, mispriced = list[str](), list[str]()
    traded = _trades(connection)
    tranches = {market_id: ticks.tranches(connection, market_id) for market_id in markets}
    last = {m.id: ticks.opening(connection, m).tick.prices for m in markets.values()}
    for written in journal.by_id(connection):
        count += 1
        overdrawn += _enter(made, written, issuers)
        for row in traded.pop(written.id, ()):
            market = markets[row.market_id]
            last[market.id] = _prices(made, market, tranches[market.id], row.number)
            if last[market.id] != tuple(row.prices):
                mispriced.append(
                    f"trade {row.number} in {market.name} says {row.prices}, not {last[market.id]}"
                )
    return [
        Proof(f"Nobody but an issuer was ever below zero, in {count:,} entries", tuple(overdrawn)),
        Proof("Every balance is what the journal makes", tuple(_differences(connection, made))),
        Proof("Every q makes the price that its trade left", tuple(mispriced)),
        Proof("Every market stands where its last trade left it", tuple(_misplaced(markets, last))),
    ]


def _enter(made: Balances, written: Written, issuers: Mapping[int, int]) -> Iterator[str]:
    changes = entries.changes(written.entry.postings)
    for place, change in changes.items():
        made[place] += change
    for account, unit_id in changes:
        if made[account, unit_id] < 0 and issuers.get(unit_id) != account:
            yield f"entry {written.id} leaves account {account} at {made[account, unit_id]} of unit {unit_id}"


def _trades(connection: Connection) -> dict[int, list[Any]]:
    """Trades by the entry that made them: market, number and the prices they say they left."""
    found: dict[int, list[Any]] = {}
    wanted = select(trade.c.entry_id, trade.c.market_id, trade.c.number, trade.c.prices)
    for row in connection.execute(wanted.order_by(trade.c.entry_id, trade.c.market_id)):
        found.setdefault(row.entry_id, []).append(row)
    return found


def _prices(made: Balances, market: Market, tranches: Sequence[Tranche], number: int) -> tuple[int, ...]:
    """What the maker's own balances make after a trade, with the tranches that there were before it."""
    before = [each for each in tranches if each.after_trade < number]
    weights = tuple(sum(column) for column in zip(*(each.weights for each in before), strict=True))
    shares = tuple(-made[market.maker, unit_id] for unit_id in market.units)
    state = lmsr.State(sum(each.liquidity for each in before), shares, weights)
    return twap.millionths(state.prices)


def _differences(connection: Connection, made: Balances) -> Iterator[str]:
    kept = Balances(
        {(row.account_id, row.unit_id): row.amount for row in connection.execute(select(balance))}
    )
    for account, unit_id in sorted(set(made) | set(kept)):
        if made[account, unit_id] != kept[account, unit_id]:
            said = f"account {account} has {kept[account, unit_id]} of unit {unit_id}"
            yield f"{said}, the journal makes {made[account, unit_id]}"


def _misplaced(markets: Mapping[int, Market], last: Mapping[int, tuple[int, ...]]) -> Iterator[str]:
    for market in markets.values():
        if market.tick.prices != last[market.id]:
            yield f"{market.name} says {market.tick.prices}, its last trade left {last[market.id]}"
