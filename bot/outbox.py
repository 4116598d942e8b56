"""The outbox: claims what is to be told, lane by lane, posts it, and marks it told."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.door import Exchange
from bot.reports import RENDERERS
from bot.reports.message import Message
from core.errors import Busy
from core.exchange import reporting, telling
from core.exchange.telling import Announcement

_log = logging.getLogger(__name__)

PACE_SECONDS = 1.0  # What Slack allows a channel.
ATTEMPTS_MOST = 12
PAUSE_MOST_SECONDS = 3600
LANES_MOST = 16
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
# Slack answers, but not yet: an outage, a limit, or a token that somebody has to renew.
_PATIENT = {
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "invalid_auth",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "not_in_channel",
}
_HOPELESS = {"channel_not_found", "is_archived", "invalid_blocks", "user_not_found", "cannot_dm_bot"}


class Outbox:
    """Tells every lane in order, at most one message a ``pace_seconds``; lanes do not wait for each other."""

    def __init__(
        self, exchange: Exchange, client: AsyncWebClient, pace_seconds: float = PACE_SECONDS
    ) -> None:
        self._exchange = exchange
        self._client = client
        self._pace_seconds = pace_seconds
        self._lanes: dict[str, asyncio.Task[None]] = {}

    async def deliver(self) -> None:
        """Claims every lane that has something due, and tells them side by side."""
        while len(self._lanes) < LANES_MOST:
            claimed = await self._exchange.write(telling.claim, list(self._lanes))
            if not claimed:
                return
            address = claimed[0].address
            self._lanes[address] = asyncio.create_task(self._tell_lane(address, claimed))

    async def finish(self) -> None:
        """Waits for what is being told."""
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _tell_lane(self, address: str, claimed: list[Announcement]) -> None:
        try:
            for announcement in claimed:
                if not await self._tell(announcement):
                    return
                await asyncio.sleep(self._pace_seconds)
            await self._write(telling.release, address)
        finally:
            del self._lanes[address]

    async def _tell(self, announcement: Announcement) -> bool:
        """Whether the lane goes on; what failed is put off, or given up if it can never work."""
        try:
            receipt = await self._post(announcement)
        except SlackApiError as problem:
            error, pause = _error(problem), _retry_after(problem)
            is_refused = error in _HOPELESS or (
                announcement.attempts >= ATTEMPTS_MOST and error not in _PATIENT
            )
            return await self._failed(announcement, error, pause, is_refused=is_refused)
        except (
            ClientError,
            TimeoutError,
            OSError,
        ) as problem:  # However long Slack cannot be reached, it is told then.
            return await self._failed(announcement, repr(problem), None, is_refused=False)
        except Exception:  # noqa: BLE001 - one message that cannot be drawn must not stop its lane
            _log.exception("announcement %s cannot be drawn", announcement.key)
            is_refused = announcement.attempts >= ATTEMPTS_MOST
            return await self._failed(announcement, "a fault of ours", None, is_refused=is_refused)
        await self._write(telling.told, announcement, receipt)
        return True

    async def _write(self, use_case: Callable[..., Any], *args: Any) -> None:
        """A write that must not be lost because the exchange is busy: what was posted once would be posted again."""
        while True:
            try:
                await self._exchange.write(use_case, *args)
            except Busy:
                await asyncio.sleep(1)
            else:
                return

    async def _post(self, announcement: Announcement) -> Mapping[str, Any]:
        payload = (await self._message(announcement)).payload()
        if announcement.receipt and await self._replace(announcement.receipt, payload):
            return announcement.receipt
        channel = announcement.address.rpartition("/")[2]
        posted = await self._client.chat_postMessage(
            channel=channel, unfurl_links=False, unfurl_media=False, **payload
        )
        return {"channel": posted["channel"], "ts": posted["ts"]}

    async def _replace(self, old: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
        """Whether the old message could be updated; one that somebody deleted is posted anew."""
        try:
            await self._client.chat_update(channel=old["channel"], ts=old["ts"], **payload)
        except SlackApiError as problem:
            if _error(problem) not in _GONE:
                raise
            return False
        return True

    async def _message(self, announcement: Announcement) -> Message:
        """A card shows the newest state; everything else says what was true when it happened."""
        facts = announcement.facts
        if announcement.kind == "card":
            now, decision_id = self._exchange.clock(), int(announcement.about.removeprefix("D-"))
            report = await self._exchange.read(reporting.report, announcement.address, decision_id, now)
            facts = asdict(report)
        return RENDERERS[announcement.kind](facts)

    async def _failed(
        self, announcement: Announcement, error: str, pause: float | None, *, is_refused: bool
    ) -> bool:
        if is_refused:
            _log.error("announcement %s cannot be told: %s", announcement.key, error)
            await self._write(telling.give_up, announcement)
            return True
        seconds = pause or min(2**announcement.attempts, PAUSE_MOST_SECONDS)
        _log.warning("announcement %s waits %s s: %s", announcement.key, seconds, error)
        until = self._exchange.clock() + timedelta(seconds=seconds)
        await self._write(telling.postpone, announcement, until)
        return False


def _error(problem: SlackApiError) -> str:
    """Slack's word for it; a proxy's answer that is no JSON counts as an outage."""
    response = problem.response
    return str(response.get("error")) if isinstance(response, AsyncSlackResponse) else "service_unavailable"


def _retry_after(problem: SlackApiError) -> float | None:
    if not isinstance(problem.response, AsyncSlackResponse) or problem.response.status_code != 429:
        return None
    return float(problem.response.headers.get("Retry-After", 30))
