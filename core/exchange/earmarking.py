"""Earmarking: credit that counts in markets with a long horizon only, in a second wallet of the same person (DESIGN 4).

Whoever puts credit into a market that is settled in a year cannot use it meanwhile, so that its price may lie off what
anybody believes (THEORY 9). Credit that can be used for nothing else has no such cost. It earns no interest: pairs of
people who hold both sides would farm it.
"""

from datetime import datetime

from sqlalchemy import Connection

from core.markets import horizons
from core.people import acts, persons


def horizon(connection: Connection) -> int:
    """How many days after its opening a market is settled, at the least, in which earmarked credit pays."""
    return horizons.days(connection)


def set_horizon(connection: Connection, by: str, days: int, reason: str, now: datetime) -> None:
    """Changes it for markets that open from now on; those that stand stay as they are. Raises NotAllowed, Invalid."""
    admin = persons.require_admin(connection, by, "horizon")
    before = horizons.days(connection)
    horizons.keep(connection, days)
    acts.write(connection, admin, "horizon", "horizon", reason, now, {"before": before, "after": days})
