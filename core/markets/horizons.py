"""The horizon: from how many days between its opening and its settlement on a market counts as long."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from core.errors import Invalid
from core.markets.tables import horizon

USUAL_DAYS, MOST_DAYS = 90, 3650
THE_HORIZON = 1


def days(connection: Connection) -> int:
    """The horizon in force."""
    kept = _find(connection)
    return USUAL_DAYS if kept is None else kept


def keep(connection: Connection, days: int) -> None:
    """Puts it in force for markets that open from now on. Raises Invalid."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("days", "horizon", str(MOST_DAYS))
    if _find(connection) is None:
        connection.execute(insert(horizon).values(id=THE_HORIZON, days=days))
    else:
        connection.execute(update(horizon).values(days=days))


def is_long(connection: Connection, opens_at: datetime, settles_at: datetime) -> bool:
    """Whether a market that opens now and is settled then counts as long."""
    return settles_at - opens_at >= timedelta(days=days(connection))


def _find(connection: Connection) -> int | None:
    wanted = select(horizon.c.days).where(horizon.c.id == THE_HORIZON)
    found: int | None = connection.execute(wanted).scalar_one_or_none()
    return found
