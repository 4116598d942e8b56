"""From the start of a process to its first acknowledged trade, after a clean stop and after kill -9 under load."""

import multiprocessing
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import perf_counter

from bench.crowd import Crowd, Ground
from bench.filling import fill
from bench.machine import Bench, load

from core.database import check_schema, open_engine

CLIENTS = 16
LAP_SECONDS = 0.2
_spawned = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Row:
    """Medians in milliseconds. ``start`` counts from the start of the process, ``open`` from its opening the database."""

    engine: str
    trades: int
    start_clean_ms: float
    start_killed_ms: float
    start_ratio: float
    open_clean_ms: float
    open_killed_ms: float
    open_ratio: float
    open_killed_worst_ms: float
    load: float


@dataclass(frozen=True)
class _Started:
    start: float
    open: float


def measure(bench: Bench, engine: str, trades: int, rounds: int, island: int) -> Row:
    with bench.open(engine) as opened:
        filled = fill(opened, trades, island)
        url = opened.url.render_as_string(hide_password=False)
    clean, killed = list[_Started](), list[_Started]()
    people = filled.people[: 10 * CLIENTS]
    _run(url, people, filled.hot, is_killed=False)
    for _ in range(rounds):
        # What a round finds depends on how the one before it ended.
        clean.append(_run(url, people, filled.hot, is_killed=True))
        killed.append(_run(url, people, filled.hot, is_killed=False))
    starts = [1e3 * statistics.median(each.start for each in found) for found in (clean, killed)]
    opens = [1e3 * statistics.median(each.open for each in found) for found in (clean, killed)]
    worst = 1e3 * max(each.open for each in killed)
    return Row(engine, trades, *starts, starts[1] / starts[0], *opens, opens[1] / opens[0], worst, load())


def _run(url: str, people: Sequence[str], market: int, *, is_killed: bool) -> _Started:
    """Starts a process, lets it trade for a moment, and ends it; how long its first trade took."""
    ours, theirs = _spawned.Pipe()
    process: BaseProcess = _spawned.Process(target=_serve, args=(url, people, market, theirs), daemon=True)
    began = perf_counter()
    process.start()
    theirs.close()
    opened = ours.recv()
    started = perf_counter() - began
    ours.recv()  # It trades.
    if is_killed:
        process.kill()
    else:
        ours.send("stop")
    process.join()
    return _Started(started, opened)


def _serve(url: str, people: Sequence[str], market: int, line: Connection) -> None:
    """Opens the database as the program does, and trades until it is told to stop, or killed."""
    began = perf_counter()
    engine = open_engine(url)
    check_schema(engine)
    crowd, hot = Crowd(engine, people), Ground("hot", [market])
    crowd.trade(hot, clients=1, seconds=0)
    line.send(perf_counter() - began)
    crowd.trade(hot, CLIENTS, LAP_SECONDS)
    line.send("trading")
    while not line.poll():
        crowd.trade(hot, CLIENTS, LAP_SECONDS)
    crowd.close()
    engine.dispose()
