"""What can be wrong with a disk, for as long as a with-block lasts."""

import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
from campaigns import vfs
from campaigns.cluster import Cluster
from campaigns.vfs import OK, Watcher

SLOW_SECONDS = 0.5
# This part of them fails, if not all do; a commit has many writes and one sync.
FLAKY_WRITES, FLAKY_SYNCS = 0.05, 0.5

REFUSING = {
    "full",
    "full of journal",
    "read-only",
    "write errors",
    "sync errors",
}  # The others only keep waiting.
WITHOUT_READS = {"full of journal", "standing still"}  # The server itself is gone, or does not answer.

Trouble = Callable[[random.Random], AbstractContextManager[None]]


class Disk(Watcher):
    """The disk under a SQLite file: it fails with these codes, at this rate, and takes this long to sync."""

    def __init__(self) -> None:
        self.write_code = self.sync_code = OK
        self.rate = 1.0
        self.delay_seconds = 0.0

    def write(self, file: Path, offset: int, data: bytes) -> int:
        return self.write_code if random.random() < self.rate else OK

    def truncate(self, file: Path, size: int) -> int:
        return self.write_code

    def sync(self, file: Path) -> int:
        if self.delay_seconds:
            time.sleep(self.delay_seconds)
        return self.sync_code if random.random() < self.rate else OK

    @contextmanager
    def failing(self, rate: float, *, write_code: int = OK, sync_code: int = OK) -> Iterator[None]:
        self.rate, self.write_code, self.sync_code = rate, write_code, sync_code
        yield
        self.rate, self.write_code, self.sync_code = 1.0, OK, OK

    @contextmanager
    def slow(self) -> Iterator[None]:
        self.delay_seconds = SLOW_SECONDS
        yield
        self.delay_seconds = 0.0


def of_sqlite(disk: Disk, file: Path) -> dict[str, Trouble]:
    """The codes are those that SQLite's own file layer gives when the system refuses."""
    writes, syncs = (1.0, FLAKY_WRITES), (1.0, FLAKY_SYNCS)
    return {
        "full": lambda chance: disk.failing(chance.choice(writes), write_code=vfs.FULL),
        "read-only": lambda _: disk.failing(1.0, write_code=vfs.READ_ONLY),
        "write errors": lambda chance: disk.failing(chance.choice(writes), write_code=vfs.WRITE_ERROR),
        "sync errors": lambda chance: disk.failing(chance.choice(syncs), sync_code=vfs.SYNC_ERROR),
        "slow": lambda _: disk.slow(),
        "locked": lambda _: _locked_file(file),
    }


def of_postgresql(cluster: Cluster) -> dict[str, Trouble]:
    """A slow disk needs privileges over the server's files; a server that stands still is as near as a user can come."""
    return {
        "full": lambda _: _full(cluster),
        "full of journal": lambda _: _full_of_journal(cluster),
        "read-only": lambda _: _read_only(cluster),
        "standing still": lambda _: _standing_still(cluster),
        "locked": lambda _: _locked_table(cluster),
    }


@contextmanager
def _locked_file(file: Path) -> Iterator[None]:
    """Somebody else writes, and does not finish."""
    other = sqlite3.connect(file, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def _full(cluster: Cluster) -> Iterator[None]:
    """No file of the server may become larger than the largest is now."""
    cluster.limit_files(cluster.largest_file())
    yield
    cluster.unlimit_files()


@contextmanager
def _full_of_journal(cluster: Cluster) -> Iterator[None]:
    """No room for PostgreSQL's own journal: it stops itself, and is started again when there is room."""
    cluster.limit_files(1 << 16)
    yield
    cluster.kill()
    cluster.start()


@contextmanager
def _read_only(cluster: Cluster) -> Iterator[None]:
    """As after a switch to a standby."""
    _set(cluster, "on")
    yield
    _set(cluster, "off")


def _set(cluster: Cluster, value: str) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as admin:
        admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        admin.execute("SELECT pg_reload_conf()")


@contextmanager
def _locked_table(cluster: Cluster) -> Iterator[None]:
    with psycopg.connect(cluster.url()) as other:
        other.execute("LOCK TABLE market IN EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def _standing_still(cluster: Cluster) -> Iterator[None]:
    cluster.signal_all(signal.SIGSTOP)
    yield
    cluster.signal_all(signal.SIGCONT)
