"""The outbox: claims what is to be told, lane by lane, has it posted, and marks it told."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import numerals
from bot.door import Exchange
from bot.posting import Parcel, Poster, channel_of, trouble_of
from bot.readers import Readers
from core.errors import Busy
from core.exchange import notifying, telling
from core.exchange.telling import Announcement

_log = logging.getLogger(__name__)

PACE_SECONDS = 1.0  # What Slack allows a channel.
ATTEMPTS_MOST = 12
PAUSE_MOST_SECONDS = 3600
LANES_MOST = 16
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
# A channel where it helps that an admin does something: then every admin is told.
_MENDABLE = {"not_in_channel", "channel_not_found", "is_archived"}
_HOPELESS = {"channel_not_found", "is_archived", "invalid_blocks", "user_not_found", "cannot_dm_bot"}


class Outbox:
    """Tells every lane in order, at most one message a ``pace_seconds``; lanes do not wait for each other."""

    def __init__(
        self, exchange: Exchange, client: AsyncWebClient, readers: Readers, pace_seconds: float = PACE_SECONDS
    ) -> None:
        self._exchange = exchange
        self._poster = Poster(exchange, client)
        self._readers = readers
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
        """In the numerals of whoever reads it."""
        try:
            with numerals.read_by(await self._readers.of(channel_of(claimed[0]))):
                await self._tell_all(address, claimed)
        finally:
            del self._lanes[address]

    async def _tell_all(self, address: str, claimed: list[Announcement]) -> None:
        """A process that stood still until its lease may end leaves the lane to whoever takes it then."""
        leased_until = claimed[0].leased_until
        for parcel in _parcels(claimed):
            if self._exchange.clock() > leased_until - telling.LEASE / 2:
                return
            told_until = await self._tell(parcel)
            if told_until is None:
                return
            leased_until = told_until
            await asyncio.sleep(self._pace_seconds)
        await self._write(telling.release, address)

    async def _tell(self, parcel: Parcel) -> datetime | None:
        """Until when the lane goes on being ours; what failed is put off, or given up if it can never work."""
        try:
            receipts = await self._poster.post(parcel)
        except SlackApiError as problem:
            error, pause = trouble_of(problem), _retry_after(problem)
            is_worn = _attempts(parcel) >= ATTEMPTS_MOST and error not in _PATIENT
            is_refused = error in _HOPELESS or is_worn
            return await self._failed(parcel, error, pause, is_refused=is_refused)
        except (
            ClientError,
            TimeoutError,
            OSError,
        ) as problem:  # However long Slack cannot be reached, it is told then.
            return await self._failed(parcel, repr(problem), None, is_refused=False)
        except Exception:  # noqa: BLE001 - one message that cannot be drawn must not stop its lane
            _log.exception("announcement %s cannot be drawn", parcel[0].key)
            is_worn = _attempts(parcel) >= ATTEMPTS_MOST
            return await self._failed(parcel, "a fault of ours", None, is_refused=is_worn)
        for announcement in parcel:
            leased_until: datetime = await self._write(telling.told, announcement, receipts[announcement.key])
            self._exchange.metrics.announcements.labels("told").inc()
        return leased_until

    async def _apart(self, parcel: Parcel) -> datetime | None:
        """One by one, so that what can never be told takes nothing else with it."""
        for announcement in parcel:
            leased_until = await self._tell([announcement])
            if leased_until is None:
                break
        return leased_until

    async def _write(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """A write that must not be lost because the exchange is busy: what was posted once would be posted again."""
        while True:
            try:
                return await self._exchange.write(use_case, *args)
            except Busy:
                await asyncio.sleep(1)

    async def _failed(
        self, parcel: Parcel, error: str, pause: float | None, *, is_refused: bool
    ) -> datetime | None:
        if is_refused and len(parcel) > 1:
            return await self._apart(parcel)
        if error in _MENDABLE and channel_of(parcel[0]).startswith(("C", "G")):
            await self._write(telling.unreachable, parcel[0].address, error)
        outcome = "given_up" if is_refused else "postponed"
        self._exchange.metrics.announcements.labels(outcome).inc(len(parcel))
        keys = ", ".join(each.key for each in parcel)
        if is_refused:
            _log.error("announcement %s cannot be told: %s", keys, error)
            for announcement in parcel:
                leased_until: datetime = await self._write(telling.give_up, announcement)
            return leased_until
        seconds = pause or min(2 ** _attempts(parcel), PAUSE_MOST_SECONDS)
        _log.warning("announcement %s waits %s s: %s", keys, seconds, error)
        until = self._exchange.clock() + timedelta(seconds=seconds)
        for announcement in parcel:
            await self._write(telling.postpone, announcement, until)
        return None


def _parcels(claimed: Sequence[Announcement]) -> list[Parcel]:
    """What is told in one message: all that may wait together, in the place of the first of them; the rest alone."""
    together = [each for each in claimed if notifying.topic_of(each.kind)]
    found: list[Parcel] = []
    for announcement in claimed:
        if announcement not in together:
            found.append([announcement])
        elif announcement is together[0]:
            found.append(together)
    return found


def _attempts(parcel: Parcel) -> int:
    return max(announcement.attempts for announcement in parcel)


def _retry_after(problem: SlackApiError) -> float | None:
    if not isinstance(problem.response, AsyncSlackResponse) or problem.response.status_code != 429:
        return None
    return float(problem.response.headers.get("Retry-After", 30))
