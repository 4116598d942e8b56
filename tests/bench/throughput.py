"""Durable trades a second, held against pgbench's TPC-B in the same run.

Each round measures the baseline and then ours, so that whatever else the machine does slows both; a figure is the
median over the rounds. The baseline of more than 64 clients is that of 64: more clients make pgbench no faster.
In the row "nothing" the clients ask the writer for nothing at all: nothing that trades can be faster than that.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bench.crowd import Crowd, Ground, Lap
from bench.figures import medians, percentile, say
from bench.machine import Bench, Spent, load
from bench.seeding import earmark, seed, twins_of
from sqlalchemy import Engine

from core.database import reading
from core.exchange.audit import audit
from core.exchange.trading import Wallet

BASELINE_CLIENTS_MOST = 64


@dataclass(frozen=True)
class Plan:
    """What is measured; ``people`` and ``markets`` say how much is traded on.

    If ``earmarked``, the same people also trade in as many markets beyond the horizon, paid by credits for those.
    """

    clients: Sequence[int]
    rounds: int
    seconds: float
    people: int
    markets: int
    audits: bool
    earmarked: bool = False


@dataclass(frozen=True)
class Run:
    """One lap. Latencies are milliseconds; processor time is microseconds a trade, see machine.Spent."""

    per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    batch: float
    own_us: float
    server_us: float
    machine_us: float


@dataclass(frozen=True)
class Row:
    """Medians over the rounds, but the worst latency of all of them. ``b_per_s`` is the baseline."""

    clients: int
    where: str
    b_per_s: float
    per_s: float
    ratio: float
    p50_ms: float
    p99_ms: float
    p99_over_p50: float
    worst_ms: float
    batch: float
    own_us: float
    server_us: float
    machine_us: float
    load: float


def measure(bench: Bench, engine: str, shape: str, wanted: Plan) -> Iterator[Row]:
    """Rows for one engine and one shape, as they are found; afterwards the books are audited."""
    with bench.open(engine) as opened:
        people, markets = seed(opened, shape, wanted.people, wanted.markets)
        grounds = _grounds(shape, markets)
        if wanted.earmarked:
            grounds += _grounds(shape, earmark(opened, shape, people, wanted.markets), Wallet.EARMARKED)
        crowd = Crowd(opened, people)
        try:
            for clients in wanted.clients:
                yield from _measure(bench, crowd, grounds, clients, wanted)
        finally:
            crowd.close()
        if wanted.audits:
            prove(opened)


def _grounds(shape: str, markets: Sequence[int], wallet: Wallet = Wallet.PLAIN) -> tuple[Ground, ...]:
    twins, of = twins_of(shape, markets), "" if wallet == Wallet.PLAIN else f", {wallet}"
    places = {"hot": markets[:1], "spread": markets[1:]}
    return tuple(Ground(f"{name}{of}", each, twins, wallet) for name, each in places.items())


def prove(engine: Engine) -> None:
    """Every proof of the audit holds. Raises AssertionError."""
    with reading(engine) as connection:
        proofs = audit(connection)
    failing = [f"{proof.claim}: {proof.faults[:3]}" for proof in proofs if not proof.holds]
    if failing:
        raise AssertionError(f"the books are wrong: {failing}")
    say(f"audit: all {len(proofs)} proofs hold")


def _measure(
    bench: Bench, crowd: Crowd, grounds: Sequence[Ground], clients: int, wanted: Plan
) -> Iterator[Row]:
    laps = {ground.name: partial(crowd.trade, ground) for ground in grounds} | {"nothing": crowd.idle}
    baselines, runs = list[float](), {name: list[Run]() for name in laps}
    for _ in range(wanted.rounds):
        baselines.append(bench.server.tpc_b(min(clients, BASELINE_CLIENTS_MOST), wanted.seconds))
        for name, lap in laps.items():
            before = bench.spent()
            taken = lap(clients, wanted.seconds)
            runs[name].append(_run(taken, bench.spent().since(before)))
    for name, found in runs.items():
        yield _row(clients, name, statistics.median(baselines), found)


def _run(lap: Lap, used: Spent) -> Run:
    trades = len(lap.latencies)
    return Run(
        per_s=trades / lap.seconds,
        p50_ms=1e3 * percentile(lap.latencies, 0.5),
        p99_ms=1e3 * percentile(lap.latencies, 0.99),
        worst_ms=1e3 * max(lap.latencies),
        batch=trades / lap.batches,
        own_us=1e6 * used.own / trades,
        server_us=1e6 * used.server / trades,
        machine_us=1e6 * used.machine / trades,
    )


def _row(clients: int, where: str, baseline: float, runs: Sequence[Run]) -> Row:
    usual = medians(runs) | {"worst_ms": max(run.worst_ms for run in runs)}
    return Row(
        clients=clients,
        where=where,
        b_per_s=baseline,
        ratio=usual["per_s"] / baseline,
        p99_over_p50=usual["p99_ms"] / usual["p50_ms"],
        load=load(),
        **usual,
    )
