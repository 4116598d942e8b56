"""The hash chain: whatever is changed in the past shows, each writer's entries for themselves."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from core.database import reading, writing
from core.ledger import accounts, chain, guards, proofs
from core.ledger.book import Book
from core.ledger.chain import START, link
from core.ledger.entries import Entry, Posting
from core.ledger.tables import entry, posting, writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE, TWO = Posting(1, 2, 3, 4), Posting(5, 6, 7, 8)
SAID = Entry("kind", "key", NOW, (ONE, TWO), by=9, reason="because")


@pytest.fixture
def ledger(engine: Engine) -> Engine:
    """Five grants to Ann."""
    for number in range(1, 6):
        give(engine, f"g{number}", number)
    return engine


def give(engine: Engine, key: str, amount: int, by: str = "direct") -> None:
    with writing(engine, by) as connection:
        treasury, credit = accounts.TREASURY, accounts.CREDIT
        ann = accounts.open_account(connection, "ann")
        book = Book.load(connection, [treasury, ann], [credit])
        book.post(Entry("grant", key, NOW, (Posting(treasury, ann, amount, credit),), reason=f"for {key}"))
        book.save(connection)


def read(engine: Engine, use: Callable[[Connection], Iterator[str] | str]) -> list[str]:
    with reading(engine) as connection:
        found = use(connection)
        return [found] if isinstance(found, str) else list(found)


def meddle(engine: Engine, *statements: object) -> list[str]:
    """What the chain says after somebody wrote past the program."""
    with writing(engine) as connection:
        guards.remove(connection)  # Somebody who can write past the program can take the guards away too.
        for statement in statements:
            connection.execute(statement)
        guards.install(connection)
    return read(engine, proofs.entries_are_as_written)


def named(engine: Engine, *keys: str) -> list[str]:
    """How the chain names entries."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(entry.c.id, entry.c.key).where(entry.c.key.in_(keys)).order_by(entry.c.id)
        )
        return [f"entry {row.id} ({row.key})" for row in rows]


def row(engine: Engine, key: str) -> dict[str, object]:
    with reading(engine) as connection:
        return connection.execute(select(entry).where(entry.c.key == key)).one()._asdict()


def test_a_link_covers_everything_that_an_entry_says_and_what_came_before():
    """Whatever is changed, the hash is another; also the order of the postings counts."""
    links = {
        link(START, 1, SAID),
        link("1" * 64, 1, SAID),
        link(START, 2, SAID),
        link(START, 1, SAID._replace(kind="other")),
        link(START, 1, SAID._replace(key="other")),
        link(START, 1, SAID._replace(at=NOW.replace(year=2027))),
        link(START, 1, SAID._replace(by=None)),
        link(START, 1, SAID._replace(reason=None)),
        link(START, 1, SAID._replace(postings=(ONE,))),
        link(START, 1, SAID._replace(postings=(TWO, ONE))),
        link(START, 1, SAID._replace(postings=(ONE, TWO._replace(amount=8)))),
        link(START, 1, SAID._replace(reason="becaus", by=None)),
    }

    assert len(links) == 12
    assert link(START, 1, SAID._replace()) == link(START, 1, SAID)


def test_a_link_can_be_made_by_anybody_who_reads_what_it_covers():
    """SHA-256 over a JSON text without blanks, with the time in milliseconds since 1970."""
    text = f'["{START}",1,"key","kind",1767225600000,9,"because",[1,2,3,4],[5,6,7,8]]'

    assert link(START, 1, SAID) == hashlib.sha256(text.encode()).hexdigest()


def test_an_untouched_ledger_has_no_breaks(ledger: Engine):
    assert read(ledger, proofs.entries_are_as_written) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": "a gift"},
        {"by": 7},
        {"at": NOW.replace(day=2)},
        {"kind": "gift"},
        {"key": "g0"},
        {"hash": "0" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_edited_entry_is_named(ledger: Engine, changed: dict[str, object]):
    """Alone, unless it is the hash: then the entry after it does not follow from it either."""
    said = meddle(ledger, update(entry).where(entry.c.key == "g3").values(changed))
    keys = {"g0"} if "key" in changed else {"g3", "g4"} if "hash" in changed else {"g3"}

    assert [each.partition(" is not")[0] for each in said] == named(ledger, *keys)


@pytest.mark.parametrize(
    "changed",
    [{"amount": 4}, {"source_id": 2, "destination_id": 1}, {"unit_id": 9}],
    ids=lambda changed: next(iter(changed)),
)
def test_an_edited_posting_is_named_with_its_entry(ledger: Engine, changed: dict[str, object]):
    of_third = posting.c.entry_id == row(ledger, "g3")["id"]
    said = meddle(ledger, update(posting).where(of_third).values(changed))

    assert [each.partition(" is not")[0] for each in said] == named(ledger, "g3")
    assert said[0].endswith("posting 1")


def test_an_added_posting_is_named_with_its_entry(ledger: Engine):
    extra = dict(zip(("source_id", "destination_id", "amount", "unit_id"), (1, 2, 5, 1), strict=True))
    said = meddle(ledger, insert(posting).values(entry_id=row(ledger, "g3")["id"], number=2, **extra))

    assert [each.partition(" is not")[0] for each in said] == named(ledger, "g3")


def test_a_deleted_entry_is_missed_by_the_one_after_it_and_by_its_writer(ledger: Engine):
    gone = row(ledger, "g3")["id"]
    said = meddle(
        ledger, delete(posting).where(posting.c.entry_id == gone), delete(entry).where(entry.c.id == gone)
    )

    assert said[0].startswith(f"{named(ledger, 'g4')[0]} is not as written, or one before it is gone")
    assert said[1:] == ["writer 1 made 5 entries, 4 are in the journal"]


def test_a_deleted_last_entry_is_missed_by_its_writer(ledger: Engine):
    gone = row(ledger, "g5")["id"]
    said = meddle(
        ledger, delete(posting).where(posting.c.entry_id == gone), delete(entry).where(entry.c.id == gone)
    )

    assert said == ["writer 1 made 5 entries, 4 are in the journal"]


def test_all_entries_deleted_are_missed_by_their_writer(ledger: Engine):
    assert meddle(ledger, delete(posting), delete(entry)) == ["writer 1 made 5 entries, 0 are in the journal"]


def test_a_swapped_pair_is_named(ledger: Engine):
    """What two entries say, exchanged between their ids; the hashes go with what they were made of."""
    second, third = row(ledger, "g2"), row(ledger, "g3")
    park = 10**6
    said = meddle(
        ledger,
        update(entry).where(entry.c.id == second["id"]).values(id=park),
        update(entry).where(entry.c.id == third["id"]).values(id=second["id"]),
        update(entry).where(entry.c.id == park).values(id=third["id"]),
        update(posting).where(posting.c.entry_id == second["id"]).values(entry_id=park),
        update(posting).where(posting.c.entry_id == third["id"]).values(entry_id=second["id"]),
        update(posting).where(posting.c.entry_id == park).values(entry_id=third["id"]),
    )

    assert [each.partition(" is not")[0] for each in said] == named(ledger, "g2", "g3", "g4")


def test_an_entry_slipped_in_is_named(ledger: Engine):
    """With the hash that it would have had there; the one after it does not follow from it."""
    last = row(ledger, "g5")
    made = Entry("grant", "g6", NOW, (Posting(1, 2, 5, 1),))
    forged = {"id": 6, "hash": link(str(last["hash"]), 6, made), "key": "g6", "by": None, "reason": None}
    moved = {"entry_id": 6, "number": 1, "source_id": 1, "destination_id": 2, "amount": 5, "unit_id": 1}
    said = meddle(ledger, insert(entry).values(last | forged), insert(posting).values(moved))

    assert said == ["writer 1 made 5 entries, 6 are in the journal"]


def test_two_writers_chain_separately(ledger: Engine):
    """Each from the start; an entry of one does not stand between two of the other."""
    for number in range(6, 10):
        give(ledger, f"g{number}", number, by=("east", "west")[number % 2])

    assert read(ledger, proofs.entries_are_as_written) == []
    with reading(ledger) as connection:
        made = connection.execute(select(writer.c.name, writer.c.entries).order_by(writer.c.id)).all()
        of_east = connection.execute(select(entry).where(entry.c.writer_id == 2).order_by(entry.c.id)).all()
    assert [tuple(each) for each in made] == [("direct", 5), ("east", 2), ("west", 2)]
    assert [each.key for each in of_east] == ["g6", "g8"]
    again = [Entry(e.kind, e.key, e.at, (Posting(1, 3, int(e.key[1:]), 1),), e.by, e.reason) for e in of_east]
    assert of_east[0].hash == link(START, of_east[0].id, again[0])
    assert of_east[1].hash == link(of_east[0].hash, of_east[1].id, again[1])


def test_an_entry_moved_to_another_writer_is_missed_by_both(ledger: Engine):
    give(ledger, "g6", 6, by="east")
    said = meddle(ledger, update(entry).where(entry.c.key == "g5").values(writer_id=2))

    assert "writer 1 made 5 entries, 4 are in the journal" in said
    assert "writer 2 made 1 entries, 2 are in the journal" in said


def test_a_forgotten_writer_is_missed_by_its_entries(ledger: Engine):
    assert meddle(ledger, delete(writer)) == ["writer 1 made no entries, 5 are in the journal"]


def test_the_head_changes_with_every_entry_and_is_the_same_for_whoever_reads_it(ledger: Engine):
    heads = [read(ledger, chain.head)]
    for number, by in enumerate(("direct", "east", "direct"), 6):
        give(ledger, f"g{number}", number, by=by)
        heads.append(read(ledger, chain.head))

    assert len({each[0] for each in heads}) == 4
    assert read(ledger, chain.head) == heads[-1]
    with reading(ledger) as connection:
        last = connection.execute(
            select(writer.c.id, writer.c.entries, writer.c.hash).order_by(writer.c.id)
        ).all()
    assert heads[-1] == [
        hashlib.sha256(json.dumps([list(each) for each in last], separators=(",", ":")).encode()).hexdigest()
    ]


def test_a_rewritten_chain_shows_in_the_head_that_was_noted_down(ledger: Engine):
    """Whoever can write everything can make a chain that holds, and still not the old head."""
    noted = read(ledger, chain.head)
    last = row(ledger, "g5")
    made = Entry("grant", "g5", NOW, (Posting(1, 3, 50, 1),), reason="for g5")
    forged = link(str(row(ledger, "g4")["hash"]), int(str(last["id"])), made)
    said = meddle(
        ledger,
        update(posting).where(posting.c.entry_id == last["id"]).values(amount=50),
        update(entry).where(entry.c.id == last["id"]).values(hash=forged),
        update(writer).values(hash=forged),
    )

    assert said == []
    assert read(ledger, chain.head) != noted


def test_ids_of_entries_ascend_in_the_order_in_which_they_were_made(ledger: Engine):
    for number in range(6, 9):
        give(ledger, f"g{number}", number, by=f"w{number}")
    with reading(ledger) as connection:
        keys = connection.execute(select(entry.c.key).order_by(entry.c.id)).scalars().all()

        assert keys == [f"g{number}" for number in range(1, 9)]
        assert connection.execute(select(func.count()).select_from(writer)).scalar_one() == 4
