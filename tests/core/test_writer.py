"""The writer: groups share a commit, each caller gets its own answer, and an answer means committed."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from core import database
from core import writer as writers
from core.database import reading, writing
from core.errors import Busy, Unknown
from core.ledger.tables import account
from core.writer import AnotherWriter, Writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG_SECONDS = 30


def add(connection: Connection, name: str, now: datetime) -> str:
    """A use case that writes one row."""
    connection.execute(account.insert().values(name=name))
    return f"{name} at {now.year}"


def add_all(connection: Connection, names: Sequence[str], now: datetime) -> list[Any]:
    """A batched use case; ``no`` is refused, ``bug`` fails the whole list."""
    if "bug" in names:
        raise RuntimeError("a fault")
    answers = [Unknown("name", name) if name == "no" else f"{name} of {len(names)}" for name in names]
    for name in names:
        if name != "no":
            add(connection, name, now)
    return answers


def fail(connection: Connection, name: str, now: datetime) -> None:
    """Writes, and then fails."""
    add(connection, name, now)
    raise RuntimeError("a fault")


class Gate:
    """A use case that keeps the writer busy until it is opened."""

    def __init__(self) -> None:
        self._open, self._entered = threading.Event(), threading.Event()

    def __call__(self, _connection: Connection, **_: datetime) -> None:
        self._entered.set()
        assert self._open.wait(LONG_SECONDS)

    def hold(self, writer: Writer) -> None:
        writer.submit(self)
        assert self._entered.wait(LONG_SECONDS)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    running = Writer(engine, lambda: NOW, batched={add_all})
    yield running
    running.close()


@pytest.fixture
def commits(engine: Engine) -> list[int]:
    """Grows by one with every commit."""
    counted: list[int] = []
    event.listen(engine, "commit", lambda _: counted.append(1))
    return counted


def names(engine: Engine) -> list[str]:
    """What a second connection sees."""
    with reading(engine) as connection:
        return list(connection.execute(select(account.c.name).order_by(account.c.id)).scalars())[2:]


def together(writer: Writer, submit: Callable[[], list[Future[Any]]]) -> list[Future[Any]]:
    """Submits while the writer is kept busy, so that all of it waits at once."""
    gate = Gate()
    gate.hold(writer)
    futures = submit()
    gate.open()
    return futures


def test_an_answer_means_that_others_can_see_it(engine: Engine, writer: Writer):
    """The result is handed over after the commit, not before; the clock's time went in."""
    seen: list[list[str]] = []
    future = writer.submit(add, "ann")
    future.add_done_callback(lambda _: seen.append(names(engine)))

    assert future.result(LONG_SECONDS) == "ann at 2026"
    writer.close()
    assert seen == [["ann"]]


def test_neighbours_of_a_batched_use_case_share_one_commit(writer: Writer, commits: list[int]):
    futures = together(writer, lambda: [writer.submit(add_all, name) for name in ("a", "b", "c")])

    assert [future.result(LONG_SECONDS) for future in futures] == ["a of 3", "b of 3", "c of 3"]
    assert len(commits) == 2  # The gate's and the group's.


def test_another_use_case_between_them_parts_a_group_and_keeps_the_order(engine: Engine, writer: Writer):
    futures = together(
        writer,
        lambda: [
            writer.submit(add_all, "a"),
            writer.submit(add_all, "b"),
            writer.submit(add, "c"),
            writer.submit(add_all, "d"),
        ],
    )
    answers = [future.result(LONG_SECONDS) for future in futures]

    assert answers == ["a of 2", "b of 2", "c at 2026", "d of 1"]
    assert names(engine) == ["a", "b", "c", "d"]


def test_a_refusal_is_one_caller_s_answer_and_the_others_are_done(engine: Engine, writer: Writer):
    first, refused, last = together(
        writer, lambda: [writer.submit(add_all, name) for name in ("a", "no", "b")]
    )

    assert (first.result(LONG_SECONDS), last.result(LONG_SECONDS)) == ("a of 3", "b of 3")
    with pytest.raises(Unknown):
        refused.result(LONG_SECONDS)
    assert names(engine) == ["a", "b"]


def test_a_failing_request_fails_alone(engine: Engine, writer: Writer):
    """A fault in a group makes each of its requests run for itself."""
    first, failing, last = together(
        writer, lambda: [writer.submit(add_all, name) for name in ("a", "bug", "b")]
    )

    assert (first.result(LONG_SECONDS), last.result(LONG_SECONDS)) == ("a of 1", "b of 1")
    with pytest.raises(RuntimeError):
        failing.result(LONG_SECONDS)
    assert names(engine) == ["a", "b"]


def test_a_use_case_that_fails_leaves_nothing_behind_and_the_writer_goes_on(engine: Engine, writer: Writer):
    with pytest.raises(RuntimeError):
        writer.submit(fail, "ann").result(LONG_SECONDS)

    assert writer.submit(add, "bob").result(LONG_SECONDS)
    assert names(engine) == ["bob"]


def test_a_key_that_is_taken_for_good_is_tried_again_and_then_raised(engine: Engine, writer: Writer):
    """A unique key may be another writer's, so the use case gets its chance to find what was done."""
    tried: list[int] = []

    def take(connection: Connection, now: datetime) -> None:
        tried.append(1)
        add(connection, "treasury" if len(tried) < writers.ATTEMPTS else "free", now)

    writer.submit(take).result(LONG_SECONDS)

    assert len(tried) == writers.ATTEMPTS
    assert names(engine) == ["free"]


def test_who_meets_a_lock_that_is_held_too_long_is_told_busy_and_nothing_was_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """A whole group at once, or the last of it would wait as many times as there are others."""
    monkeypatch.setattr(database, "LOCK_MILLISECONDS", 200)
    engine.dispose()  # Its connections know the usual time.
    writer = Writer(engine, lambda: NOW, batched={add_all})
    with writing(engine) as other:
        other.execute(account.insert().values(name="a"))
        began = time.monotonic()
        futures = [writer.submit(add_all, name) for name in ["a"] * 20]
        for future in futures:
            with pytest.raises(Busy) as refused:
                future.result(LONG_SECONDS)
            assert refused.value.waited_seconds >= 0.2
        assert time.monotonic() - began < 1.5  # One after the other would take four seconds.

    assert names(engine) == ["a"]
    assert writer.submit(add_all, "b").result(LONG_SECONDS) == "b of 1"
    writer.close()


def test_a_batched_use_case_that_answers_too_few_fails_and_nobody_waits_for_ever(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def forget(connection: Connection, wanted: Sequence[str], now: datetime) -> list[Any]:
        return add_all(connection, wanted, now)[1:]

    writer = Writer(engine, lambda: NOW, batched={forget})
    futures = together(writer, lambda: [writer.submit(forget, name) for name in ("a", "b")])

    for future in futures:
        with pytest.raises(AssertionError):
            future.result(LONG_SECONDS)
    assert names(engine) == []
    writer.close()


def test_a_full_queue_answers_busy_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writers, "WAITING_MOST", 2)
    writer = Writer(engine, lambda: NOW)
    first, second, third = together(writer, lambda: [writer.submit(add, name) for name in ("a", "b", "c")])

    with pytest.raises(Busy):
        third.result(LONG_SECONDS)
    assert [first.result(LONG_SECONDS), second.result(LONG_SECONDS)] == ["a at 2026", "b at 2026"]
    writer.close()
    assert names(engine) == ["a", "b"]


def test_who_waited_too_long_is_told_busy_and_nothing_was_done(
    engine: Engine, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    def submit() -> list[Future[Any]]:
        late = [writer.submit(add, "late")]
        monkeypatch.setattr(writers, "PATIENCE_SECONDS", -1.0)
        return late

    (late,) = together(writer, submit)
    with pytest.raises(Busy) as refused:
        late.result(LONG_SECONDS)

    assert refused.value.waited_seconds >= 0
    assert names(engine) == []


def test_who_gave_up_while_waiting_is_not_served(engine: Engine, writer: Writer):
    def submit() -> list[Future[Any]]:
        left, stayed = writer.submit(add, "left"), writer.submit(add, "stayed")
        left.cancel()
        return [stayed]

    (stayed,) = together(writer, submit)
    stayed.result(LONG_SECONDS)

    assert names(engine) == ["stayed"]


def test_closing_finishes_what_was_submitted(engine: Engine):
    writer = Writer(engine, lambda: NOW, batched={add_all})
    futures = [writer.submit(add_all, f"n{number}") for number in range(20)] + [writer.submit(add, "last")]
    writer.close()

    assert all(future.done() for future in futures)
    assert len(names(engine)) == 21


def test_who_asks_after_the_close_is_told_busy(engine: Engine):
    writer = Writer(engine, lambda: NOW)
    writer.close()
    with pytest.raises(Busy):
        writer.submit(add, "ann").result(LONG_SECONDS)


def test_a_group_has_at_most_so_many_requests(writer: Writer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writers, "GROUP_MOST", 3)
    futures = together(writer, lambda: [writer.submit(add_all, f"n{number}") for number in range(5)])

    assert [future.result(LONG_SECONDS)[-1] for future in futures] == ["3", "3", "3", "2", "2"]


def test_a_second_writer_on_the_same_sqlite_file_is_refused_until_the_first_is_closed(sqlite_engine: Engine):
    first = Writer(sqlite_engine, lambda: NOW)
    with pytest.raises(AnotherWriter):
        Writer(sqlite_engine, lambda: NOW)
    first.close()
    Writer(sqlite_engine, lambda: NOW).close()
