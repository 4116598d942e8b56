"""What the journal proves of itself. Each proof yields a sentence for every thing that is wrong."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from core.ledger.book import Entry, Posting
from core.ledger.tables import account, balance, entry, posting, unit


def entries_are_as_written(connection: Connection) -> Iterator[str]:
    """Each entry's digest is the digest of what stands in the journal now."""
    moved: dict[int, list[tuple[int, Posting]]] = {}
    for row in connection.execute(select(posting).order_by(posting.c.id)):
        each = Posting(row.source_id, row.destination_id, row.amount, row.unit_id)
        moved.setdefault(row.entry_id, []).append((row.id, each))
    for row in connection.execute(select(entry).order_by(entry.c.id)):
        of_entry = moved.pop(row.id, [])
        found = Entry(row.kind, row.key, row.at, tuple(p for _, p in of_entry), row.by, row.reason)
        if found.digest != row.digest:
            ids = ", ".join(str(posting_id) for posting_id, _ in of_entry) or "none"
            yield f"entry {row.id} ({row.key}) is not as written; its postings: {ids}"
    for entry_id, postings in moved.items():
        yield f"posting {postings[0][0]} belongs to no entry ({entry_id})"


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
    """Each balance is the sum of its postings; where it is not, the postings that could be at fault are named."""
    proven: Counter[tuple[int, int]] = Counter()
    for end, sign in ((posting.c.destination_id, 1), (posting.c.source_id, -1)):
        sums = select(end, posting.c.unit_id, func.sum(posting.c.amount)).group_by(end, posting.c.unit_id)
        for account_id, unit_id, total in connection.execute(sums):
            proven[account_id, unit_id] += sign * int(total)
    kept = {(row.account_id, row.unit_id): row.amount for row in connection.execute(select(balance))}
    names = _names(connection)
    for place in sorted(set(proven) | set(kept)):
        if proven[place] != kept.get(place, 0):
            yield (
                f"{names.account(place[0])} has {kept.get(place, 0)} {names.unit(place[1])}, "
                f"its postings make {proven[place]}"
            )


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
