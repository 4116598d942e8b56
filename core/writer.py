"""The one thread of a process that writes: it takes what waits, runs it, commits once a group, wakes the callers.

A group is either neighbouring requests of one batched use case, or a single request of any other. A result is
handed back after the commit, so whoever holds one may say that it happened.
"""

import fcntl
import gc
import queue
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from sqlalchemy import Engine

from core.database import writing
from core.errors import Busy

Clock = Callable[[], datetime]

GROUP_MOST = 256
WAITING_MOST = 2000
NEW_OBJECTS = 50_000  # So many are made before Python looks for garbage among them.
PATIENCE_SECONDS = 2.5
ATTEMPTS = 5
CONFLICTS = {
    "40001",
    "40P01",
    "23505",
    "SQLITE_CONSTRAINT_UNIQUE",
}  # Serialization failure, deadlock, and a key that another writer took first.
HELD = {"55P03", "SQLITE_BUSY"}  # Somebody else has a lock for longer than is waited for it.


class AnotherWriter(Exception):  # noqa: N818 - a state of the machine, not of the code
    """Another process already writes to this SQLite file."""


@dataclass
class _Request:
    use_case: Callable[..., Any]
    args: tuple[Any, ...]
    inputs: dict[str, Any]
    asked: float = field(default_factory=time.monotonic)
    answer: Future[Any] = field(default_factory=Future)

    @property
    def waited(self) -> float:
        """Seconds since it was asked."""
        return time.monotonic() - self.asked


@dataclass(frozen=True)
class Load:
    """How many requests wait, and how long the oldest of those that are being answered has waited."""

    waiting: int
    age_seconds: float


class Writer:
    """Runs use cases one after the other; ``batched`` ones take a list and answer with results and refusals in order."""

    def __init__(self, engine: Engine, clock: Clock, batched: Collection[Callable[..., Any]] = ()) -> None:
        self._engine = engine
        self._name = uuid4().hex  # Under which the journal chains what it writes.
        self._clock = clock
        self._batched = frozenset(batched)
        self._waiting: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._taken: list[_Request] = []
        self._gate = threading.Lock()
        self._is_closed = False
        self._lock = hold(engine)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Future[Any]:
        """A future of ``use_case(connection, *args, now=..., **inputs)``; a batched one takes its one request as ``args[0]``."""
        request = _Request(use_case, args, inputs)
        with self._gate:
            is_taken = not self._is_closed and self._waiting.qsize() < WAITING_MOST
            if is_taken:
                self._waiting.put(request)
        if not is_taken:
            request.answer.set_exception(Busy(0.0))
        return request.answer

    @property
    def load(self) -> Load:
        oldest = max((request.waited for request in self._taken), default=0.0)
        return Load(self._waiting.qsize(), oldest)

    def close(self) -> None:
        """Finishes what was submitted, then stops."""
        with self._gate:
            self._is_closed = True
        self._waiting.put(None)
        self._thread.join()
        if self._lock:
            self._lock.close()

    def _run(self) -> None:
        while True:
            requests, last = self._take()
            self._taken = requests
            for batched_case, group in groupby(filter(_in_time, requests), key=self._group_of):
                if batched_case is None:
                    for request in group:
                        self._answer([request])
                else:
                    self._answer(list(group))
            self._taken = []
            if last:
                return

    def _take(self) -> tuple[list[_Request], bool]:
        """What waits, at least one request, and whether it was the last."""
        taken: list[_Request] = []
        following = self._waiting.get()
        while following is not None:
            taken.append(following)
            if len(taken) == GROUP_MOST or self._waiting.empty():  # Nobody else takes from it.
                return taken, False
            following = self._waiting.get()
        return taken, True

    def _group_of(self, request: _Request) -> Callable[..., Any] | None:
        return request.use_case if request.use_case in self._batched else None

    def _answer(self, group: Sequence[_Request]) -> None:
        try:
            results = self._attempt(group)
        except Exception as problem:  # noqa: BLE001 - the caller gets whatever it was
            if _code(problem) in HELD:  # Alone, each would wait as long again.
                results = [Busy(request.waited) for request in group]
            elif len(group) > 1:  # Alone, each request fails or succeeds for itself.
                for request in group:
                    self._answer([request])
                return
            else:
                results = [problem]
        for request, result in zip(group, results, strict=True):
            _hand_back(request, result)

    def _attempt(self, group: Sequence[_Request]) -> list[Any]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with writing(self._engine, self._name) as connection:
                    return self._execute(connection, group)
            except Exception as problem:
                if attempt == ATTEMPTS or not self._may_repeat(group, problem):
                    raise
        raise AssertionError("unreachable")

    def _may_repeat(self, group: Sequence[_Request], problem: Exception) -> bool:
        """Whether nothing was done for certain, or what was done is found by its key.

        A connection may be lost before or after the commit: a batched use case tells what it did before, others may not.
        """
        is_lost = getattr(problem, "connection_invalidated", False)
        return _code(problem) in CONFLICTS or (is_lost and group[0].use_case in self._batched)

    def _execute(self, connection: Any, group: Sequence[_Request]) -> list[Any]:
        first = group[0]
        now = self._clock()
        if first.use_case in self._batched:
            results = list(first.use_case(connection, [request.args[0] for request in group], now=now))
            if len(results) != len(group):  # Committed so, somebody would wait for ever.
                raise AssertionError(f"{len(group)} requests got {len(results)} answers")
            return results
        return [first.use_case(connection, *first.args, now=now, **first.inputs)]


def _in_time(request: _Request) -> bool:
    if not request.answer.set_running_or_notify_cancel():
        return False
    waited = request.waited
    if waited > PATIENCE_SECONDS:
        request.answer.set_exception(Busy(waited))
    return waited <= PATIENCE_SECONDS


def _hand_back(request: _Request, result: Any) -> None:
    if isinstance(result, Exception):
        request.answer.set_exception(result)
    else:
        request.answer.set_result(result)


def _code(problem: Exception) -> str:
    """What the database calls the problem; empty if it is none of the database's."""
    original = getattr(problem, "orig", problem)  # SQLAlchemy wraps it, prepared rows do not.
    return str(getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", ""))


def sweep_seldom() -> None:
    """To be called once, by a process in which people trade, when all is imported.

    What is there stays, and is not looked through for garbage again. What is new mostly dies by itself: a batch makes
    ten thousand objects, and with Python's own setting it is interrupted a dozen times to look for rings among them.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def hold(engine: Engine) -> IO[str] | None:
    """The lock of the one process that writes to a SQLite file, until it is closed. Raises AnotherWriter.

    A second writing process would make the first wait for seconds, so it is refused at start.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    lock = Path(f"{engine.url.database}.writer").open("w")  # noqa: SIM115 - held as long as the writer lives
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AnotherWriter(f"another process already writes to {engine.url.database}") from None
    return lock
