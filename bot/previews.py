"""Previews: a view that follows what is typed into it, however fast that comes."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

_VIEWS_REMEMBERED = 1000


@dataclass
class Previews:
    """Keeps the newest keystroke: of the updates of one view, an older one never overwrites a newer one."""

    _latest: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def update(
        self, client: AsyncWebClient, view_id: str, action_ts: str, view: dict[str, Any]
    ) -> None:
        async with self._locks.setdefault(view_id, asyncio.Lock()):
            if action_ts <= self._latest.get(view_id, ""):
                return
            self._remember(view_id, action_ts)
            try:
                await client.views_update(view_id=view_id, view=view)
            except SlackApiError as problem:
                if error_of(problem) != "not_found":  # Closed while the quote was on its way.
                    raise

    def _remember(self, view_id: str, action_ts: str) -> None:
        self._latest[view_id] = action_ts
        self._latest.move_to_end(view_id)
        while len(self._latest) > _VIEWS_REMEMBERED:
            self._locks.pop(self._latest.popitem(last=False)[0], None)


def error_of(problem: SlackApiError) -> str:
    """Slack's word for it; there is none in an answer that is no JSON."""
    said = getattr(problem.response, "data", None)
    return str(said.get("error")) if isinstance(said, dict) else ""
