"""Holders in slices, in the order of their ids."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from core.database import writing
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, Posting
from core.ledger.holders import SLICE, holders


def give(connection: Connection, count: int) -> list[int]:
    """That many new accounts with one micro-credit each."""
    treasury, credit = accounts.TREASURY, accounts.CREDIT
    made = [accounts.open_account(connection, f"holder-{number}") for number in range(count)]
    book = Book.load(connection, [treasury, *made], [credit])
    moves = tuple(Posting(treasury, each, 1, credit) for each in made)
    book.post(Entry("give", "give", datetime(2026, 1, 1, tzinfo=UTC), moves))
    book.save(connection)
    return made


def test_slices_cover_every_holder_once(engine: Engine):
    with writing(engine) as connection:
        made = give(connection, SLICE + 5)
        treasury, credit = accounts.TREASURY, accounts.CREDIT
        first = holders(connection, [credit], 0, but=[treasury])
        rest = holders(connection, [credit], first[-1], but=[treasury])

        assert first + rest == made
        assert len(first) == SLICE
        assert holders(connection, [credit], rest[-1], but=[treasury]) == []


def test_who_owes_is_a_holder_and_who_has_nothing_left_is_not(engine: Engine):
    with writing(engine) as connection:
        ann, bob = give(connection, 2)
        treasury, credit = accounts.TREASURY, accounts.CREDIT
        book = Book.load(connection, [ann, bob], [credit])
        book.post(Entry("pass", "p", datetime(2026, 1, 1, tzinfo=UTC), (Posting(ann, bob, 1, credit),)))
        book.save(connection)

        assert holders(connection, [credit], 0) == [treasury, bob]
