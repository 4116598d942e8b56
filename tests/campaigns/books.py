"""What the campaigns read of a database from outside of the use cases: the only place that names tables."""

from collections.abc import Collection

from campaigns.answers import said_of_fill
from campaigns.campaign import insist
from sqlalchemy import Engine, func, select

from core.database import reading
from core.exchange.audit import audit
from core.ledger.tables import account, balance, entry, unit
from core.markets.tables import reading as filed
from core.markets.tables import trade

ORDER = "order:"  # So the keys of entries begin that orders made.


def prove(engine: Engine) -> None:
    """Every proof of the audit holds."""
    with reading(engine) as connection:
        failing = [f"{proof.claim}: {proof.faults[:3]}" for proof in audit(connection) if not proof.holds]
    insist(not failing, f"the books are wrong: {failing}")


def fills(engine: Engine, keys: Collection[str] | None = None) -> dict[str, str]:
    """What is kept of every executed order, or of these, as it would be answered, by its key."""
    wanted = select(entry.c.key, trade.c.told).join(entry, entry.c.id == trade.c.entry_id)
    with reading(engine) as connection:
        found = connection.execute(wanted if keys is None else wanted.where(entry.c.key.in_(_entries(keys))))
        return {row.key.removeprefix(ORDER): said_of_fill(row.told) for row in found}


def executed(engine: Engine, keys: Collection[str]) -> int:
    """How many of the keys have been executed."""
    with reading(engine) as connection:
        return len(connection.execute(select(entry.c.id).where(entry.c.key.in_(_entries(keys)))).all())


def entry_ids(engine: Engine) -> dict[str, int]:
    """The journal entry of every executed order, by its key."""
    with reading(engine) as connection:
        made = connection.execute(select(entry.c.key, entry.c.id).where(entry.c.key.startswith(ORDER)))
        return {row.key.removeprefix(ORDER): row.id for row in made}


def _entries(keys: Collection[str]) -> list[str]:
    return [f"{ORDER}{key}" for key in keys]


def metrics_read(engine: Engine) -> set[int]:
    """Metrics that have a reading."""
    with reading(engine) as connection:
        return set(connection.execute(select(filed.c.metric_id)).scalars())


def granted(engine: Engine, prefix: str) -> set[str]:
    """The keys, among those that begin so, of the grants that were made."""
    wanted = select(entry.c.key).where(entry.c.kind == "grant", entry.c.key.startswith(f"grant:{prefix}-"))
    with reading(engine) as connection:
        return {key.removeprefix("grant:") for key in connection.execute(wanted).scalars()}


def kinds(engine: Engine) -> dict[str, int]:
    """How many entries of each kind the journal holds."""
    counted = select(entry.c.kind, func.count()).group_by(entry.c.kind).order_by(entry.c.kind)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def balances(engine: Engine) -> dict[tuple[str, str], int]:
    """Every balance that is not zero, by the names of account and unit, which do not depend on ids."""
    held = (
        select(account.c.name, unit.c.name, balance.c.amount)
        .join(account, account.c.id == balance.c.account_id)
        .join(unit, unit.c.id == balance.c.unit_id)
        .where(balance.c.amount != 0)
    )
    with reading(engine) as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(held)}


def check_file(engine: Engine) -> None:
    """SQLite finds no damage in its own file."""
    with reading(engine) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    insist(found == ["ok"], f"the file is damaged: {found[:3]}")
