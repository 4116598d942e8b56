"""Deliveries that come twice: Slack sends an event again whose ack it lost, and networks may repeat anything.

A repeated delivery gets the answer of the first, and is not done again. That holds in one process; across several,
order keys, view ids and state guards keep what was done from being done again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse

REMEMBERED = 500


class Heard:
    def __init__(self) -> None:
        self._answers: OrderedDict[str, asyncio.Future[BoltResponse]] = OrderedDict()

    async def once(
        self, payload: Mapping[str, Any], answer: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """The delivery's answer; while the first is still being answered, the second waits for it."""
        name = payload.get("event_id") or payload.get("trigger_id")
        if name is None:
            return await answer()
        if name in self._answers:
            return await asyncio.shield(self._answers[name])
        self._answers[name] = first = asyncio.get_running_loop().create_future()
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        try:
            response = await answer()
        except BaseException:  # Whoever repeats what was broken off is heard anew.
            self._answers.pop(name, None)
            first.cancel()
            raise
        first.set_result(response)
        return response
