"""What a long past costs: every screen's read, and a trade, with few trades in the database and with many.

Both databases are read in turns, so that whatever else the machine does slows both. Connections come from the pool and
go back to it, as in the program.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import psycopg
from bench.crowd import Ground, Trader
from bench.figures import percentile
from bench.filling import Filled, execute, fill
from bench.machine import Bench, load
from sqlalchemy import Connection, Engine, select

from core.database import reading
from core.exchange import agenda, board, portfolio, reporting, trading
from core.exchange.trading import Act, Order
from core.markets import registry, ticks
from core.markets.tables import market_hour
from core.units import MICRO

Read = Callable[[Connection], Any]

DAY = timedelta(days=1)
CHARTED_HOURS = 100
BATCH = 32


@dataclass(frozen=True)
class Row:
    """Medians in microseconds; ``ratio`` is many over few."""

    what: str
    few_us: float
    many_us: float
    ratio: float
    few_p99_us: float
    many_p99_us: float
    load: float


@dataclass(frozen=True)
class Past:
    """A filled database."""

    engine: Engine
    filled: Filled


def measure(bench: Bench, engine: str, few: int, many: int, reads: int, island: int) -> Iterator[Row]:
    """A row for each screen, then for a trade in the hot market and in the others."""
    with bench.open(engine) as small, bench.open(engine) as large:
        pasts = [Past(small, fill(small, few, island)), Past(large, fill(large, many, island))]
        for past in pasts:
            _settle_down(past.engine)
        for what, screens in _screens(pasts).items():
            yield _row(what, [lambda s=screen: _read(*s) for screen in screens], reads)
        for name in ("hot", "others"):
            writers = [_Writing(past, name) for past in pasts]
            yield _row(
                f"trade, {name}, batch of {BATCH}", [each.trade for each in writers], max(1, reads // 5)
            )


def _settle_down(engine: Engine) -> None:
    """What the database would have done by itself by now."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    if engine.dialect.name == "postgresql":
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE")
            admin.execute("CHECKPOINT")


def _screens(pasts: Sequence[Past]) -> dict[str, list[tuple[Engine, Read]]]:
    """The same reads of each database, by name."""
    found: dict[str, list[tuple[Engine, Read]]] = {}
    for past in pasts:
        for name, read in _reads(past.filled).items():
            found.setdefault(name, []).append((past.engine, read))
    return found


def _reads(of: Filled) -> Mapping[str, Read]:
    now, order = of.now, Order("quote", of.typical, of.hot, (0,), Act.SPEND, MICRO)
    return {
        "portfolio": lambda c: portfolio.portfolio(c, of.typical),
        "portfolio of somebody who was always there": lambda c: portfolio.portfolio(c, of.heavy),
        "card, hottest": lambda c: board.row(c, of.typical, of.decision, now),
        "list of decisions": lambda c: board.decisions_for(c, of.typical, now),
        "spread report": lambda c: reporting.report(c, of.typical, of.decision, now),
        "live quote": lambda c: trading.quote(c, of.typical, order, now),
        "TWAP 24 h": lambda c: ticks.average_prices(c, registry.get(c, of.hot), now - DAY, now),
        "lagged average 24 h": lambda c: ticks.average_lagged(c, registry.get(c, of.hot), now - DAY, now),
        "median 24 h": lambda c: ticks.median_value(c, registry.get(c, of.hot), now - DAY, now),
        "price history": lambda c: _charted(c, of.hot),
        "what is due": lambda c: agenda.due(c, now),
    }


def _charted(connection: Connection, market_id: int) -> Any:
    """The closing prices of the last hours with trades, from which a chart is drawn."""
    hours = select(market_hour.c.hour, market_hour.c.prices).where(market_hour.c.market_id == market_id)
    return connection.execute(hours.order_by(market_hour.c.hour.desc()).limit(CHARTED_HOURS)).all()


def _read(engine: Engine, read: Read) -> float:
    began = perf_counter()
    with reading(engine) as connection:
        read(connection)
    return perf_counter() - began


class _Writing:
    """Durable batches of trades in some markets of a filled database."""

    def __init__(self, past: Past, where: str) -> None:
        self._past, self._now = past, past.filled.now
        markets = [past.filled.hot] if where == "hot" else past.filled.markets[1:]
        self._ground = Ground(where, markets)
        self._trader = Trader(past.filled.people[1:-1], f"written-{where}", Random(3))

    def trade(self) -> float:
        """Seconds a trade."""
        orders = self._trader.orders(self._ground, BATCH)
        self._now += timedelta(seconds=1)
        began = perf_counter()
        fills = execute(self._past.engine, orders, self._now)
        taken = perf_counter() - began
        for order, filled in zip(orders, fills, strict=True):
            self._trader.told(order, filled)
        return taken / len(orders)


def _row(what: str, measured: Sequence[Callable[[], float]], times: int) -> Row:
    for each in measured:
        each()  # The first time, statements are made and pages are read.
    taken: list[list[float]] = [[] for _ in measured]
    for _ in range(times):
        for found, each in zip(taken, measured, strict=True):
            found.append(1e6 * each())
    few, many = (percentile(each, 0.5) for each in taken)
    return Row(what, few, many, many / few, *(percentile(each, 0.99) for each in taken), load())
