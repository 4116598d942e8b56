"""Several processes trade on one PostgreSQL, each with its own writer: one hot market against many."""

import multiprocessing
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.crowd import Crowd, Ground, Lap
from bench.figures import percentile
from bench.machine import Bench, load
from bench.seeding import seed
from bench.throughput import BASELINE_CLIENTS_MOST, Plan, prove

from core.database import open_engine

ENGINE, SHAPE = "postgresql", "question"
_spawned = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Row:
    """All replicas together, medians over the rounds; ``of_spread`` is the part of the spread run's rate."""

    replicas: int
    clients: int
    where: str
    b_per_s: float
    per_s: float
    ratio: float
    of_spread: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    load: float


def measure(bench: Bench, replicas: int, wanted: Plan) -> Iterator[Row]:
    """Rows hot and spread for each number of clients, who are shared out among the replicas."""
    with bench.open(ENGINE) as opened:
        people, markets = seed(opened, SHAPE, wanted.people, wanted.markets)
        grounds = [Ground("hot", markets[:1]), Ground("spread", markets[1:])]
        url = opened.url.render_as_string(hide_password=False)
        with _running(url, [people[n::replicas] for n in range(replicas)]) as lines:
            for clients in wanted.clients:
                yield from _measure(bench, lines, grounds, clients, wanted)
        if wanted.audits:
            prove(opened)


def _measure(
    bench: Bench, lines: Sequence[Connection], grounds: Sequence[Ground], clients: int, wanted: Plan
) -> Iterator[Row]:
    baselines: list[float] = []
    laps: dict[str, list[list[Lap]]] = {ground.name: [] for ground in grounds}
    for _ in range(wanted.rounds):
        baselines.append(bench.server.tpc_b(min(clients, BASELINE_CLIENTS_MOST), wanted.seconds))
        for ground in grounds:
            for line in lines:
                line.send((ground, max(1, clients // len(lines)), wanted.seconds))
            laps[ground.name].append([line.recv() for line in lines])
    baseline = statistics.median(baselines)
    rates = {name: statistics.median(map(_rate, rounds)) for name, rounds in laps.items()}
    for name, rounds in laps.items():
        taken = [1e3 * each for one in rounds for lap in one for each in lap.latencies]
        yield Row(
            replicas=len(lines),
            clients=clients,
            where=name,
            b_per_s=baseline,
            per_s=rates[name],
            ratio=rates[name] / baseline,
            of_spread=rates[name] / rates["spread"],
            p50_ms=percentile(taken, 0.5),
            p99_ms=percentile(taken, 0.99),
            worst_ms=max(taken),
            load=load(),
        )


def _rate(together: Sequence[Lap]) -> float:
    return sum(len(lap.latencies) / lap.seconds for lap in together)


@contextmanager
def _running(url: str, people: Sequence[Sequence[str]]) -> Iterator[list[Connection]]:
    """A process for each share of the people, and the line on which it is told what to do."""
    pipes = [_spawned.Pipe() for _ in people]
    processes = [
        _spawned.Process(target=_serve, args=(url, share, theirs), daemon=True)
        for share, (_, theirs) in zip(people, pipes, strict=True)
    ]
    for process in processes:
        process.start()
    for _, theirs in pipes:
        theirs.close()  # So that ours ends when the process does.
    lines = [ours for ours, _ in pipes]
    try:
        yield lines
        for line in lines:
            line.send(None)
    finally:
        for process in processes:
            process.join(timeout=10)
            process.kill()


def _serve(url: str, people: Sequence[str], line: Connection) -> None:
    """One replica, until it is told nothing more."""
    engine = open_engine(url)
    crowd = Crowd(engine, people)
    while told := line.recv():
        line.send(crowd.trade(*told))
    crowd.close()
    engine.dispose()
