"""A database with a long past: so many trades, most of them in questions that were settled long ago.

The use cases live one *island*: questions that are opened, traded by some people, read and settled. Its rows are then
copied with other ids, times and people, until there are enough of them. All ids of a copy are shifted alike, and each
entry is hashed anew, so a copy is what the use cases would have written had the same happened again, and the audit
proves it like everything else; only what was announced is left out. After that comes the present, again by the use
cases: open decisions and questions, of which one market takes half of the trades.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.crowd import Ground, Trader
from bench.island import Island, Shore
from bench.seeding import enrol
from exchange_driver import ADMIN, DECIDER, OWNER, START, plan, question
from sqlalchemy import Engine, event, select

from core.database import open_engine, reading, writing
from core.exchange import agenda, opening, resolving, trading
from core.exchange.trading import Act, Order
from core.markets.tables import metric
from core.units import MICRO

ISLAND_TRADES, ISLAND_MARKETS = 2_500, 20
ISLAND_LIQUIDITY = 2_000 * MICRO
PEOPLE_MOST = 10_000  # What a lab has, so that what is measured grows with trades and not with people.
CREDITS = 10_000_000  # Whole; each person's.
PRESENT_PART = 20  # One in so many trades belongs to the present.
PRESENT_DAYS, PRESENT_BATCHES = 30, 2_000
DECISIONS = QUESTIONS = 5
BATCH_MOST = 256
CHALLENGE = timedelta(days=1)


@dataclass(frozen=True)
class Filled:
    """What there is to be read: as of when, the market that traded most, and people with few and with many trades.

    All of ``markets`` are open.
    """

    now: datetime
    decision: int
    hot: int
    markets: Sequence[int]
    people: Sequence[str]

    @property
    def heavy(self) -> str:
        return self.people[0]

    @property
    def typical(self) -> str:
        return self.people[-1]


def fill(engine: Engine, trades: int, island: int = ISLAND_TRADES) -> Filled:
    """Brings a new database to so many trades; written in haste, but the database keeps its usual durability."""
    hasty = hasty_engine(engine)
    present = max(island, trades // PRESENT_PART)
    copies = max(0, (trades - present) // island - 1)
    crew = island * 2 // 5
    groups = max(1, min(PEOPLE_MOST, trades // 100) // crew)
    people = enrol(hasty, groups * crew, CREDITS)
    shore = Shore.of(hasty, people[0])
    _live_island(hasty, people[:crew], island)
    template = Island(hasty, shore, crew)
    for number in range(1, copies + 1):
        # Every fourth copy is traded by the same people: somebody has always been here.
        template.copy(number, number % groups if number % 4 else 0)
    template.finish()
    began = START + timedelta(days=4, hours=copies)
    filled = _open_present(hasty, began, people)
    _live_present(hasty, filled, began, present)
    hasty.dispose()
    return filled


def hasty_engine(engine: Engine) -> Engine:
    """The same database by connections that wait for no disk."""
    if engine.dialect.name == "postgresql":
        url = engine.url.update_query_dict({"options": "-c synchronous_commit=off"})
        return open_engine(url.render_as_string(hide_password=False))
    hasty = open_engine(engine.url.render_as_string(hide_password=False))
    event.listen(hasty, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return hasty


def _live_island(engine: Engine, people: Sequence[str], trades: int) -> None:
    """Three days of trading, then the readings; a day later all are paid."""
    asked = question(
        liquidity=ISLAND_LIQUIDITY,
        closes_at=START + timedelta(days=3),
        reading_challenge_seconds=round(CHALLENGE.total_seconds()),
    )
    with writing(engine) as connection:
        opened = [opening.open_question(connection, ADMIN, asked, now=START) for _ in range(ISLAND_MARKETS)]
    markets = [market_id for each in opened for market_id in each.market_ids]
    times = _times(START, timedelta(days=3), PRESENT_BATCHES // 10)
    _trade(engine, Trader(people, "island", Random(1)), Ground("island", markets), trades, times)
    read_at = START + timedelta(days=3)
    with writing(engine) as connection:
        for number, metric_id in enumerate(connection.execute(select(metric.c.id)).scalars().all()):
            resolving.file(connection, OWNER, metric_id, number % 2 * MICRO, "the dashboard", now=read_at)
    _run_due(engine, read_at + CHALLENGE)


def _run_due(engine: Engine, now: datetime) -> None:
    while True:
        with reading(engine) as connection:
            due = agenda.due(connection, now)
        if not due:
            return
        for each in due:
            with writing(engine) as connection:
                each.act(connection, each.about, now=now)


def _open_present(engine: Engine, now: datetime, people: Sequence[str]) -> Filled:
    closes_at = now + timedelta(days=PRESENT_DAYS + 7)
    asked = question(liquidity=20_000 * MICRO, closes_at=closes_at)
    decided = plan(
        deciders=(DECIDER,),
        subsidy=20_000 * MICRO,
        closes_at=closes_at,
        decide_by=closes_at + timedelta(days=1),
        freezes_at=closes_at + timedelta(days=30),
    )
    with writing(engine) as connection:
        opened = [opening.open_decision(connection, ADMIN, decided, now=now) for _ in range(DECISIONS)]
        opened += [opening.open_question(connection, ADMIN, asked, now=now) for _ in range(QUESTIONS)]
    markets = [market_id for each in opened for market_id in each.market_ids]
    until = now + timedelta(days=PRESENT_DAYS)
    return Filled(until, opened[0].decision_id or 0, markets[0], markets, people)


def _live_present(engine: Engine, filled: Filled, began: datetime, trades: int) -> None:
    """Both readers hold something everywhere; then half of the trades are in the hot market."""
    holdings = [
        Order(f"reader:{by}:{market}", by, market, (0,), Act.SPEND, MICRO)
        for by in (filled.heavy, filled.typical)
        for market in filled.markets
    ]
    execute(engine, holdings, began)
    trader = Trader(filled.people[1:-1], "present", Random(2))
    grounds = Ground("hot", [filled.hot]), Ground("others", filled.markets[1:])
    for half, ground in enumerate(grounds):
        times = _times(began, timedelta(days=PRESENT_DAYS), PRESENT_BATCHES // 2)
        _trade(engine, trader, ground, (trades - len(holdings) + half) // 2, times)


def _times(start: datetime, span: timedelta, count: int) -> list[datetime]:
    return [start + span * number / count for number in range(count)]


def _trade(engine: Engine, trader: Trader, ground: Ground, trades: int, times: Sequence[datetime]) -> None:
    """So many trades, shared out evenly among the times."""
    for now, share in zip(times, _shares(trades, len(times)), strict=True):
        left = share
        while left > 0:
            orders = trader.orders(ground, min(left, BATCH_MOST))
            for order, fill in zip(orders, execute(engine, orders, now), strict=True):
                trader.told(order, fill)
            left -= len(orders)


def _shares(whole: int, parts: int) -> Iterator[int]:
    return ((whole * (n + 1)) // parts - (whole * n) // parts for n in range(parts))


def execute(engine: Engine, orders: Sequence[Order], now: datetime) -> list[trading.Fill]:
    """One batch, committed. No order should be refused: if one is, its refusal is raised."""
    with writing(engine) as connection:
        answers = trading.execute(connection, orders, now)
    fills = []
    for each in answers:
        if isinstance(each, Exception):
            raise each
        fills.append(each)
    return fills
