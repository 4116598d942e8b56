"""Tells whoever waits that something may have changed; what exactly, they look up themselves."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Changes:
    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self.is_closed = False
        self.on_change: Callable[[], None] | None = None

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)

    def announce(self) -> None:
        for event in self._waiting:
            event.set()
        if self.on_change:
            self.on_change()

    def close(self) -> None:
        """Ends all streams, so that the server can stop at once."""
        self.is_closed = True
        for event in self._waiting:
            event.set()
