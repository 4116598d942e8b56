"""Campaign: the power goes at every moment at which SQLite waits for the disk.

All that the exchange writes and syncs is recorded, with what callers were told in between. For the last moment before
each sync was over, three images of the files are built: nothing of what was at risk, everything, and something of it.
Claimed of each image: it opens undamaged, holds every order that had been acknowledged and none that was not executed,
is traded on, and its books are right.
"""

import shutil
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaigns import books
from campaigns import scene as scenes
from campaigns.answers import is_definite, is_fill, said, wait
from campaigns.campaign import Figures, Trial, insist
from campaigns.crowd import Crowd
from campaigns.databases import sqlite
from campaigns.images import Image, Recorder, moments
from campaigns.orders import orders
from campaigns.vfs import watched
from exchange_driver import START
from sqlalchemy import Engine, event

from core.database import open_engine
from core.exchange import trading
from core.writer import Writer

FILE = "exchange.db"
CLIENTS = 4
SYNCS_A_ROUND = 60
ANSWERS_A_ROUND = 300
CHECKPOINT_PAGES = 200  # The exchange's own 4,000 would seldom come to a checkpoint in so short a round.


def power(trial: Trial, synchronous: str = "FULL") -> Figures:
    """With a weaker setting than the exchange's own the promise must break, which shows that the campaign can see it."""
    return _Cuts(trial, synchronous).run()


class _Cuts:
    def __init__(self, trial: Trial, synchronous: str) -> None:
        self._trial, self._synchronous = trial, synchronous
        template = trial.folder / "scene.db"
        self._orders = orders(scenes.build(sqlite(template)), trial.seed)
        self._before = {FILE: template.read_bytes()}
        self._counted = Counter[str]()

    def run(self) -> Figures:
        while self._counted["images"] < self._trial.times:
            self._counted["rounds"] += 1
            folder = self._trial.folder / f"round-{self._counted['rounds']}"
            folder.mkdir()
            recorder = Recorder()
            with watched(recorder):
                self._trade(folder, recorder)
            self._cut(folder, recorder)
            shutil.rmtree(folder)
        return {**self._counted, "lost, changed or damaged": 0}

    def _trade(self, folder: Path, recorder: Recorder) -> None:
        """A while of trading; what was recorded makes up the files to the last byte, or the record would prove nothing."""
        (folder / FILE).write_bytes(self._before[FILE])
        engine = self._engine(folder / FILE)
        writer = Writer(engine, lambda: START, batched={trading.execute})

        def hear(key: str, answer: Any) -> None:
            insist(is_definite(answer), f"{key} was answered {answer!r}")
            if is_fill(said(answer)):
                recorder.tell(key, said(answer))
                self._counted["acknowledged fills"] += 1

        crowd = Crowd(
            folder.name, CLIENTS, self._orders, lambda order: writer.submit(trading.execute, order), hear
        )
        crowd.start()
        while recorder.syncs < SYNCS_A_ROUND and recorder.answers < ANSWERS_A_ROUND:
            crowd.check()
            time.sleep(0.001)
        crowd.stop()
        writer.close()
        _insist_on_the_record(folder, recorder, self._before)
        engine.dispose()
        _insist_on_the_record(folder, recorder, self._before)

    def _cut(self, folder: Path, recorder: Recorder) -> None:
        engine = open_engine(f"sqlite:///{folder / FILE}")
        executed = books.fills(engine)
        engine.dispose()
        chance = self._trial.chance(folder.name)
        for number, moment in enumerate(moments(recorder.events, self._before)):
            self._counted["moments"] += 1
            self._counted["moments in a checkpoint"] += any(each.file == FILE for each in moment.at_risk)
            for kind, image in moment.images(chance):
                where = folder / f"moment-{number}-{kind}"
                where.mkdir()
                self._check(where, image, moment.told, executed)
                shutil.rmtree(where)
                self._counted["images"] += 1
                self._trial.step(1)
                if self._counted["images"] == self._trial.times:
                    return

    def _check(self, where: Path, image: Image, told: Mapping[str, str], executed: Mapping[str, str]) -> None:
        for name, content in image.items():
            (where / name).write_bytes(content)
        engine = open_engine(f"sqlite:///{where / FILE}")
        books.check_file(engine)
        kept = books.fills(engine)
        lost = told.items() - kept.items()
        insist(not lost, f"{len(lost)} of {len(told)} acknowledged orders are lost in {where}")
        more = kept.items() - executed.items()
        insist(not more, f"{len(more)} orders in {where} were never executed")
        self._trade_on(engine, kept)
        books.prove(engine)
        engine.dispose()

    def _trade_on(self, engine: Engine, kept: Mapping[str, str]) -> None:
        """What was executed is told again, and something new is decided on."""
        writer = Writer(engine, lambda: START, batched={trading.execute})
        for key in [*list(kept)[-1:], "after the power came back"]:
            answer = wait(writer.submit(trading.execute, self._orders(key)))
            insist(is_definite(answer), f"{key} was answered {answer!r}")
            insist(kept.get(key, said(answer)) == said(answer), f"{key} was filled anew")
        writer.close()

    def _engine(self, file: Path) -> Engine:
        engine = open_engine(f"sqlite:///{file}")
        pragmas = (f"wal_autocheckpoint={CHECKPOINT_PAGES}", f"synchronous={self._synchronous}")

        @event.listens_for(engine, "connect")
        def change(connection: Any, _record: object) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        return engine


def _insist_on_the_record(folder: Path, recorder: Recorder, before: Mapping[str, bytes]) -> None:
    *_, last = moments(recorder.events, before)
    image = last.whole()
    for name in (FILE, f"{FILE}-wal"):
        file = folder / name
        found = file.read_bytes() if file.exists() else b""
        insist(found == bytes(image.get(name, b"")), f"{file} is not what was recorded of it")
