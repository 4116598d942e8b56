"""Campaign: a flood of grants on a disk that takes half a second for each commit.

Claimed: what does not fit into the queue is told Busy at once, what has waited for too long is told Busy when its turn
comes, and to each of them nothing was done; everything else was done once.
"""

import time
from collections import Counter
from typing import Any

from campaigns import books
from campaigns import scene as scenes
from campaigns.answers import wait
from campaigns.campaign import Figures, Trial, insist, spread
from campaigns.databases import sqlite
from campaigns.troubles import SLOW_SECONDS, Disk
from campaigns.vfs import watched
from exchange_driver import ADMIN, START

from core.database import open_engine
from core.errors import Busy
from core.exchange import granting
from core.units import MICRO
from core.writer import GROUP_MOST, PATIENCE_SECONDS, WAITING_MOST, Writer

OVERFLOW = 2 * GROUP_MOST  # The writer takes that many out of the queue while it fills.
DONE, FULL, LATE = KINDS = ("granted", "told Busy, the queue was full", "told Busy, too late")


def slow(trial: Trial) -> Figures:
    file, disk = trial.folder / "exchange.db", Disk()
    scenes.build(sqlite(file))
    counted, waited = Counter[str](), list[float]()
    with watched(disk):
        engine = open_engine(f"sqlite:///{file}")
        writer = Writer(engine, lambda: START)
        for number in range(1, trial.times + 1):
            with disk.slow():
                granted = _flood(writer, f"flood{number}", counted, waited)
            found = books.granted(engine, f"flood{number}")
            insist(found == granted, f"granted {found ^ granted} otherwise than was said")
            trial.step(1)
        writer.close()
        books.prove(engine)
        engine.dispose()
    return {**counted, "done though Busy was said, or not done": 0, "waits for an answer": spread(waited)}


def _flood(writer: Writer, name: str, counted: Counter[str], waited: list[float]) -> set[str]:
    """The keys of those grants that were made."""
    began = time.monotonic()
    futures = {}
    for number in range(WAITING_MOST + OVERFLOW):
        key = f"{name}-{number}"
        futures[key] = writer.submit(granting.grant, ADMIN, "trader-0", MICRO, key, "a flood")
        futures[key].add_done_callback(lambda _: waited.append(time.monotonic() - began))
    answers = {key: wait(future) for key, future in futures.items()}
    latest = 2 * (PATIENCE_SECONDS + 4 * SLOW_SECONDS)  # The machine may stand still too.
    insist(max(waited) < latest, f"an answer came after {max(waited):.1f} s")
    kinds = {key: _kind(answer) for key, answer in answers.items()}
    counted.update(kinds.values())
    insist(set(kinds.values()) == set(KINDS), f"a flood was answered with {set(kinds.values())} only")
    return {key for key, kind in kinds.items() if kind == DONE}


def _kind(answer: Any) -> str:
    if isinstance(answer, Busy):
        return LATE if answer.waited_seconds else FULL
    insist(isinstance(answer, int), f"a grant was answered with {answer!r}")
    return DONE
