"""From where a metric's reading is taken by itself: what is configured, and how far trying it has come.

A claim moves the next time of trying behind a lease, so two processes do not read at once, and what a process left that
died is tried again. What comes back names its attempt: an answer that comes after the lease counts for nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select, update

from core import texts
from core.errors import Invalid
from core.markets.reading_tables import source

LEASE = timedelta(seconds=60)
# Between one attempt and the next; after the last of them the owner is asked.
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180))
SETTING_MOST = 2000
ERROR_MOST = 500

# For each kind what it cannot do without, and what it can have besides.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "http": (("url", "value"), ("as_of", "header", "secret")),
    "sql": (("database", "query"), ()),
    "csv": (("url", "column"), ("where", "equals", "as_of", "header", "secret")),
}
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_FORMS = {
    "database": (_NAME, "variable"),
    "secret": (_NAME, "variable"),
    "header": (re.compile(r"[A-Za-z0-9-]{1,64}"), "header"),
}
_TOGETHER = (("header", "secret"), ("secret", "header"), ("where", "equals"), ("equals", "where"))


@dataclass(frozen=True)
class Source:
    """``settings`` are texts by their names; secrets are only named there. ``before`` is in micro-units of the metric."""

    metric_id: int
    kind: str
    settings: Mapping[str, str]
    set_by: int
    set_at: datetime
    before: int | None
    claims: int
    attempts: int
    next_at: datetime | None
    error: str | None
    doubt: Mapping[str, Any] | None


def check(kind: str, settings: Mapping[str, str]) -> None:
    """Raises Invalid, naming the setting."""
    if kind not in KINDS:
        raise Invalid("kind", "unknown", kind[:20])
    needed, besides = KINDS[kind]
    if not_one := sorted(settings.keys() - {*needed, *besides}):
        raise Invalid("kind", "unknown", not_one[0][:20])
    for name in (*needed, *settings):
        texts.check(name, settings.get(name, ""), SETTING_MOST)
    for name, (form, rule) in _FORMS.items():
        if name in settings and not form.fullmatch(settings[name]):
            raise Invalid(name, rule)
    for one, other in _TOGETHER:
        if one in settings and other not in settings:
            raise Invalid(other, "empty")
    if "url" in settings:
        _check_url(settings["url"])


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_fetched = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise Invalid("url", "address") from None
    if not is_fetched or not url.isprintable() or " " in url:
        raise Invalid("url", "address")
    if parts.username or parts.password:
        raise Invalid("url", "no_secrets")


def find(connection: Connection, metric_id: int) -> Source | None:
    row = connection.execute(select(source).where(source.c.metric_id == metric_id)).one_or_none()
    return Source(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def lock(connection: Connection, metric_id: int) -> Source | None:
    """The same, and nobody else changes it until the transaction ends."""
    connection.execute(select(source.c.metric_id).where(source.c.metric_id == metric_id).with_for_update())
    return find(connection, metric_id)


def save(
    connection: Connection,
    metric_id: int,
    kind: str,
    settings: Mapping[str, str],
    by: int,
    before: int | None,
    next_at: datetime | None,
    now: datetime,
) -> None:
    """Takes the place of the one that there was; what that one gave, or is still to give, counts for nothing."""
    known = lock(connection, metric_id)
    claims = known.claims + 1 if known else 0
    values = {"kind": kind, "settings": dict(settings), "set_by": by, "set_at": now, "before": before}
    values |= {"claims": claims, "attempts": 0, "next_at": next_at, "error": None, "doubt": None}
    if known is None:
        connection.execute(insert(source).values(metric_id=metric_id, **values))
    else:
        change(connection, metric_id, **values)


def drop(connection: Connection, metric_id: int) -> None:
    connection.execute(delete(source).where(source.c.metric_id == metric_id))


def due(connection: Connection, now: datetime, most: int) -> list[int]:
    wanted = select(source.c.metric_id).where(source.c.next_at <= now).order_by(source.c.next_at).limit(most)
    return list(connection.execute(wanted).scalars())


def begin(connection: Connection, metric_id: int, now: datetime) -> bool:
    """It is read from now on, if there is one. Whether there is."""
    begun = {"claims": source.c.claims + 1, "attempts": 0, "next_at": now, "error": None, "doubt": None}
    return (
        connection.execute(update(source).where(source.c.metric_id == metric_id).values(begun)).rowcount == 1
    )


def end(connection: Connection, metric_id: int) -> None:
    """Nothing is tried any more, and nothing that it gave waits for an answer."""
    connection.execute(update(source).where(source.c.metric_id == metric_id).values(next_at=None, doubt=None))


def change(connection: Connection, metric_id: int, **values: object) -> None:
    connection.execute(update(source).where(source.c.metric_id == metric_id).values(**values))
