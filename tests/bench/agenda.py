"""What a beat costs among many open decisions: when nothing is due, and when many reports are due at once.

Decisions are opened by the program's own use case over the days before, each with its own times for reports; so many of
them share one. Beside it stands the floor: as many commits of one row, through the same writer. That each report was
sent once, whatever the number of processes, is asserted.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from bench.figures import percentile
from bench.filling import hasty_engine
from bench.machine import Bench
from bench.seeding import enrol
from exchange_driver import ADMIN, START, plan
from sqlalchemy import Connection, Engine, func, select, update

from bot import jobs
from bot.door import Exchange
from core.database import open_engine, reading, writing
from core.decisions.tables import report, schedule
from core.exchange import agenda, opening, trading
from core.exchange.scheduling import Schedule
from core.markets.tables import market
from core.units import MICRO
from core.writer import Writer

DUE_AT = START.replace(hour=9) + timedelta(days=10)
OPENED_OVER, OPEN_FOR = timedelta(days=9), timedelta(days=365)
IDLE_BEATS = 20


@dataclass(frozen=True)
class Row:
    """Milliseconds but for the beat, which is in seconds; ``floor`` is a commit of one row by the same writer."""

    decisions: int
    due: int
    processes: int
    idle_read_ms: float
    idle_read_p99_ms: float
    due_read_ms: float
    beat_s: float
    report_ms: float
    floor_ms: float
    ratio: float


def measure(on: Bench, engine: str, decisions: int, due: int, processes: int) -> Row:
    with on.open(engine) as opened:
        seed(opened, decisions, due)
        idle = [_read(opened, DUE_AT - timedelta(milliseconds=1)) for _ in range(IDLE_BEATS)]
        due_read = _read(opened, DUE_AT)
        floor = _floor(opened, due)
        began = perf_counter()
        _beat_all(opened, processes)
        beat = perf_counter() - began
        _insist(opened, due)
    return Row(
        decisions=decisions,
        due=due,
        processes=processes,
        idle_read_ms=percentile(idle, 0.5) * 1000,
        idle_read_p99_ms=percentile(idle, 0.99) * 1000,
        due_read_ms=due_read * 1000,
        beat_s=beat,
        report_ms=beat / due * 1000,
        floor_ms=floor / due * 1000,
        ratio=beat / floor,
    )


def seed(engine: Engine, decisions: int, due: int) -> None:
    """So many decisions of two options, of which so many report at the same moment, and the others at other hours."""
    hasty = hasty_engine(engine)
    enrol(hasty, 1)
    with writing(hasty) as connection:
        for number in range(decisions):
            at = START + OPENED_OVER * number / decisions
            opening.open_decision(connection, ADMIN, _plan(number, due), now=at)
    hasty.dispose()
    _up_to_date(engine)


def _plan(number: int, due: int) -> Any:
    at_nine = "0 9 * * *"
    other = f"{number % 60} {10 + number % 13} * * *"
    return plan(
        subsidy=10 * MICRO,
        closes_at=START + OPEN_FOR,
        decide_by=START + OPEN_FOR + timedelta(days=1),
        freezes_at=START + OPEN_FOR + timedelta(days=30),
        reports=Schedule(cron=at_nine if number < due else other),
    )


def _up_to_date(engine: Engine) -> None:
    """What came due while they were opened is taken as done, so that a moment before nine nothing is due."""
    with writing(engine) as connection:
        later = DUE_AT + timedelta(hours=1)
        connection.execute(update(schedule).values(look_at=later))
        for row in connection.execute(select(schedule)).all():
            wanted = Schedule(row.cron, row.zone, row.step).after(DUE_AT - timedelta(hours=1))
            this = schedule.c.decision_id == row.decision_id
            connection.execute(update(schedule).where(this).values(next_at=wanted))


def _read(engine: Engine, now: datetime) -> float:
    began = perf_counter()
    with reading(engine) as connection:
        agenda.due(connection, now)
    return perf_counter() - began


def _floor(engine: Engine, commits: int) -> float:
    """Seconds for so many commits of one row, one after the other."""
    with _exchange(engine.url.render_as_string(hide_password=False)) as exchange:
        began = perf_counter()
        asyncio.run(_commit_all(exchange, commits))
        return perf_counter() - began


async def _commit_all(exchange: Exchange, commits: int) -> None:
    for _ in range(commits):
        await exchange.write(_touch)


def _touch(connection: Connection, now: datetime) -> None:
    del now
    connection.execute(update(market).where(market.c.id == 1).values(least_order=market.c.least_order))


def _beat_all(engine: Engine, processes: int) -> None:
    """A beat of each process at the same moment; one is this one."""
    url = engine.url.render_as_string(hide_password=False)
    if processes == 1:
        return _beat(url)
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for beating in [pool.submit(_beat, url) for _ in range(processes)]:
            beating.result()
    return None


def _beat(url: str) -> None:
    with _exchange(url) as exchange:
        asyncio.run(jobs.beat(exchange))


@contextmanager
def _exchange(url: str) -> Iterator[Exchange]:
    engine, clock = open_engine(url), _at(DUE_AT)
    writer = Writer(engine, clock, batched={trading.execute})
    yield Exchange(engine, writer, clock, "C0MARKETS")
    writer.close()
    engine.dispose()


def _at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _insist(engine: Engine, due: int) -> None:
    """Each was sent once, and nothing is due any more."""
    with reading(engine) as connection:
        counted = select(func.count(), func.count(report.c.decision_id.distinct()))
        sent, of = connection.execute(counted.select_from(report)).one()
        left = agenda.due(connection, DUE_AT)
    if (sent, of, left) != (due, due, []):
        raise RuntimeError(
            f"{sent} reports of {of} decisions were sent, {due} were due, {len(left)} still are"
        )
