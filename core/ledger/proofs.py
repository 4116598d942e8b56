"""What the journal proves of itself. Each proof yields a sentence for every thing that is wrong."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from core.ledger import chain
from core.ledger.tables import account, balance, entry, posting, unit


def entries_are_as_written(connection: Connection) -> Iterator[str]:
    """The chain of hashes holds: no entry was changed, and none is gone."""
    return chain.breaks(connection, _differences(connection))


def names_exist(connection: Connection) -> Iterator[str]:
    """Every posting names an entry, accounts and a unit that are there; the database itself does not check it."""
    made = posting.c
    for column, named in (
        (made.entry_id, entry),
        (made.source_id, account),
        (made.destination_id, account),
        (made.unit_id, unit),
    ):
        # By a join: where the names are many, PostgreSQL goes through all of them for each posting of NOT IN.
        nameless = posting.outerjoin(named, named.c.id == column)
        missing = select(column).distinct().select_from(nameless).where(named.c.id.is_(None))
        for name in connection.execute(missing).scalars():
            yield f"postings name {named.name} {name}, which is not there"


def units_sum_to_zero(connection: Connection) -> Iterator[str]:
    held = balance.c
    sums = select(held.unit_id, func.sum(held.amount).label("total")).group_by(held.unit_id)
    names = _names(connection)
    for row in connection.execute(sums.having(func.sum(held.amount) != 0)):
        yield f"unit {names.unit(row.unit_id)} sums to {row.total}"


def only_issuers_owe(connection: Connection) -> Iterator[str]:
    """No account is below zero but a unit's issuer, and that only in its own unit."""
    owing = (
        select(balance)
        .join(unit, unit.c.id == balance.c.unit_id)
        .where(balance.c.amount < 0, balance.c.account_id != unit.c.issuer_id)
    )
    names = _names(connection)
    for row in connection.execute(owing):
        yield f"{names.account(row.account_id)} is at {row.amount} {names.unit(row.unit_id)}"


def balances_equal_journal(connection: Connection) -> Iterator[str]:
    """Each balance is the sum of its postings."""
    names = _names(connection)
    for (account_id, unit_id), (kept, proven) in sorted(_differences(connection).items()):
        held = f"{names.account(account_id)} has {kept} {names.unit(unit_id)}"
        yield f"{held}, its postings make {proven}"


def _differences(connection: Connection) -> dict[tuple[int, int], tuple[int, int]]:
    """Where a balance is not what its postings make: by account and unit, what is kept and what is proven."""
    proven: Counter[tuple[int, int]] = Counter()
    for end, sign in ((posting.c.destination_id, 1), (posting.c.source_id, -1)):
        sums = select(end, posting.c.unit_id, func.sum(posting.c.amount)).group_by(end, posting.c.unit_id)
        for account_id, unit_id, total in connection.execute(sums):
            proven[account_id, unit_id] += sign * int(total)
    kept = Counter({(r.account_id, r.unit_id): r.amount for r in connection.execute(select(balance))})
    places = set(proven) | set(kept)
    return {each: (kept[each], proven[each]) for each in places if kept[each] != proven[each]}


class _Names:
    """Names of accounts and units by their ids."""

    def __init__(self, accounts: dict[int, str], units: dict[int, str]) -> None:
        self._accounts, self._units = accounts, units

    def account(self, account_id: int) -> str:
        return self._accounts.get(account_id, f"account {account_id}")

    def unit(self, unit_id: int) -> str:
        return self._units.get(unit_id, f"unit {unit_id}")


def _names(connection: Connection) -> _Names:
    accounts = connection.execute(select(account.c.id, account.c.name))
    units = connection.execute(select(unit.c.id, unit.c.name))
    return _Names({row.id: row.name for row in accounts}, {row.id: row.name for row in units})
