"""Fresh migrated databases that are durable when they commit, of either kind, for as long as a campaign runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaigns.cluster import Cluster

from core.database import migrate, open_engine


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The url of a database in this folder; a server is started for PostgreSQL, and stopped at the end."""
    if engine == "sqlite":
        yield sqlite(folder / "exchange.db")
        return
    cluster = Cluster(folder / "server")
    cluster.start()
    try:
        yield migrated(cluster.url())
    finally:
        cluster.stop()


def sqlite(file: Path) -> str:
    """The url of a new SQLite file."""
    return migrated(f"sqlite:///{file}")


def migrated(url: str) -> str:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url
