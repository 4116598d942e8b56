"""Rows written and read in sets by prepared SQL: the same on both databases, whatever the values are."""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from server import drop_connections
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import OperationalError

from core import rows, writes
from core.database import Id, Moment, milliseconds, reading, writing
from core.rows import Among, Prepared

NOW = datetime(2026, 1, 1, 12, 30, 0, 123_000, tzinfo=UTC)
thing = Table(
    "thing",
    MetaData(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("count", Integer),
    Column("amount", BigInteger),
    Column("is_new", Boolean),
    Column("at", Moment),
    Column("said", JSON),
)
pair = Table(
    "pair",
    MetaData(),
    Column("left", Id, primary_key=True, autoincrement=False),
    Column("right", Id, primary_key=True, autoincrement=False),
    Column("order", Integer, nullable=False),  # A word of SQL, which has to be quoted.
)
THING = tuple(column.name for column in thing.c)
PAIR = tuple(column.name for column in pair.c)
TEXTS = [
    "",
    "it's",
    'a "quoted" one',
    "%s %(name)s ? ?1 :name $1",
    "{1,2}",
    "null",
    "\\",
    "é 字 🙂",
    "a\nb\tc",
    "'; DROP TABLE thing; --",
]
ALL = Prepared(select(*thing.c).order_by(thing.c.id))
BY_ID = Prepared(select(thing.c.id).where(Among(thing.c.id, "ids")).order_by(thing.c.id))
BY_NAME = Prepared(select(thing.c.id).where(Among(thing.c.name, "names")).order_by(thing.c.id))
ABOVE = Prepared(
    select(thing.c.id).where(thing.c.amount > bindparam("least"), thing.c.count == 7).order_by(thing.c.id)
)
PAIRS = Prepared(select(*pair.c).order_by(pair.c.left, pair.c.right))


@pytest.fixture
def home_of_things(engine: Engine) -> Engine:
    for table in (thing, pair):
        table.create(engine)
    return engine


def row(number: int, name: str | None = "a", **changes: Any) -> tuple[Any, ...]:
    usual = {
        "id": number,
        "name": name,
        "count": 7,
        "amount": 10**15,
        "is_new": True,
        "at": milliseconds(NOW),
        "said": "[1]",
    }
    return tuple((usual | changes).values())


def insert(engine: Engine, *made: tuple[Any, ...]) -> None:
    with writing(engine) as connection:
        writes.run(connection, writes.insert(thing, THING, made))


def read(engine: Engine, query: Prepared, **given: Any) -> list[Any]:
    with reading(engine) as connection:
        return query.rows(connection, **given)


def test_values_come_back_as_they_went_in(home_of_things: Engine):
    """Also through SQLAlchemy's own reading of times and JSON."""
    insert(home_of_things, row(1, said='{"a": [1, null]}'), row(2, is_new=False, amount=-(2**63), count=-1))
    with reading(home_of_things) as connection:
        found = connection.execute(select(thing).order_by(thing.c.id)).all()

    assert found == [
        (1, "a", 7, 10**15, True, NOW, {"a": [1, None]}),
        (2, "a", -1, -(2**63), False, NOW, [1]),
    ]


def test_text_is_text_whatever_it_says(home_of_things: Engine):
    insert(home_of_things, *(row(number, name) for number, name in enumerate(TEXTS)))

    assert [each[1] for each in read(home_of_things, ALL)] == TEXTS
    assert [read(home_of_things, BY_NAME, names=[name]) for name in TEXTS] == [
        [(n,)] for n in range(len(TEXTS))
    ]
    assert read(home_of_things, BY_NAME, names=TEXTS) == [(number,) for number in range(len(TEXTS))]


def test_what_is_not_there_comes_back_as_nothing(home_of_things: Engine):
    """In some rows of a set, or in all of them."""
    nothing = {"name": None, "count": None, "amount": None, "is_new": None, "at": None, "said": None}
    insert(home_of_things, row(1, **nothing), row(2))
    insert(home_of_things, row(3, **nothing))

    found = read(home_of_things, ALL)
    assert [found[0][1:], found[2][1:]] == [(None,) * 6] * 2
    assert found[1][1] == "a"


@pytest.mark.parametrize("length", [0, 1, 2, 1_000, 40_000])
def test_lists_may_have_any_length(home_of_things: Engine, length: int):
    """Longer than any limit on parameters."""
    insert(home_of_things, *(row(number) for number in range(1, length + 1)))

    assert len(read(home_of_things, ALL)) == length
    assert len(read(home_of_things, BY_ID, ids=list(range(1, length + 1)))) == length
    assert read(home_of_things, BY_ID, ids=[-1] * length) == []
    assert read(home_of_things, BY_ID, ids=[]) == []


def test_single_values_are_given_by_name_beside_those_of_the_query(home_of_things: Engine):
    insert(home_of_things, row(1, amount=4), row(2, amount=6), row(3, amount=6, count=8))

    assert read(home_of_things, ABOVE, least=5) == [(2,)]
    assert read(home_of_things, ABOVE, least=3) == [(1,), (2,)]


def test_an_upsert_sets_one_column_and_a_count_adds_to_it(home_of_things: Engine):
    with writing(home_of_things) as connection:
        writes.run(connection, writes.upsert(pair, PAIR, [(1, 1, 5), (1, 2, 6)], "order"))
        writes.run(connection, writes.upsert(pair, PAIR, [(1, 2, 7), (2, 1, 8)], "order"))
        writes.run(connection, writes.count(pair, PAIR, [(1, 1, 10), (9, 9, 1)], ["order"]))
        writes.run(connection, writes.upsert(pair, PAIR, [], "order"))

    assert read(home_of_things, PAIRS) == [(1, 1, 15), (1, 2, 7), (2, 1, 8), (9, 9, 1)]


def test_an_update_sets_columns_of_the_rows_that_it_names(home_of_things: Engine):
    insert(home_of_things, row(1), row(2), row(3))
    with writing(home_of_things) as connection:
        changed = [(1, "it's 1", "[2]", None), (3, None, None, 9), (99, "nobody", None, 0)]
        writes.run(connection, writes.update(thing, ("id", "name", "said", "amount"), changed))
        writes.run(connection, writes.update(thing, ("id", "count"), []))

    found = [(each[0], each[1], each[2], each[3], rows.parsed(each[6])) for each in read(home_of_things, ALL)]
    assert found == [(1, "it's 1", 7, None, [2]), (2, "a", 7, 10**15, [1]), (3, None, 7, 9, None)]


def test_what_is_written_is_undone_with_its_transaction(home_of_things: Engine):
    def fail() -> None:
        with writing(home_of_things) as connection:
            writes.run(connection, writes.insert(thing, THING, [row(1)]))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert read(home_of_things, ALL) == []


def test_queries_that_share_a_round_trip_answer_in_their_order(home_of_things: Engine):
    insert(home_of_things, row(1), row(2, "b"))
    with reading(home_of_things) as connection:
        found = rows.gather(
            connection, (BY_NAME, {"names": ["b"]}), (BY_ID, {"ids": []}), (BY_ID, {"ids": [2, 1, 2]})
        )

    assert found == [[(2,)], [], [(1,), (2,)]]


def test_writes_of_several_kinds_are_made_together(home_of_things: Engine):
    insert(home_of_things, row(1), row(2))
    with writing(home_of_things) as connection:
        writes.run(
            connection,
            writes.insert(thing, THING, [row(3), row(4)]),
            writes.update(thing, ("id", "name"), [(2, "b")]),
            writes.upsert(pair, PAIR, [(1, 1, 5)], "order"),
            writes.count(pair, PAIR, [], "order"),
        )

    assert [each[1] for each in read(home_of_things, ALL)] == ["a", "b", "a", "a"]
    assert read(home_of_things, PAIRS) == [(1, 1, 5)]


def test_of_writes_that_fail_together_nothing_is_kept(home_of_things: Engine):
    """A key that is taken is an error of the database's, whichever of them it comes up in."""
    insert(home_of_things, row(1))

    def write() -> None:
        with writing(home_of_things) as connection:
            writes.run(
                connection,
                writes.insert(pair, PAIR, [(1, 1, 5)]),
                writes.insert(thing, THING, [row(2), row(1)]),
            )

    with pytest.raises(Exception, match=r"(?i)unique"):
        write()

    assert [each[0] for each in read(home_of_things, ALL)] == [1]
    assert read(home_of_things, PAIRS) == []
    insert(home_of_things, row(3))
    with reading(home_of_things) as connection:
        assert connection.execute(select(func.count()).select_from(thing)).scalar_one() == 2


@pytest.mark.parametrize("value", [[1, 2**62], {"a": None}, "it's", None, [["x", True]]])
def test_json_is_parsed_from_text_and_left_alone_otherwise(value: Any):
    assert rows.parsed(rows.jsoned(value)) == value
    if not isinstance(value, str):
        assert rows.parsed(value) == value


def test_a_lost_connection_is_not_used_again(home_of_things: Engine):
    """As after a restart of the server: one act finds out, and those after it have new connections."""
    insert(home_of_things, row(1))
    with ExitStack() as several:
        for _ in range(3):
            several.enter_context(reading(home_of_things)).execute(select(thing.c.id))
    drop_connections(home_of_things)
    if home_of_things.dialect.name == "postgresql":
        with pytest.raises(OperationalError):
            read(home_of_things, ALL)

    for _ in range(3):
        assert len(read(home_of_things, ALL)) == 1


def test_a_read_sees_one_state_from_its_first_row_on(home_of_things: Engine):
    insert(home_of_things, row(1))
    with reading(home_of_things) as connection:
        assert len(ALL.rows(connection)) == 1
        insert(home_of_things, row(2))

        assert len(ALL.rows(connection)) == 1
