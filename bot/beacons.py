"""Beacons: the value of each that is due is fetched from where it was said to stand; what fails is asked again later."""

import logging

from bot.door import Exchange
from bot.sources.failed import Failed
from core.errors import Busy, NotOpen, Refusal
from core.exchange import drawing
from core.exchange.drawing import Awaited

_log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0


async def fetch_due(exchange: Exchange) -> None:
    """Draws by every beacon whose value is there; one that fails does not keep the others from being asked."""
    for awaited in await exchange.read(drawing.awaited, "", exchange.clock()):
        tried_at = exchange.clock()
        try:
            value = await fetched(exchange, awaited)
        except Failed as failed:
            _log.warning("the beacon of D-%s gives no value: %s", awaited.decision_id, failed.why)
            await exchange.write(drawing.missed, awaited.decision_id, tried_at)
            continue
        await _draw(exchange, awaited, value)


async def fetched(exchange: Exchange, awaited: Awaited) -> str:
    """The beacon's value, a text or a whole number, read as any source is. Raises Failed."""
    settings = {"url": awaited.beacon.url, "value": awaited.beacon.value_at}
    found = (await exchange.sources.read("http", settings, TIMEOUT_SECONDS)).raw
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise Failed("nothing_there", awaited.beacon.value_at)
    return str(found)


async def _draw(exchange: Exchange, awaited: Awaited, value: str) -> None:
    try:
        await exchange.write(drawing.draw, awaited.decision_id, value)
    except (Busy, NotOpen):
        _log.info("D-%s is asked again, or was drawn meanwhile", awaited.decision_id)
    except Refusal as problem:  # A value that cannot be kept is none.
        _log.warning("the beacon of D-%s gives what cannot be used: %r", awaited.decision_id, problem)
        await exchange.write(drawing.missed, awaited.decision_id, exchange.clock())
