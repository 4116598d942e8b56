"""A clock that runs with the real one, ahead of it by an offset that only grows."""

import threading
from datetime import UTC, datetime, timedelta


class SteerableClock:
    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        with self._lock:
            return self._offset

    def advance(self, span: timedelta) -> None:
        """Time never runs back: what was already posted would lie in the future."""
        if span < timedelta(0):
            raise ValueError("the clock only goes forward")
        with self._lock:
            self._offset += span
