"""Beacons: the value of each that is due is fetched from where it was said to stand; what fails is asked again later."""

import json
import logging
from typing import Any

import httpx
import jmespath
from jmespath.exceptions import JMESPathError

from bot.door import Exchange
from core.errors import Busy, NotOpen, Refusal
from core.exchange import drawing
from core.exchange.drawing import Awaited

_log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0
BODY_MOST = 1_000_000


class NoValue(Exception):  # noqa: N818 - a state of the source, not of the code
    """The source answered, and what it said holds no value."""


async def fetch_due(exchange: Exchange) -> None:
    """Draws by every beacon whose value is there; one that fails does not keep the others from being asked."""
    for awaited in await exchange.read(drawing.awaited, "", exchange.clock()):
        tried_at = exchange.clock()
        try:
            value = await fetched(awaited)
        except (httpx.HTTPError, httpx.InvalidURL, NoValue) as problem:
            _log.warning("the beacon of D-%s gives no value: %r", awaited.decision_id, problem)
            await exchange.write(drawing.missed, awaited.decision_id, tried_at)
            continue
        await _draw(exchange, awaited, value)


async def fetched(awaited: Awaited) -> str:
    """The beacon's value as text. Raises NoValue, or what HTTP raises."""
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
        client.stream("GET", awaited.beacon.url) as answer,
    ):
        answer.raise_for_status()
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > BODY_MOST:
                raise NoValue("it is too long")
    return value_in(body, awaited.beacon.value_at)


def value_in(body: bytes, value_at: str) -> str:
    """What stands at a place in JSON, if that is a text or a whole number. Raises NoValue."""
    try:
        found: Any = jmespath.search(value_at, json.loads(body))
    except (ValueError, RecursionError, JMESPathError):
        raise NoValue("it is no JSON") from None
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise NoValue(f"there is no value at {value_at}")
    return str(found)


async def _draw(exchange: Exchange, awaited: Awaited, value: str) -> None:
    try:
        await exchange.write(drawing.draw, awaited.decision_id, value, None)
    except (Busy, NotOpen):
        _log.info("D-%s is asked again, or was drawn meanwhile", awaited.decision_id)
    except Refusal as problem:  # A value that cannot be kept is none.
        _log.warning("the beacon of D-%s gives what cannot be used: %r", awaited.decision_id, problem)
        await exchange.write(drawing.missed, awaited.decision_id, exchange.clock())
