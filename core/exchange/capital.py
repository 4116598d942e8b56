"""What those who trade could move prices with. One SELECT across the rooms that know of it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from core.database import milliseconds
from core.ledger import accounts
from core.ledger.tables import balance
from core.markets.tables import trader
from core.people.tables import person
from core.rows import Prepared

LATELY = timedelta(days=90)


def active(connection: Connection, now: datetime) -> int:
    """The plain credit of all who traded lately and did not leave; while nobody has, of everybody. Micro-credits."""
    ((traded, everybody),) = _CAPITAL.rows(
        connection, credit=accounts.CREDIT, since=milliseconds(now - LATELY)
    )
    return int(traded or everybody or 0)


_LATELY = select(trader.c.person_id).where(
    trader.c.seen_at >= bindparam("since", type_=trader.c.seen_at.type)
)
_CAPITAL = Prepared(
    select(func.sum(balance.c.amount).filter(person.c.id.in_(_LATELY)), func.sum(balance.c.amount))
    .select_from(person)
    .join(balance, balance.c.account_id == person.c.wallet_id)
    .where(balance.c.unit_id == bindparam("credit"), person.c.left_at.is_(None))
)
