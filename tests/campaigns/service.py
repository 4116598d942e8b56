"""An exchange served by this process, through any trouble, to callers who ask again until they are decided on."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from campaigns import books
from campaigns.acknowledged import Acknowledged
from campaigns.answers import is_definite, is_fault, kind, said, wait
from campaigns.campaign import Figures, insist, spread
from campaigns.crowd import Crowd
from campaigns.orders import Orders
from exchange_driver import START

from core.database import open_engine, reading
from core.exchange import board, trading
from core.exchange.trading import Order
from core.writer import Writer

CLIENTS = 16
BACK_SECONDS = 20


class Service:
    """One engine and one writer for its whole life; whatever happens to the database, nobody restarts them."""

    def __init__(self, url: str, orders: Orders, folder: Path) -> None:
        self.engine = open_engine(url)
        self.reads = self.undecided = 0
        self._orders = orders
        self._now = START
        self._writer = Writer(self.engine, lambda: self._now, batched={trading.execute})
        self._told = Acknowledged(folder / "acknowledged")
        self._answers = Counter[str]()
        self._decided_at = 0.0
        self._back_after: list[float] = []
        self._crowd = Crowd("crowd", CLIENTS, orders, self._submit, self._hear, persistent=True)

    def start(self) -> None:
        self._crowd.start()

    def fill(self, orders: int) -> None:
        """So many orders at once, before anybody else asks."""
        keys = [f"first-{number}" for number in range(orders)]
        for key, future in [(key, self._submit(self._orders(key))) for key in keys]:
            self._hear(key, wait(future))

    def come_back(self) -> None:
        """The trouble is over: soon some order is decided on."""
        began = time.monotonic()
        while self._decided_at < began:
            self._crowd.check()
            is_late = time.monotonic() > began + BACK_SECONDS
            insist(not is_late, "the trouble is over, and the writer does not go on")
            time.sleep(0.002)
        self._back_after.append(self._decided_at - began)
        self._now += timedelta(seconds=1)

    def finish(self) -> Figures:
        """Lets every caller be decided on, and compares what they were told with the books."""
        self._crowd.stop()
        self._writer.close()
        self._told.close()
        undecided = self._crowd.undecided
        insist(not undecided, f"{len(undecided)} orders were never decided on: {undecided[:5]}")
        self._told.compare(books.fills(self.engine))
        books.prove(self.engine)
        self.engine.dispose()
        unclear = {name: n for name, n in self._answers.items() if is_fault(name) or name == "Busy"}
        return {
            "acknowledged fills": len(self._told),
            "answers that decided nothing, asked again": sum(unclear.values()),
            "their kinds": ", ".join(f"{name} {n}" for name, n in sorted(unclear.items())) or "none",
            "longest wait for an answer": f"{self._crowd.longest_wait * 1000:.0f} ms",
            "lost, changed or doubled": 0,
            "going on once the trouble is over": spread(self._back_after),
        }

    @contextmanager
    def read_on(self) -> Iterator[None]:
        """Meanwhile somebody reads, and every read works."""
        stopping = threading.Event()
        problems: list[Exception] = []

        def read() -> None:
            while not stopping.wait(0.01):
                try:
                    self._read()
                except Exception as problem:  # noqa: BLE001 - any is one too many
                    problems.append(problem)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        yield
        stopping.set()
        reader.join()
        insist(not problems, f"{len(problems)} reads failed, the first with {problems[:1]}")

    def _read(self) -> None:
        order = self._orders("a question only")
        with reading(self.engine) as connection:
            board.decisions_for(connection, order.by, self._now)
            trading.purse(connection, order.by, order.market_id, self._now)
        self.reads += 1

    def _submit(self, order: Order) -> Any:
        return self._writer.submit(trading.execute, order)

    def _hear(self, key: str, answer: Any) -> None:
        if is_definite(answer):
            self._decided_at = time.monotonic()
            self._told.tell(key, said(answer))
        else:
            self.undecided += 1
        self._answers[kind(said(answer))] += 1
