"""Campaign: the disk is full, read-only, failing, slow or locked for a while, under load, and then well again.

Claimed while it lasts: every caller gets an answer, and reads go on. Claimed afterwards: the same writer goes on by
itself, nothing that was acknowledged is lost, whoever was answered with an exception or Busy finds on asking again that
the order was executed whole or not at all, and the books are right.
"""

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import cycle, islice

from campaigns import scene as scenes
from campaigns.campaign import Figures, Trial, insist
from campaigns.cluster import Cluster
from campaigns.databases import migrated, sqlite
from campaigns.orders import orders
from campaigns.service import Service
from campaigns.troubles import REFUSING, WITHOUT_READS, Disk, Trouble, of_postgresql, of_sqlite
from campaigns.vfs import watched

CALM_SECONDS, TROUBLE_SECONDS = 0.3, 0.8
LONG = {"locked": 4.0}  # Longer than anybody is made to wait for a lock.
REFUSAL_SECONDS = 20
GROWN = 1_500  # Orders after which a table is larger than a segment of PostgreSQL's journal, and can be refused more.


def disk(trial: Trial) -> Figures:
    if trial.engine == "sqlite":
        file, under = trial.folder / "exchange.db", Disk()
        sqlite(file)
        with watched(under):
            return _suffer(trial, _service(trial, f"sqlite:///{file}"), of_sqlite(under, file))
    cluster = Cluster(trial.folder / "server", wal_segment_megabytes=1)
    cluster.start()
    try:
        service = _service(trial, migrated(cluster.url()))
        service.fill(GROWN)
        return _suffer(trial, service, of_postgresql(cluster))
    finally:
        cluster.kill()


def _service(trial: Trial, url: str) -> Service:
    return Service(url, orders(scenes.build(url), trial.seed), trial.folder)


def _suffer(trial: Trial, service: Service, troubles: Mapping[str, Trouble]) -> Figures:
    chance, times, undecided = trial.chance("troubles"), Counter[str](), Counter[str]()
    service.start()
    for name in islice(cycle(troubles), trial.times):
        time.sleep(chance.uniform(0, CALM_SECONDS))
        before = service.undecided
        with troubles[name](chance), service.read_on() if name not in WITHOUT_READS else nullcontext():
            time.sleep(chance.uniform(0, LONG.get(name, TROUBLE_SECONDS)))
            if name in REFUSING:
                _await_refusal(service, before, name)
        service.come_back()
        times[name] += 1
        undecided[name] += service.undecided - before
        trial.step(1)
    figures = service.finish()
    told = {f"times {name}": f"{n}, {undecided[name]} answers decided nothing" for name, n in times.items()}
    return {**told, "reads that worked meanwhile": service.reads, **figures}


def _await_refusal(service: Service, before: int, name: str) -> None:
    """Trouble that troubles nobody would prove nothing."""
    deadline = time.monotonic() + REFUSAL_SECONDS
    while service.undecided == before:
        insist(time.monotonic() < deadline, f"nobody noticed the trouble: {name}")
        time.sleep(0.01)
