"""Entries as the program writes them, and changes as nobody may make them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import IntegrityError

from core.database import reading, writing
from core.ledger import accounts
from core.ledger.book import Book, Entry, Posting
from core.ledger.tables import entry, posting

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUSED = "the journal is never changed"


def grant(connection: Connection, key: str) -> None:
    """An entry as the program writes them."""
    treasury, credit = accounts.TREASURY, accounts.CREDIT
    ann = accounts.open_account(connection, "person:ann")
    book = Book.load(connection, [treasury, ann], [credit])
    moves = (Posting(treasury, ann, 5, credit), Posting(treasury, ann, 6, credit))
    book.post(Entry("grant", key, NOW, moves))
    book.save(connection)


def journal(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        found = [select(table).order_by(*table.primary_key) for table in (entry, posting)]
        return [connection.execute(each).mappings().all() for each in found]


def refuse(engine: Engine, *statements: str) -> None:
    """The last of the statements is refused in so many words."""
    *before, last = map(text, statements)
    with writing(engine) as connection:
        for statement in before:
            connection.execute(statement)
        with pytest.raises(IntegrityError, match=REFUSED):
            connection.execute(last)
        connection.rollback()
