"""Clients in threads, each of which asks, waits for the answer, and asks the next."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from typing import Any

from campaigns.answers import is_definite, wait
from campaigns.orders import Orders

from core.exchange.trading import Order

Submit = Callable[[Order], Future[Any]]
PAUSE_SECONDS = 0.02
GIVE_UP_SECONDS = 30


class Crowd:
    """``hear`` is told every answer with its key, one at a time. Client 3 of the crowd ``a`` asks with the keys a-3-0, a-3-1, ...

    A persistent crowd asks again with the same key until the answer is definite, as a caller should whose answer was
    Busy or an exception. Keys that were never decided on, however long it asked, are ``undecided``.
    """

    def __init__(
        self,
        name: str,
        clients: int,
        orders: Orders,
        submit: Submit,
        hear: Callable[[str, Any], None],
        *,
        persistent: bool = False,
    ) -> None:
        self._name, self._orders, self._submit, self._hear = name, orders, submit, hear
        self._persistent = persistent
        self._hearing = threading.Lock()
        self.longest_wait = 0.0
        self.undecided: list[str] = []
        self._problems: list[Exception] = []
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._trade, args=(n,), daemon=True) for n in range(clients)]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Returns when every client has its last answer. Raises what stopped a client before."""
        self._stopping.set()
        for each in self._threads:
            each.join()
        self.check()

    def check(self) -> None:
        """Raises what stopped a client: an answer that never came, or one that was not to be."""
        for problem in self._problems:
            raise problem

    def _trade(self, client: int) -> None:
        try:
            for number in count():
                if self._stopping.is_set():
                    return
                self._ask(f"{self._name}-{client}-{number}")
        except Exception as problem:  # noqa: BLE001 - raised again in the thread that waits
            self._problems.append(problem)

    def _ask(self, key: str) -> None:
        given_up_at = time.monotonic() + GIVE_UP_SECONDS
        while True:
            began = time.monotonic()
            answer = wait(self._submit(self._orders(key)))
            with self._hearing:
                self.longest_wait = max(self.longest_wait, time.monotonic() - began)
                self._hear(key, answer)
            if is_definite(answer) or not self._persistent:
                return
            if time.monotonic() > given_up_at:
                self.undecided.append(key)
                return
            time.sleep(PAUSE_SECONDS)
