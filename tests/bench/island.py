"""Rows that the use cases wrote, copied in sets under other ids, at other times, for other people."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import JSON, Connection, Engine, Table, bindparam, func, select, text, update

from core.database import Moment, moment, reading, writing
from core.funding.tables import backing, spent
from core.ledger import chain
from core.ledger.entries import Entry, Posting, changes
from core.ledger.tables import account, balance, entry, posting, unit, writer
from core.markets.tables import gain, market, market_hour, metric, outcome, trade, trader, tranche
from core.markets.tables import reading as filed
from core.people.tables import person

Row = tuple[Any, ...]

HOUR_MILLISECONDS = 3_600_000
NUMBERED = (account, unit, metric, market, entry, backing)
LIVED = (*NUMBERED, outcome, tranche, filed, posting, trade, market_hour, trader, gain, spent)
_ACCOUNTS = ("issuer_id", "maker_id", "settled_to", "source_id", "destination_id", "account_id")
# What stands in a column and has to be shifted; an id is that of its own table, a moment is known by its type.
KINDS = dict.fromkeys(_ACCOUNTS, "account") | {
    "unit_id": "unit",
    "metric_id": "metric",
    "market_id": "market",
    "entry_id": "entry",
    "person_id": "person",
    "by": "person",
    "name": "name",
    "key": "name",
    "hour": "hour",
    "asked": "asked",
}
_MARKET = re.compile(r"(?<=M-)\d+")
_WALLET = re.compile(r"(?<=^settle:)(.*:)(\d+)$")


@dataclass(frozen=True)
class Shore:
    """Where the island begins: the highest id of each table before it, and the first trader with their wallet."""

    highest: Mapping[str, int]
    first_person: int
    first_wallet: int

    @classmethod
    def of(cls, engine: Engine, first: str) -> "Shore":
        """To be asked for once all the people have joined, the first trader before all others."""
        with reading(engine) as connection:
            highest = {
                table.name: connection.execute(select(func.max(table.c.id))).scalar_one() or 0
                for table in NUMBERED
            }
            wanted = select(person.c.id, person.c.wallet_id).where(person.c.identity == first)
            return cls(highest, *connection.execute(wanted).one())


class Island:
    """What has been written since the shore; ``people`` is how many can have traded there."""

    def __init__(self, engine: Engine, shore: Shore, people: int) -> None:
        self._engine, self._shore, self._people = engine, shore, people
        with reading(engine) as connection:
            self._rows = {table: _since(connection, table, shore) for table in LIVED}
            self._rows[balance] = _balances(connection, shore)
            self._sizes = {
                table.name: connection.execute(select(func.max(table.c.id))).scalar_one()
                - shore.highest[table.name]
                for table in NUMBERED
            }
            self._writer, self._entries, self._last = connection.execute(
                select(writer.c.id, writer.c.entries, writer.c.hash).order_by(writer.c.id.desc()).limit(1)
            ).one()
        self._moved = Counter[tuple[int, int]]()  # Of balances that are older than the island.

    def copy(self, number: int, group: int) -> None:
        """Writes the copy of this number, as many hours later, traded by another group of people."""
        shifts = _shifts(self._shore, self._sizes, number, group * self._people)
        copied = {table: _shifted(table, rows, shifts) for table, rows in self._rows.items()}
        copied[entry] = self._chained(copied[entry], copied[posting])
        with writing(self._engine) as connection:
            for table, rows in copied.items():
                _insert(connection, table, rows)
        highest = self._shore.highest
        for _, _, source, destination, amount, unit_id in copied[posting]:
            if unit_id <= highest["unit"]:
                moved = changes([Posting(source, destination, amount, unit_id)])
                self._moved.update({each: n for each, n in moved.items() if each[0] <= highest["account"]})

    def finish(self) -> None:
        """Brings balances, what people realised, the end of the chain and the next ids to where the copies left them."""
        held = balance.c
        this = (held.account_id == bindparam("account")) & (held.unit_id == bindparam("unit"))
        moved = [{"account": a, "unit": u, "by": n} for (a, u), n in self._moved.items()]
        end = {"entries": self._entries, "hash": self._last}
        with writing(self._engine) as connection:
            if moved:
                added = update(balance).where(this).values(amount=held.amount + bindparam("by"))
                connection.execute(added, moved)
            connection.execute(update(writer).where(writer.c.id == self._writer).values(end))
            theirs = gain.c.person_id == person.c.id
            brought = select(func.coalesce(func.sum(gain.c.credits), 0)).where(theirs).scalar_subquery()
            markets = select(func.count()).where(theirs).scalar_subquery()
            connection.execute(update(person).values(realised=brought, settled=markets))
            if connection.dialect.name == "postgresql":
                for table in NUMBERED:
                    name = f"{table.name}_id_seq"
                    connection.execute(text(f"SELECT setval('{name}', (SELECT max(id) FROM {table.name}))"))

    def _chained(self, entries: Sequence[Row], postings: Sequence[Row]) -> list[Row]:
        """The entries with their own links of the chain."""
        made = {
            entry_id: tuple(Posting(*row[2:]) for row in group)
            for entry_id, group in groupby(postings, key=lambda row: row[0])
        }
        names = [column.name for column in entry.c]
        linked = []
        for row in entries:
            said = dict(zip(names, row, strict=True))
            whole = Entry(
                said["kind"], said["key"], moment(said["at"]), made[said["id"]], said["by"], said["reason"]
            )
            self._last = chain.link(self._last, said["id"], whole)
            self._entries += 1
            linked.append(tuple((said | {"hash": self._last}).values()))
        return linked


def _since(connection: Connection, table: Table, shore: Shore) -> list[Row]:
    key = next(iter(table.primary_key))
    highest = shore.highest[_kind(table, key)]
    return _read(connection, table, f"{key.name} > {highest}")


def _balances(connection: Connection, shore: Shore) -> list[Row]:
    new = f"account_id > {shore.highest['account']} OR unit_id > {shore.highest['unit']}"
    return _read(connection, balance, new)


def _read(connection: Connection, table: Table, where: str) -> list[Row]:
    """Rows as the driver has them, but JSON as text."""
    order = ", ".join(column.name for column in table.primary_key)
    wanted = f"SELECT {_columns(table)} FROM {table.name} WHERE {where} ORDER BY {order}"
    texts = {n for n, column in enumerate(table.c) if isinstance(column.type, JSON)}
    return [
        tuple(
            _text(value) if n in texts and not isinstance(value, str) else value
            for n, value in enumerate(row)
        )
        for row in connection.exec_driver_sql(wanted)
    ]


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _shifts(
    shore: Shore, sizes: Mapping[str, int], number: int, people: int
) -> dict[str, Callable[[Any], Any]]:
    """What becomes of a value, by its kind."""

    def numbered(name: str) -> Callable[[int], int]:
        highest, by = shore.highest[name], number * sizes[name]
        return lambda each: each + by if each > highest else each

    def person_id(each: int) -> int:
        return each + people if each >= shore.first_person else each

    def account_id(each: int) -> int:
        return (
            new_account(each)
            if each > shore.highest["account"] or each < shore.first_wallet
            else each + people
        )

    def name(each: str) -> str:
        named = _MARKET.sub(lambda found: str(market_id(int(found[0]))), each)
        return _WALLET.sub(lambda found: f"{found[1]}{account_id(int(found[2]))}", named)

    def asked(each: str) -> str:
        by, market_asked, *rest = orjson.loads(each)
        stem, _, trader_number = by.rpartition("-")
        return _text([f"{stem}-{int(trader_number) + people:06}", market_id(market_asked), *rest])

    market_id, new_account = numbered("market"), numbered("account")
    return {each.name: numbered(each.name) for each in NUMBERED} | {
        "account": account_id,
        "person": person_id,
        "name": name,
        "asked": asked,
        "at": lambda each: each + number * HOUR_MILLISECONDS,
        "hour": lambda each: each + number,
    }


def _shifted(table: Table, rows: Sequence[Row], shifts: Mapping[str, Callable[[Any], Any]]) -> list[Row]:
    kinds = [_kind(table, column) for column in table.c]
    changes_by = [(n, shifts[kind]) for n, kind in enumerate(kinds) if kind]
    found = []
    for row in rows:
        values = list(row)
        for n, shift in changes_by:
            if values[n] is not None:
                values[n] = shift(values[n])
        found.append(tuple(values))
    return found


def _kind(table: Table, column: Any) -> str:
    """Empty for what is the same in every copy."""
    if isinstance(column.type, Moment):
        return "at"
    if column.name == "id":
        return table.name
    if column.name == "name" and table not in (account, unit):
        return ""  # What people call it, not what it is found by.
    return KINDS.get(column.name, "")


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table.name} ({_columns(table)}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
    else:
        values = ", ".join("?" for _ in table.c)
        driver.executemany(f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({values})", rows)


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)
