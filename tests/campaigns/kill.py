"""Campaign: the writing process is killed at random moments, again and again on the same database.

Claimed after each kill: every acknowledged order is there with the same fill, and every order that was under way can be
asked again and is executed once. Several times, and at the end: the database holds exactly what was acknowledged, and
the books are right.
"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from campaigns import books
from campaigns import scene as scenes
from campaigns.acknowledged import Acknowledged
from campaigns.answers import is_fault, is_fill, kind, said, wait
from campaigns.campaign import Figures, Trial, insist, spread
from campaigns.child import Child
from campaigns.clock import SharedClock
from campaigns.databases import database
from campaigns.orders import orders
from campaigns.process import Job
from campaigns.witness import Turn
from exchange_driver import START

from core.database import open_engine
from core.exchange import trading
from core.writer import Writer

CLIENTS = 16
LIFE_SECONDS = 0.6
EARLY_DEATHS, SHORT_LIFE_SECONDS = 0.3, 0.1  # So many of them die while they open the database.
PATIENCE_SECONDS = 20
AUDITS = 10
AT_ONCE = 500


def kill(trial: Trial) -> Figures:
    with database(trial.engine, trial.folder) as url:
        return _Kills(trial, url).run()


class _Life:
    """One process, and what it reported before it died."""

    def __init__(self, job: Job) -> None:
        self.answers: dict[str, str] = {}
        self._first_at: float | None = None
        self._has_answered = threading.Event()
        self._went_at = 0.0
        self._name = job.name
        self._child = Child(job, self._hear)

    def last(self, seconds: float, *, serves: bool) -> None:
        """From its first answer on if it is to serve, however busy the machine; else from its start."""
        self._child.go()
        self._went_at = time.monotonic()
        if serves:
            self._has_answered.wait(PATIENCE_SECONDS)
        time.sleep(seconds)
        self._child.kill()

    def end(self) -> None:
        self._child.kill()

    @property
    def served_after(self) -> list[float]:
        """Seconds from its go to the first answer, if it came to that."""
        return [self._first_at - self._went_at] if self._first_at else []

    @property
    def under_way(self) -> list[str]:
        """The one order of each client that may have been asked and was not answered."""
        answered = Counter(key.rpartition("-")[0] for key in self.answers)
        clients = [f"{self._name}-{number}" for number in range(CLIENTS)]
        return [f"{client}-{answered[client]}" for client in clients]

    def _hear(self, turn: Turn) -> None:
        self._first_at = self._first_at or time.monotonic()
        self._has_answered.set()
        self.answers[turn.asked] = turn.answer


class _Kills:
    def __init__(self, trial: Trial, url: str) -> None:
        self._trial, self._url = trial, url
        scene = scenes.build(url)
        scene.save(trial.folder / "scene.json")
        self._orders = orders(scene, trial.seed)
        self._clock = SharedClock(trial.folder / "clock")
        self._clock.set(START)
        self._told = Acknowledged(trial.folder / "acknowledged")
        self._counted = Counter[str]()
        self._served_after: list[float] = []
        self._ready_after: list[float] = []

    def run(self) -> Figures:
        chance = self._trial.chance("lives")
        every = max(1, self._trial.times // AUDITS)
        following = self._start(1)
        try:
            for number in range(1, self._trial.times + 1):
                life, following = following, self._start(number + 1)  # Nobody waits for its imports.
                serves = chance.random() >= EARLY_DEATHS
                most = LIFE_SECONDS if serves else SHORT_LIFE_SECONDS
                life.last(chance.uniform(0, most), serves=serves)
                self._note(life)
                self._reopen(life)
                if number % every == 0 or number == self._trial.times:
                    self._prove()
                self._clock.set(self._clock() + timedelta(seconds=1))
                self._trial.step(1)
        finally:
            following.end()
        self._told.close()
        return self._figures()

    def _start(self, number: int) -> _Life:
        return _Life(Job(self._url, str(self._trial.folder), self._trial.seed, f"life{number}", CLIENTS))

    def _note(self, life: _Life) -> None:
        for key, answer in life.answers.items():
            insist(not is_fault(answer), f"{key} was answered {answer}")
            self._told.tell(key, answer)
            self._counted[kind(answer)] += 1
        self._counted["killed before the first answer"] += not life.answers
        self._served_after += life.served_after

    def _reopen(self, life: _Life) -> None:
        """Opens the database at once, as a restarted process would, and asks again: twice what was under way."""
        began = time.monotonic()
        engine = open_engine(self._url)
        writer = Writer(engine, self._clock, batched={trading.execute})
        self._ask(writer, life.under_way[:1])
        self._ready_after.append(time.monotonic() - began)
        self._counted["executed, not acknowledged"] += books.executed(engine, life.under_way[1:])
        self._ask(writer, life.under_way)
        self._ask(writer, life.under_way)
        self._ask(writer, [key for key, answer in life.answers.items() if is_fill(answer)])
        writer.close()
        engine.dispose()

    def _ask(self, writer: Writer, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            futures = [writer.submit(trading.execute, self._orders(key)) for key in some]
            for key, future in zip(some, futures, strict=True):
                self._told.tell(key, said(wait(future)))

    def _prove(self) -> None:
        engine = open_engine(self._url)
        self._told.compare(books.fills(engine))
        books.prove(engine)
        engine.dispose()

    def _figures(self) -> Figures:
        return {
            "kills": self._trial.times,
            "killed before the first answer": self._counted["killed before the first answer"],
            "acknowledged fills": self._counted["Fill"],
            "executed, and killed before it was acknowledged": self._counted["executed, not acknowledged"],
            "lost, changed or doubled": 0,
            "ready again, on the open file": spread(self._ready_after),
            "first answer of a new process": spread(self._served_after),
        }
