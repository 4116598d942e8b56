"""What those who trade could move prices with. SELECTs across the rooms that know of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from core.database import milliseconds
from core.ledger import accounts
from core.ledger.tables import balance
from core.markets.tables import trader
from core.people.tables import earmark, person
from core.rows import Prepared, gather


@dataclass(frozen=True)
class Capital:
    """Micro-credits: what counts everywhere, and with what counts for long horizons only."""

    plain: int
    long: int


LATELY = timedelta(days=90)


def active(connection: Connection, now: datetime) -> Capital:
    """The free credit of all who traded lately, or were told lately that prices moved against what they hold, and did not leave.

    While nobody ever was there, everybody's.
    """
    given = {"credit": accounts.CREDIT, "since": milliseconds(now - LATELY)}
    ((traded, everybody),), ((more, all_more),) = gather(connection, (_PLAIN, given), (_EARMARKED, given))
    is_anybody = traded is not None
    plain = int((traded if is_anybody else everybody) or 0)
    return Capital(plain, plain + int((more if is_anybody else all_more) or 0))


def _sums(wallets: Any, account: ColumnElement[int]) -> Prepared:
    """Of those who traded lately, and of everybody."""
    since = bindparam("since", type_=trader.c.seen_at.type)
    has_traded = person.c.id.in_(select(trader.c.person_id).where(trader.c.seen_at >= since))
    found = (
        select(func.sum(balance.c.amount).filter(has_traded), func.sum(balance.c.amount))
        .select_from(wallets)
        .join(balance, balance.c.account_id == account)
        .where(balance.c.unit_id == bindparam("credit"), person.c.left_at.is_(None))
    )
    return Prepared(found)


_PLAIN = _sums(person, person.c.wallet_id)
_EARMARKED = _sums(person.join(earmark, earmark.c.person_id == person.c.id), earmark.c.account_id)
