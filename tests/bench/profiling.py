"""Where the time of a trade goes: batches run in this thread, and a timer looks at what it is doing.

The batches are as large as the writer makes them for so many clients; what a trade takes longer behind the writer is
told as one line: the queue, the futures, and the clients themselves.
"""

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from time import perf_counter, thread_time
from types import FrameType

from bench.crowd import Crowd, Ground, Lap, Trader
from bench.machine import Bench
from bench.seeding import seed, twins_of
from exchange_driver import START
from sqlalchemy import Engine

from core.database import writing
from core.exchange import trading

INTERVAL_SECONDS = 0.0005
BEHIND = "queue, futures, clients"
# The first that fits names the room: a part of the path of the innermost file of core, and what was called from it.
ROOMS = (
    ("ledger/chain", "", "hash chain"),
    ("", "/json/", "JSON"),
    ("core/rows", "", "rows and driver"),
    ("core/database", "", "begin and commit"),
    ("", "/sqlalchemy/", "SQLAlchemy"),
    ("core/pricing", "", "pricing"),
    ("markets/deals", "", "deals and walk"),
    ("markets/walk", "", "deals and walk"),
    ("core/ledger", "", "ledger"),
    ("core/exchange", "", "desk"),
    ("core/", "", "markets and people"),
)


@dataclass(frozen=True)
class Line:
    """One room, or one function. Microseconds a trade, on the clock and of the processor, and their parts of the whole."""

    where: str
    clock_us: float
    clock_percent: float
    cpu_us: float
    cpu_percent: float


class Sampler:
    """Seconds by place. A look charges all the time since the last one to where it finds the thread."""

    def __init__(self) -> None:
        self.clock, self.cpu = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        self._last = perf_counter(), thread_time()

    @contextmanager
    def running(self) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, self._look)
        self._last = perf_counter(), thread_time()
        signal.setitimer(signal.ITIMER_REAL, INTERVAL_SECONDS, INTERVAL_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        clock, cpu = perf_counter(), thread_time()
        place = _place(frame)
        self.clock[place] += clock - self._last[0]
        self.cpu[place] += cpu - self._last[1]
        self._last = perf_counter(), thread_time()


def measure(
    bench: Bench,
    engine: str,
    shape: str,
    ground: str,
    clients: int,
    seconds: float,
    people: int,
    markets: int,
) -> tuple[list[Line], list[Line]]:
    """Rooms, and functions, the dearest first."""
    with bench.open(engine) as opened:
        identities, ids = seed(opened, shape, people, markets)
        where = Ground(ground, ids[:1] if ground == "hot" else ids[1:], twins_of(shape, ids))
        crowd = Crowd(opened, identities)
        try:
            before = bench.spent()
            lap = crowd.trade(where, clients, seconds)
            own = bench.spent().since(before).own
        finally:
            crowd.close()
        sampler, trades = _sample(opened, identities, where, round(len(lap.latencies) / lap.batches), seconds)
    return _rooms(sampler, trades, lap, own), _functions(sampler, trades)


def _sample(
    engine: Engine, people: Sequence[str], ground: Ground, batch: int, seconds: float
) -> tuple[Sampler, int]:
    trader, sampler = Trader(people, "sampled", Random(0)), Sampler()
    trades, until = 0, perf_counter() + seconds
    while perf_counter() < until:
        orders = trader.orders(ground, batch)
        with sampler.running(), writing(engine) as connection:
            fills = trading.execute(connection, orders, START)
        for order, fill in zip(orders, fills, strict=True):
            if isinstance(fill, Exception):
                raise fill
            trader.told(order, fill)
        trades += len(fills)
    return sampler, trades


def _place(frame: FrameType | None) -> tuple[str, str]:
    """The room and the function of core in which the thread is."""
    called = ""
    while frame is not None:
        file = frame.f_code.co_filename
        if "/core/" in file and "site-packages" not in file:
            path = "core/" + file.rpartition("/core/")[2].removesuffix(".py")
            room = next(name for part, inside, name in ROOMS if part in path and inside in called)
            return room, f"{path.removeprefix('core/')}.{frame.f_code.co_name}"
        called += file
        frame = frame.f_back
    return "begin and commit", "outside of core"


def _rooms(sampler: Sampler, trades: int, lap: Lap, own: float) -> list[Line]:
    clock, cpu = Counter[str](), Counter[str]()
    for (room, _), seconds in sampler.clock.items():
        clock[room] += 1e6 * seconds / trades
    for (room, _), seconds in sampler.cpu.items():
        cpu[room] += 1e6 * seconds / trades
    behind = len(lap.latencies)
    clock[BEHIND] = max(0.0, 1e6 * lap.seconds / behind - clock.total())
    cpu[BEHIND] = max(0.0, 1e6 * own / behind - cpu.total())
    return _lines(clock, cpu)


def _functions(sampler: Sampler, trades: int) -> list[Line]:
    clock, cpu = Counter[str](), Counter[str]()
    for (room, name), seconds in sampler.clock.items():
        clock[f"{name} ({room})"] = 1e6 * seconds / trades
        cpu[f"{name} ({room})"] = 1e6 * sampler.cpu[room, name] / trades
    return _lines(clock, cpu)


def _lines(clock: Counter[str], cpu: Counter[str]) -> list[Line]:
    return [
        Line(name, us, 100 * us / clock.total(), cpu[name], 100 * cpu[name] / cpu.total())
        for name, us in clock.most_common()
    ]
