"""The book: one way to write the ledger, which refuses what cannot be, whole."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import product

import pytest
from sqlalchemy import Connection, Engine, select

from core.database import writing
from core.errors import InsufficientFunds, Unknown
from core.ledger import accounts, entries, proofs, tables
from core.ledger.book import Book
from core.ledger.entries import Entry, Posting, posting

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        yield connection


@pytest.fixture
def places(connection: Connection) -> tuple[int, int, int, int]:
    """The treasury, two accounts, and credit."""
    ann, bob = (accounts.open_account(connection, name) for name in ("ann", "bob"))
    return accounts.TREASURY, ann, bob, accounts.CREDIT


def entry(key: str, *postings: Posting) -> Entry:
    return Entry("test", key, NOW, postings)


def zeros(accounts: Sequence[int], units: Sequence[int]) -> dict[tuple[int, int], int]:
    """Nothing of any of the units in any of the accounts."""
    return dict.fromkeys(product(accounts, units), 0)


def test_a_movement_takes_from_one_and_gives_to_the_other(places: tuple[int, ...]):
    treasury, ann, bob, credit = places
    book = Book(zeros(places[:3], [credit]) | {(ann, credit): 10}, {credit: treasury})
    book.post(entry("a", Posting(ann, bob, 4, credit)))

    assert (book.balance(ann, credit), book.balance(bob, credit)) == (6, 4)


def test_an_overdraft_is_refused_and_nothing_of_the_entry_happens(places: tuple[int, ...]):
    """Even the posting that would have been possible alone."""
    treasury, ann, bob, credit = places
    book = Book(zeros(places[:3], [credit]) | {(ann, credit): 10, (bob, credit): 3}, {credit: treasury})
    with pytest.raises(InsufficientFunds) as refused:
        book.post(entry("a", Posting(ann, bob, 5, credit), Posting(bob, treasury, 9, credit)))

    assert (refused.value.account, refused.value.needed, refused.value.available) == (bob, 4, 3)
    assert (book.balance(ann, credit), book.balance(bob, credit)) == (10, 3)


def test_postings_of_one_entry_count_together(places: tuple[int, ...]):
    """What comes in may go out again in the same entry, whatever the order."""
    treasury, ann, bob, credit = places
    book = Book(zeros(places[:3], [credit]) | {(ann, credit): 10}, {credit: treasury})
    book.post(entry("a", Posting(bob, treasury, 10, credit), Posting(ann, bob, 10, credit)))

    assert [book.balance(each, credit) for each in (treasury, ann, bob)] == [10, 0, 0]


def test_an_issuer_may_owe_its_own_unit_and_no_other(connection: Connection, places: tuple[int, ...]):
    treasury, ann, _, credit = places
    coupon = accounts.open_unit(connection, "coupon", ann)
    book = Book.load(connection, [treasury, ann], [credit, coupon])
    book.post(entry("a", Posting(ann, treasury, 7, coupon)))

    assert book.balance(ann, coupon) == -7
    for owed in (Posting(ann, treasury, 1, credit), Posting(treasury, ann, 8, coupon)):
        with pytest.raises(InsufficientFunds):
            book.post(entry("b", owed))


def test_an_account_that_was_not_loaded_cannot_be_posted_to(connection: Connection, places: tuple[int, ...]):
    """Its balance is not known, and would be written over."""
    treasury, ann, bob, credit = places
    book = Book.load(connection, [treasury, ann], [credit])
    with pytest.raises(ValueError, match="was not loaded"):
        book.post(entry("a", Posting(treasury, bob, 1, credit)))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_posting_that_moves_nothing_is_a_fault(amount: int):
    book = Book(zeros([1, 2], [1]), {1: 1})
    with pytest.raises(ValueError, match="not a movement"):
        book.post(entry("a", Posting(1, 2, amount, 1)))


def test_a_posting_to_itself_and_an_entry_without_postings_are_faults():
    book = Book(zeros([1, 2], [1]), {1: 1})
    with pytest.raises(ValueError, match="not a movement"):
        book.post(entry("a", Posting(1, 1, 5, 1)))
    with pytest.raises(ValueError, match="without postings"):
        book.post(entry("a"))


def test_a_pending_movement_shows_in_a_balance_and_changes_none():
    book = Book(zeros([1, 2], [1]) | {(2, 1): 5}, {1: 1})
    pending = [Posting(2, 3, 5, 1)]

    assert (book.balance(2, 1, pending), book.balance(3, 1, pending)) == (0, 5)
    assert (book.balance(2, 1), book.balance(3, 1)) == (5, 0)


def test_no_posting_comes_of_a_zero_amount():
    assert posting(1, 2, 0, 3) == []
    assert posting(1, 2, 4, 3) == [Posting(1, 2, 4, 3)]


def test_what_was_not_loaded_cannot_be_changed(connection: Connection, places: tuple[int, ...]):
    """Also where its account and its unit were loaded, each in another group: its balance is not known."""
    treasury, ann, bob, credit = places
    coupon = accounts.open_unit(connection, "coupon", treasury)
    book = Book.ask(connection, [([treasury, ann], [credit]), ([treasury, bob], [coupon])])()
    with pytest.raises(ValueError, match="was not loaded"):
        book.post(entry("a", Posting(treasury, ann, 1, coupon)))
    book.post(entry("b", Posting(treasury, bob, 1, coupon)))

    assert book.balance(bob, coupon) == 1


def test_what_was_saved_is_loaded_again(connection: Connection, places: tuple[int, ...]):
    """Several entries at once, a balance that was there, and one that was not."""
    treasury, ann, bob, credit = places
    for number in (1, 2):
        book = Book.load(connection, [treasury, ann, bob], [credit])
        book.post(entry(f"grant-{number}", Posting(treasury, ann, 100, credit)))
        book.post(entry(f"pass-{number}", Posting(ann, bob, 30, credit)))
        ids = book.save(connection).ids

        assert sorted(ids) == [f"grant-{number}", f"pass-{number}"]
    loaded = Book.load(connection, [treasury, ann, bob], [credit], lock=False)

    assert [loaded.balance(each, credit) for each in (treasury, ann, bob)] == [-200, 140, 60]


def test_an_entry_is_one_event_with_all_its_postings(connection: Connection, places: tuple[int, ...]):
    treasury, ann, bob, credit = places
    book = Book.load(connection, [treasury, ann, bob], [credit])
    both = (Posting(treasury, ann, 5, credit), Posting(treasury, bob, 6, credit))
    book.post(entry("a", *both))
    written = book.save(connection).ids["a"]
    of_entry = select(tables.posting).where(tables.posting.c.entry_id == written)
    rows = connection.execute(of_entry.order_by(tables.posting.c.number)).all()

    assert [(row.number, row.destination_id, row.amount) for row in rows] == [(1, ann, 5), (2, bob, 6)]
    assert entries.get(connection, "a") == entry("a", *both)


def test_saving_twice_writes_once(connection: Connection, places: tuple[int, ...]):
    treasury, ann, _, credit = places
    book = Book.load(connection, [treasury, ann], [credit])
    book.post(entry("a", Posting(treasury, ann, 5, credit)))
    book.save(connection)

    assert book.save(connection).ids == {}
    assert entries.find(connection, "a")
    assert not entries.find(connection, "b")
    with pytest.raises(Unknown):
        entries.get(connection, "b")


def test_an_account_can_be_opened_by_the_entry_that_first_uses_it(
    connection: Connection, places: tuple[int, ...]
):
    """It has its id once the book is saved; one that no entry used is not opened."""
    treasury, ann, _, credit = places
    book = Book.load(connection, [treasury, ann], [credit])
    unused, new = book.open_account("never"), book.open_account("new")
    book.post(entry("a", Posting(treasury, ann, 5, credit), Posting(ann, new, 5, credit)))
    book.post(entry("b", Posting(new, ann, 2, credit)))
    assert book.balance(new, credit) == 3

    saved = book.save(connection)
    opened = accounts.find_account(connection, "new")
    assert saved.accounts == {new: opened}
    assert accounts.find_account(connection, "never") is None
    assert unused not in saved.accounts
    assert Book.load(connection, [opened], [credit]).balance(opened, credit) == 3
    assert entries.get(connection, "b").postings == (Posting(opened, ann, 2, credit),)


def test_saved_entries_prove_themselves(connection: Connection, places: tuple[int, ...]):
    treasury, ann, _, credit = places
    book = Book.load(connection, [treasury, ann], [credit])
    book.post(Entry("grant", "a", NOW, (Posting(treasury, ann, 5, credit),), reason="Grüße, 你好"))
    book.save(connection)

    assert list(proofs.entries_are_as_written(connection)) == []
