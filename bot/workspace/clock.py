"""A clock that runs with the real one, ahead of it by an offset that only grows."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SteerableClock:
    """Time never runs back, since what was already posted would lie in the future: not if the machine's clock is set
    back, nor by steering.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._begun, self._began = datetime.now(UTC), time.monotonic()
        self._offset = offset
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return self._begun + timedelta(seconds=time.monotonic() - self._began) + self.offset

    @property
    def offset(self) -> timedelta:
        with self._lock:
            return self._offset

    def advance(self, span: timedelta) -> None:
        """Raises ValueError for a span that is negative."""
        if span < timedelta(0):
            raise ValueError("the clock only goes forward")
        with self._lock:
            self._offset += span
