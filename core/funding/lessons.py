"""What settled markets taught of the cost of information and of attention: each lesson is kept, the newest counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from core.funding.tables import learned
from core.rows import Prepared
from core.units import MICRO

EACH = 30  # Markets that are settled between one lesson and the next.


@dataclass(frozen=True)
class Learned:
    """Micro-credits: ``beta`` for a nat, ``attention`` for a look at a market; after so many settled markets."""

    settled: int
    beta: int
    attention: int


FIRST = Learned(0, 30 * MICRO, 5 * MICRO)  # THEORY 8, until thirty markets are settled.


def newest(connection: Connection) -> Learned:
    found = _NEWEST.rows(connection)
    return Learned(*found[0]) if found else FIRST


def keep(connection: Connection, of: Learned, was: Learned, now: datetime) -> bool:
    """False if a lesson of so many settled markets was kept before: whoever comes second finds it done."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"at": now, "settled": of.settled, "beta": of.beta, "attention": of.attention}
    before = {"was_beta": was.beta, "was_attention": was.attention}
    row = insert(learned).values(values | before).on_conflict_do_nothing(index_elements=["settled"])
    return connection.execute(row.returning(learned.c.id)).first() is not None


_NEWEST = Prepared(
    select(learned.c.settled, learned.c.beta, learned.c.attention).order_by(learned.c.settled.desc()).limit(1)
)
