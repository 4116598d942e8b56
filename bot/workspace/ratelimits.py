"""Slack's limits by tier, played only when they are switched on: so many calls a minute of each method."""

import math
import time
from typing import Any

TIERS = {2: 20, 3: 50, 4: 100}  # Calls a minute.
TIER_OF = {
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
    "chat.postEphemeral": 4,
    "users.info": 4,
    "conversations.members": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.info": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.open": 3,
    "conversations.join": 3,
    "users.lookupByEmail": 3,
    "team.info": 3,
    "bots.info": 3,
    "reactions.add": 3,
    "apps.connections.open": 3,
    "users.list": 2,
    "conversations.list": 2,
    "pins.add": 2,
    "bookmarks.add": 2,
}
POSTS_AT_ONCE = 3  # A channel takes a post a second, and short bursts.


class Bucket:
    """Holds so many calls, and refills steadily."""

    def __init__(self, size: int, per_second: float) -> None:
        self._size, self._per_second = size, per_second
        self._held, self._at = float(size), time.monotonic()

    def take(self) -> int:
        """0, or after how many whole seconds it is worth asking again."""
        now = time.monotonic()
        self._held = min(self._size, self._held + (now - self._at) * self._per_second)
        self._at = now
        if self._held < 1:
            return math.ceil((1 - self._held) / self._per_second)
        self._held -= 1
        return 0


class RateLimits:
    """Measured in real time, as an app waits in real time."""

    def __init__(self) -> None:
        self.is_on = False
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def switch(self, *, on: bool) -> None:
        self.is_on = on
        self._buckets.clear()

    def take(self, method: str, arguments: dict[str, Any]) -> int:
        """0 if the call may be made now, else its Retry-After."""
        if not self.is_on:
            return 0
        if method == "chat.postMessage":
            key = (method, str(arguments.get("channel")))
            return self._buckets.setdefault(key, Bucket(POSTS_AT_ONCE, 1)).take()
        if method not in TIER_OF:
            return 0
        calls = TIERS[TIER_OF[method]]
        return self._buckets.setdefault((method, ""), Bucket(calls, calls / 60)).take()
