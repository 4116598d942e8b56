"""A process that serves an exchange to a crowd of clients and reports each answer at once: the one that gets killed.

Started with its job as JSON, it says when it is loaded, waits for a line on its standard input, and serves until the
input ends. Each answer goes to standard output with one write, so that a kill loses nothing that was reported.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns import scene as scenes
from campaigns.answers import said
from campaigns.clock import SharedClock
from campaigns.crowd import Crowd
from campaigns.officers import Officers
from campaigns.orders import orders
from campaigns.witness import Turn, Witness
from sqlalchemy import event

from core.database import open_engine
from core.errors import Refusal
from core.exchange import trading
from core.exchange.trading import Order
from core.writer import Writer

LOADED = "loaded"
ERROR = "error of the database"


@dataclass(frozen=True)
class Job:
    """Which database to serve, to how many clients. If it is witnessed, answers come as turns and officers act too."""

    url: str
    folder: str
    seed: int
    name: str
    clients: int
    is_witnessed: bool = False


def serve(job: Job) -> None:
    folder = Path(job.folder)
    scene, clock = scenes.load(folder / "scene.json"), SharedClock(folder / "clock")
    engine = open_engine(job.url)
    event.listen(engine, "handle_error", _report_error)
    witness = Witness()
    execute: Callable[..., Any] = witness.execute if job.is_witnessed else trading.execute
    writer = Writer(engine, clock, batched={execute})

    def submit(order: Order) -> Future[Any]:
        return writer.submit(execute, order)

    def submit_deed(asked: str) -> Future[Any]:
        return writer.submit(witness.do, asked)

    crowd = Crowd(job.name, job.clients, orders(scene, job.seed), submit, report)
    with ExitStack() as ending:
        ending.callback(writer.close)
        if job.is_witnessed:
            officers = Officers(job.name, engine, scene, clock, submit_deed, report)
            officers.start()
            ending.callback(officers.stop)
        crowd.start()
        ending.callback(crowd.stop)
        sys.stdin.read()


def report(asked: str, answer: Any) -> None:
    """Writes one line to standard output; it is short enough to be written whole or not at all."""
    if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
        traceback.print_exception(answer)
    turn = answer if isinstance(answer, Turn) else Turn(0, 0, 0, asked, said(answer))
    os.write(sys.stdout.fileno(), turn.line())


def _report_error(context: Any) -> None:
    code = getattr(context.original_exception, "sqlstate", None) or type(context.original_exception).__name__
    report(ERROR, Turn(0, 0, 0, ERROR, code))


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    report(LOADED, None)
    if sys.stdin.readline():  # Nothing comes if the campaign has ended without it.
        serve(job)


if __name__ == "__main__":
    main()
