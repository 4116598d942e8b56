"""Readings that are waited for since trading ended, and who is reminded of them when."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from core.database import upsert
from core.markets.reading_tables import nudge

OWNER_AFTER = (timedelta(days=1), timedelta(days=3))
ADMINS_AFTER = timedelta(days=7)
_ALL = (*OWNER_AFTER, ADMINS_AFTER)


class Nudge(NamedTuple):
    """Since when a reading is waited for, and when somebody is reminded next."""

    since: datetime
    next_at: datetime


def begin(connection: Connection, market_id: int, since: datetime) -> None:
    rows = [{"market_id": market_id, "since": since, "next_at": since + _ALL[0]}]
    upsert(connection, nudge, rows, ["since", "next_at"])


def end(connection: Connection, market_id: int) -> None:
    connection.execute(delete(nudge).where(nudge.c.market_id == market_id))


def find(connection: Connection, market_id: int) -> Nudge | None:
    """It is locked, so that whoever reminds does it once."""
    wanted = select(nudge.c.since, nudge.c.next_at).where(nudge.c.market_id == market_id).with_for_update()
    row = connection.execute(wanted).one_or_none()
    return Nudge(*row) if row else None


def go_on(connection: Connection, market_id: int, waited: Nudge, now: datetime) -> timedelta:
    """Puts the next reminder where it belongs; after how long the one is that is due now. Those missed share one."""
    later = [waited.since + span for span in _ALL if waited.since + span > now]
    if later:
        upsert(
            connection,
            nudge,
            [{"market_id": market_id, "since": waited.since, "next_at": later[0]}],
            ["since", "next_at"],
        )
    else:
        end(connection, market_id)
    return max(span for span in _ALL if waited.since + span <= now)
