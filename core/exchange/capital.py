"""What those who trade could move prices with. One SELECT across the rooms that know of it."""

from sqlalchemy import Connection, bindparam, func, select

from core.ledger import accounts
from core.ledger.tables import balance
from core.markets.tables import trader
from core.people.tables import person
from core.rows import Prepared


def active(connection: Connection) -> int:
    """The plain credit of all who ever traded and did not leave; while nobody has, of everybody. Micro-credits."""
    ((traded, everybody),) = _CAPITAL.rows(connection, credit=accounts.CREDIT)
    return int(traded or everybody or 0)


_HAS_TRADED = person.c.id.in_(select(trader.c.person_id))
_CAPITAL = Prepared(
    select(func.sum(balance.c.amount).filter(_HAS_TRADED), func.sum(balance.c.amount))
    .select_from(person)
    .join(balance, balance.c.account_id == person.c.wallet_id)
    .where(balance.c.unit_id == bindparam("credit"), person.c.left_at.is_(None))
)
