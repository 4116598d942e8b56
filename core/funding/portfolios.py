"""Portfolios: credit that backs markets, within budgets, by those who are named. Each has a pool of its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from core.database import row_ids
from core.errors import Invalid, Unknown
from core.funding.tables import portfolio, spender
from core.ledger import accounts
from core.rows import Among, Prepared, gather

MAIN = 1  # The first one: whatever names no portfolio is backed by it.
POOL = "pool:main"  # Its account, which was there before portfolios were.
_PORTFOLIOS = Prepared(select(portfolio).where(Among(portfolio.c.id, "ids")).order_by(portfolio.c.id))
_SPENDERS = Prepared(
    select(spender).where(Among(spender.c.portfolio_id, "ids")).order_by(spender.c.person_id)
)
_IDS = Prepared(select(portfolio.c.id).order_by(portfolio.c.id))


@dataclass(frozen=True)
class Portfolio:
    """``pool`` is its account; budgets are micro-credits, None for no limit; spenders are ids of persons."""

    id: int
    name: str
    pool: int
    reserve_budget: int | None
    spend_budget: int | None
    period_days: int
    since: datetime
    address: str | None
    auto_most: int | None
    paused_reason: str | None
    spenders: tuple[int, ...]

    @property
    def is_paused(self) -> bool:
        return self.paused_reason is not None

    def period(self, now: datetime) -> tuple[datetime, datetime]:
        """When the period began that a moment lies in, and when it ends."""
        length = timedelta(days=self.period_days)
        begun = self.since + (now - self.since) // length * length
        return begun, begun + length


def name_of(portfolio_id: int) -> str:
    """What it is called where its own name might change."""
    return f"P-{portfolio_id}"


def create(
    connection: Connection, name: str, spenders: Collection[int], key: str | None, **terms: Any
) -> Portfolio:
    """A new portfolio with an empty pool. Raises Invalid for a name that another one has."""
    require_new_name(connection, name)
    values = {"key": key, "name": name, "folded": name.casefold(), **terms}
    made: int = connection.execute(insert(portfolio).values(values).returning(portfolio.c.id)).scalar_one()
    change(connection, made, account_id=accounts.open_account(connection, f"pool:{name_of(made)}"))
    name_spenders(connection, made, spenders)
    return get(connection, made)


def get(connection: Connection, portfolio_id: int) -> Portfolio:
    """Raises Unknown if there is no such portfolio."""
    found = get_all(connection, [portfolio_id])
    if not found:
        raise Unknown("portfolio", name_of(portfolio_id))
    return found[portfolio_id]


def get_all(connection: Connection, ids: Iterable[int]) -> dict[int, Portfolio]:
    wanted = {"ids": row_ids(ids)}
    rows, named = gather(connection, (_PORTFOLIOS, wanted), (_SPENDERS, wanted))
    spenders = [(row.portfolio_id, row.person_id) for row in _SPENDERS.read(named)]
    return {
        row.id: _portfolio_of(row, tuple(person for of, person in spenders if of == row.id))
        for row in _PORTFOLIOS.read(rows)
    }


def ids(connection: Connection) -> list[int]:
    """Of all there are, the oldest first."""
    return [portfolio_id for (portfolio_id,) in _IDS.rows(connection)]


def find(connection: Connection, key: str) -> Portfolio | None:
    """The portfolio that was opened under this key."""
    wanted = select(portfolio.c.id).where(portfolio.c.key == key)
    found = connection.execute(wanted).scalar_one_or_none()
    return None if found is None else get(connection, found)


def of_pool(connection: Connection, account: int) -> Portfolio:
    """The portfolio whose pool this is."""
    wanted = select(portfolio.c.id).where(portfolio.c.account_id == account)
    return get(connection, connection.execute(wanted).scalar_one())


def change(connection: Connection, portfolio_id: int, **values: object) -> None:
    connection.execute(update(portfolio).where(portfolio.c.id == portfolio_id).values(**values))


def look(connection: Connection, portfolio_id: int, now: datetime, every: timedelta) -> bool:
    """Whether the policy looks at it now: false where somebody did so less than that ago, or it may not by itself."""
    is_due = or_(portfolio.c.looked_at.is_(None), portfolio.c.looked_at <= now - every)
    by_itself = portfolio.c.auto_most.is_not(None) & portfolio.c.paused_reason.is_(None)
    this = (portfolio.c.id == portfolio_id) & by_itself & is_due
    claimed = update(portfolio).where(this).values(looked_at=now).returning(portfolio.c.id)
    return connection.execute(claimed).first() is not None


def rename(connection: Connection, portfolio_id: int, name: str) -> None:
    """Raises Invalid for a name that another one has."""
    require_new_name(connection, name, but=portfolio_id)
    change(connection, portfolio_id, name=name, folded=name.casefold())


def require_new_name(connection: Connection, name: str, but: int | None = None) -> None:
    """Raises Invalid for a name that another portfolio has, whatever its case."""
    wanted = select(portfolio.c.id).where(portfolio.c.folded == name.casefold(), portfolio.c.id != (but or 0))
    if connection.execute(wanted).first():
        raise Invalid("name", "taken", name)


def name_spenders(connection: Connection, portfolio_id: int, people: Collection[int]) -> None:
    """These may spend it, and nobody else any more."""
    connection.execute(delete(spender).where(spender.c.portfolio_id == portfolio_id))
    if people:
        rows = [{"portfolio_id": portfolio_id, "person_id": each} for each in sorted(set(people))]
        connection.execute(insert(spender), rows)


def _portfolio_of(row: Any, spenders: tuple[int, ...]) -> Portfolio:
    kept = {name: getattr(row, name) for name in Portfolio.__dataclass_fields__ if hasattr(row, name)}
    return Portfolio(**kept, pool=row.account_id, spenders=spenders)
