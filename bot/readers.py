"""Who reads, and in which locale: as Slack knows each person, remembered for a while, and never waited for long."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import numerals
from bot.numerals import Numerals

_log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.5  # A trigger lives three seconds, and numbers can be read in any locale.
KEPT, TRIED_AGAIN = timedelta(hours=12), timedelta(minutes=5)
REMEMBERED_MOST = 10_000


@dataclass(frozen=True)
class _Known:
    numerals: Numerals
    zone: str | None
    until: datetime


class Readers:
    """What a person reads is written as they write numbers; what a channel reads, by default."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], datetime], default: Numerals) -> None:
        self._client = client
        self._clock = clock
        self._default = default
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def of(self, slack_id: str) -> Numerals:
        """Of whoever reads there: a person or a channel. Slack is asked once at a time for each person."""
        if not slack_id.startswith(("U", "W")):
            return self._default
        known = self._known.get(slack_id)
        if known is None or known.until <= self._clock():
            if slack_id not in self._asking:
                self._asking[slack_id] = asyncio.create_task(self._ask(slack_id))
            await asyncio.wait([self._asking[slack_id]], timeout=PATIENCE_SECONDS)
            known = self._known.get(slack_id)
        return known.numerals if known else self._default

    def zone_of(self, slack_id: str) -> str | None:
        """The time zone of somebody who was asked about before, as far as Slack said it."""
        known = self._known.get(slack_id)
        return known.zone if known else None

    async def stop(self) -> None:
        """Nobody waits for an answer any more."""
        for asking in [*self._asking.values()]:
            asking.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _ask(self, user_id: str) -> None:
        try:
            answer = await self._client.users_info(user=user_id, include_locale=True)
            found, kept = numerals.of(str(answer["user"]["locale"])), KEPT
            zone = answer["user"].get("tz")
        except (
            SlackApiError,
            ClientError,
            TimeoutError,
            OSError,
            LookupError,
            TypeError,
            ValueError,
        ) as problem:
            _log.warning("the locale of %s is not known: %s", user_id, problem)
            before = self._known.get(user_id)
            found, kept = before.numerals if before else self._default, TRIED_AGAIN
            zone = before.zone if before else None
        finally:
            del self._asking[user_id]
        self._known[user_id] = _Known(found, zone, self._clock() + kept)
        self._known.move_to_end(user_id)
        while len(self._known) > REMEMBERED_MOST:
            self._known.popitem(last=False)
