"""What the server of a database can do to its clients."""

from sqlalchemy import Engine, NullPool, create_engine, text

_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


def drop_connections(engine: Engine) -> None:
    """Ends every connection to the database, as a restart would; SQLite has no server that could."""
    if engine.dialect.name != "postgresql":
        return
    with create_engine(engine.url, poolclass=NullPool).connect() as other:
        other.execute(text(f"{_OTHERS} AND datname = current_database()"))
