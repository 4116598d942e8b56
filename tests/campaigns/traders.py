"""Campaign: crowds of traders at once, while decisions close, are recorded, swept and settled and credit is granted.

SQLite is served by one process with 64 clients, PostgreSQL by four. Claimed: the books are right and nobody is
overdrawn; callers never see a conflict between processes; and every answer, refusals included, equals that of one serial
order: the turns, done one after the other on a fresh database, give the same answers and the same balances.
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping

from campaigns import books
from campaigns import scene as scenes
from campaigns.answers import is_fault, is_fill, kind
from campaigns.campaign import Figures, Trial, insist
from campaigns.child import Child
from campaigns.clock import SharedClock
from campaigns.databases import database, sqlite
from campaigns.orders import orders
from campaigns.process import ERROR, Job
from campaigns.replay import insist_on_journal_order, quick, replay
from campaigns.scene import SPAN, Scene
from campaigns.witness import Turn, prepare
from exchange_driver import START

from core.database import open_engine
from core.errors import Refusal

CLIENTS = 64
PROCESSES = {"sqlite": 1, "postgresql": 4}
TRADERS = 230  # More than one slice of holders, so that trades come between the slices of a sweep.
QUESTIONS, DECISIONS = 3, 5
REFUSALS = {kind.__name__ for kind in Refusal.__subclasses__()}
STUCK_SECONDS = 60
STEPS = 200  # Of time, from START to the end of SPAN.


def traders(trial: Trial) -> Figures:
    with database(trial.engine, trial.folder) as url:
        scene = scenes.build(url, TRADERS, QUESTIONS, DECISIONS)
        scene.save(trial.folder / "scene.json")
        prepare(url)
        return _check(trial, url, scene, _serve(trial, url))


class _Heard:
    """All turns of all processes, and what else they reported."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.counted = Counter[str]()
        self.errors = Counter[str]()
        self._lock = threading.Lock()

    def __call__(self, turn: Turn) -> None:
        with self._lock:
            if turn.asked == ERROR:
                self.errors[turn.answer] += 1
            else:
                self.counted[kind(turn.answer)] += 1
                if turn.number:
                    self.turns.append(turn)

    @property
    def trades(self) -> int:
        return self.counted["Fill"]


def _serve(trial: Trial, url: str) -> _Heard:
    """Lets all processes trade until there are enough trades, and every client has its last answer."""
    clock = SharedClock(trial.folder / "clock")
    clock.set(START)
    heard = _Heard()
    jobs = [
        Job(url, str(trial.folder), trial.seed, f"process{number}", CLIENTS, is_witnessed=True)
        for number in range(PROCESSES[trial.engine])
    ]
    children = [Child(job, heard) for job in jobs]
    try:
        for child in children:
            child.go()
        _wait(trial, heard, clock)
    except BaseException:
        for child in children:
            child.kill()
        raise
    statuses = [child.finish() for child in children]
    insist(not any(statuses), f"a process ended with status {statuses}")
    faults = {name: n for name, n in heard.counted.items() if is_fault(name)}
    insist(not faults, f"callers were answered with {faults}")
    return heard


def _wait(trial: Trial, heard: _Heard, clock: SharedClock) -> None:
    """Time goes with the trades, a little faster, so that all that can come to an end has come to it when they are done."""
    seen, last = 0, time.monotonic()
    while seen < trial.times:
        time.sleep(0.01)
        now = min(heard.trades, trial.times)
        if now > seen:
            last = time.monotonic()
        insist(time.monotonic() < last + STUCK_SECONDS, f"nobody traded for {STUCK_SECONDS} s")
        trial.step(now - seen)
        seen = now
        clock.set(START + SPAN * min(1.0, 1.2 * (seen * STEPS // trial.times) / STEPS))


def _check(trial: Trial, url: str, scene: Scene, heard: _Heard) -> Figures:
    engine = open_engine(url)
    turns = sorted(heard.turns)
    filled = [turn for turn in turns if is_fill(turn.answer)]
    kept = books.fills(engine)
    insist(len(kept) == len(filled), f"{len(kept)} trades are kept, {len(filled)} were acknowledged")
    insist(kept == {turn.asked: turn.answer for turn in filled}, "a fill is not what was acknowledged")
    books.prove(engine)
    asked = orders(scene, trial.seed)
    insist_on_journal_order(turns, books.entry_ids(engine), asked, scene)
    began = time.monotonic()
    balances, entries = books.balances(engine), books.kinds(engine)
    engine.dispose()
    again = quick(sqlite(trial.folder / "replay.db"))
    insist(
        scenes.build(str(again.url), TRADERS, QUESTIONS, DECISIONS) == scene, "the scene was built otherwise"
    )
    replay(again, turns, asked, trial.chance("replay"))
    insist(books.balances(again) == balances, "the balances differ from those of the serial order")
    again.dispose()
    return {
        "trades": len(filled),
        "entries of the journal": _list(entries),
        "other answers held against the serial order": len(turns) - len(filled),
        "refusals": _list({k: n for k, n in heard.counted.items() if k in REFUSALS}),
        "errors of the database that no caller saw": _list(heard.errors),
        "differences from the serial order": 0,
        "seconds of the serial order": round(time.monotonic() - began),
    }


def _list(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counted.items())) or "none"
