"""What the journal proves of itself. Each proof yields a sentence for every thing that is wrong."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection, func, select

from core.ledger.book import Entry, Posting
from core.ledger.tables import account, balance, entry, posting, unit


def entries_are_as_written(connection: Connection) -> Iterator[str]:
    """Each entry's digest is the digest of what stands in the journal now."""
    wrong = set(_differences(connection))
    moved: dict[int, dict[int, Posting]] = {}
    for row in connection.execute(select(posting).order_by(posting.c.id)):
        each = Posting(row.source_id, row.destination_id, row.amount, row.unit_id)
        moved.setdefault(row.entry_id, {})[row.id] = each
    for row in connection.execute(select(entry).order_by(entry.c.id)):
        made = moved.pop(row.id, {})
        found = Entry(row.kind, row.key, row.at, tuple(made.values()), row.by, row.reason)
        if found.digest != row.digest:
            yield f"entry {row.id} ({row.key}) is not as written: {_suspects(made, wrong)}"
    for entry_id, made in moved.items():
        yield f"entry {entry_id} is gone: {_suspects(made, wrong)}"


def _suspects(made: Mapping[int, Posting], wrong: Collection[tuple[int, int]]) -> str:
    """The entry's postings at whose ends a balance is wrong; all of them where that tells nothing."""
    touching = [
        number for number, p in made.items() if {(p.source, p.unit), (p.destination, p.unit)} & set(wrong)
    ]
    return ", ".join(f"posting {number}" for number in touching or made) or "it has no postings"


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
