"""What was changed of how metrics are read, as reports and charts mark it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.markets import definitions


def redefined(connection: Connection, metric_ids: Iterable[int]) -> tuple[tuple[int, str], ...]:
    """When a definition was changed, in whole seconds since 1970, and the name of that metric: the first at the top."""
    found = definitions.changes(connection, metric_ids)
    return tuple((int(at.timestamp()), name) for _, _, name, at in found)
