"""Accounts and units are opened once, by name, and found by it."""

from enum import StrEnum

from sqlalchemy import Connection, insert, select

from core.ledger import tables

# The issuer of credit and its unit: the first migration makes both, under these ids.
TREASURY = 1
CREDIT = 1


class Wallet(StrEnum):
    """Which of a person's accounts: the one that pays everywhere, or the earmarked one, which pays for long horizons only."""

    PLAIN = "plain"
    EARMARKED = "earmarked"

    @property
    def suffix(self) -> str:
        """What tells keys about this wallet from those about the plain one."""
        return "" if self == Wallet.PLAIN else f":{self.value}"

    @property
    def facts(self) -> dict[str, str]:
        """What facts about this wallet say of it; those about the plain one are as they were before there were two."""
        return {} if self == Wallet.PLAIN else {"wallet": self.value}


def open_account(connection: Connection, name: str) -> int:
    """The id of the account of this name, opened now if it is new."""
    if (found := find_account(connection, name)) is not None:
        return found
    new = insert(tables.account).values(name=name).returning(tables.account.c.id)
    made: int = connection.execute(new).scalar_one()
    return made


def find_account(connection: Connection, name: str) -> int | None:
    return connection.execute(
        select(tables.account.c.id).where(tables.account.c.name == name)
    ).scalar_one_or_none()


def open_unit(connection: Connection, name: str, issuer: int) -> int:
    """The id of a new unit that only ``issuer`` may owe."""
    made: int = connection.execute(
        insert(tables.unit).values(name=name, issuer_id=issuer).returning(tables.unit.c.id)
    ).scalar_one()
    return made
