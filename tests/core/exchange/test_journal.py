"""The journal under its names: complete, in order, and read piece by piece."""

import tracemalloc
from datetime import UTC, datetime

import pytest
from exchange_driver import ADMIN, START, Exchange
from sqlalchemy import Engine, select, text

from core.database import reading, writing
from core.exchange import journal
from core.exchange.journal import Balance, Posting, Unit
from core.exchange.trading import Act
from core.ledger import accounts
from core.ledger import book as ledger
from core.ledger.tables import entry
from core.units import MICRO

CREDIT = Unit("credit", "treasury")


def test_an_entry_is_told_in_names_with_all_that_it_says(exchange: Exchange):
    exchange.grant("ann", 100)
    writer, link = exchange.fetch(select(entry.c.writer_id, entry.c.hash))[0]
    with reading(exchange.engine) as connection:
        (told,) = journal.read(connection).entries

    moved = Posting("treasury", "person:ann", 100 * MICRO, CREDIT)
    said = (1, "grant:key-1", "grant", START, ADMIN, "for the test")
    assert told == journal.Entry(*said, writer, link, (moved,))


def test_entries_and_their_postings_come_in_the_order_in_which_they_were_made(exchange: Exchange):
    """What time did, and not a person, is by nobody."""
    exchange.grant("pool", 1000)
    exchange.grant("ann", 100)
    market_id = exchange.open().market_ids[0]
    exchange.trade("ann", market_id, 0, Act.SPEND, 30 * MICRO)
    exchange.settle_by_reading(60 * MICRO)
    with reading(exchange.engine) as connection:
        told = list(journal.read(connection).entries)

    assert [each.id for each in told] == list(range(1, len(told) + 1))
    assert [each.kind for each in told[:4]] == ["grant", "grant", "fund", "trade"]
    first, *_, last = told[3].postings
    assert first == Posting("person:ann", "escrow:D-1", 30 * MICRO, CREDIT)
    assert (last.source, last.destination) == ("maker:M-1", "person:ann")
    assert last.unit == Unit("share:M-1:LONG", "maker:M-1")
    assert {each.by for each in told if each.kind in ("death", "settle")} == {None}


def test_balances_and_units_are_told_in_names(exchange: Exchange):
    exchange.grant("ann", 100)
    with reading(exchange.engine) as connection:
        told = journal.read(connection)

        assert told.accounts == ("treasury", "pool:main", "person:root", "person:ann")
        assert told.units == (CREDIT,)
        assert list(told.balances) == [
            Balance("treasury", CREDIT, -100 * MICRO),
            Balance("person:ann", CREDIT, 100 * MICRO),
        ]


def test_a_long_journal_is_never_held_whole(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """Neither here nor, on PostgreSQL, in what the server has sent: it keeps a cursor open."""
    monkeypatch.setattr(journal, "ROWS_AT_ONCE", 50)
    write(engine, 2000)
    with reading(engine) as connection:
        entries = journal.read(connection).entries
        next(entries)
        if engine.dialect.name == "postgresql":
            cursors = connection.execute(
                text("SELECT count(*) FROM pg_cursors WHERE statement LIKE '%posting%'")
            )
            assert cursors.scalar_one() == 1
        tracemalloc.start()
        held = sum(1 for _ in entries)
        streamed = tracemalloc.get_traced_memory()[1]
        whole = len(list(journal.read(connection).entries))
        listed = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert (held + 1, whole) == (2000, 2000)
    assert streamed < listed / 5


def write(engine: Engine, number: int) -> None:
    """That many entries in a row."""
    with writing(engine) as connection:
        treasury, credit = accounts.TREASURY, accounts.CREDIT
        ann = accounts.open_account(connection, "person:ann")
        book = ledger.Book.load(connection, [treasury, ann], [credit])
        moved = (ledger.Posting(treasury, ann, 1, credit),)
        for each in range(number):
            book.post(ledger.Entry("grant", f"grant:{each}", datetime(2026, 1, 1, tzinfo=UTC), moved))
        book.save(connection)
