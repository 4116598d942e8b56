"""Everybody who acts beside the traders, in one thread: the scheduler, deciders, metric owners, and who grants credit."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import datetime
from itertools import count
from typing import Any

from campaigns import books
from campaigns.answers import wait
from campaigns.scene import SPAN, Scene
from campaigns.witness import deed
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START
from sqlalchemy import Engine

from core.database import reading
from core.exchange import agenda, deciding, granting, resolving
from core.units import MICRO

ROUND_SECONDS = 0.05


class Officers:
    """Each round they try all that may be due by the clock; what is not, is refused.

    Every third decision is withdrawn, every third lapses, the others are recorded and read. Officers of several
    processes try the same things at the same time.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        scene: Scene,
        clock: Callable[[], datetime],
        submit: Callable[[str], Future[Any]],
        hear: Callable[[str, Any], None],
    ) -> None:
        self._name, self._engine, self._scene, self._clock = name, engine, scene, clock
        self._submit, self._hear = submit, hear
        self._chance, self._grants = random.Random(name), count()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._problems: list[Exception] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Raises what stopped them before."""
        self._stopping.set()
        self._thread.join()
        for problem in self._problems:
            raise problem

    def _serve(self) -> None:
        try:
            while not self._stopping.wait(ROUND_SECONDS):
                asked = [(each, self._submit(each)) for each in self._due()]
                for each, future in asked:
                    self._hear(each, wait(future))
        except Exception as problem:  # noqa: BLE001 - raised again in the thread that waits
            self._problems.append(problem)

    def _due(self) -> Iterator[str]:
        now = self._clock()
        to = self._scene.trader(self._chance.randrange(self._scene.traders))
        key = f"{self._name}-{next(self._grants)}"
        yield deed(granting.grant, ADMIN, to, self._chance.randint(1, 9) * MICRO, key, "for the campaign")
        with reading(self._engine) as connection:
            found = agenda.due(connection, now)
        yield from (deed(each.act, each.about) for each in found)
        for number in self._scene.decisions:
            closes_at = START + SPAN * number / (len(self._scene.decisions) + 2)
            if number % 3 == 1 and now >= closes_at - DAY / 2:
                yield deed(deciding.withdraw, DECIDER, number, "It is moot.")
            if number % 3 == 2 and now >= closes_at:
                yield deed(deciding.record, DECIDER, number, 1, "It is better.")
            if now >= closes_at + 2 * DAY:
                value = self._chance.randint(0, 100) * MICRO
                yield from self._file(self._scene.metric_of_decision(number), value)
        for number, market in enumerate(self._scene.questions, 1):
            if now >= START + SPAN * number / (len(self._scene.questions) + 1):
                yield from self._file(self._scene.metric_of_question(market), number % 2 * MICRO)

    def _file(self, metric: int, value: int) -> Iterator[str]:
        """A reading, once: filed anew, its challenge window would begin anew."""
        if metric not in books.metrics_read(self._engine):
            yield deed(resolving.file, OWNER, metric, value, "the dashboard")
