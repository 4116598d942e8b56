"""The collector: reads every source that is due, and hands what it found, or what went wrong, to core."""

import asyncio
import logging

from bot import refusals
from bot.door import Exchange
from bot.sources import reading
from bot.sources.failed import Failed
from core.errors import Busy, Refusal
from core.exchange import collecting
from core.exchange.collecting import Claim

_log = logging.getLogger(__name__)


async def collect(exchange: Exchange) -> None:
    """One that hangs does not keep the others from being read; what is not finished stays due."""
    due = await exchange.read(collecting.due, exchange.clock())
    await asyncio.gather(*(_one(exchange, metric_id) for metric_id in due))


async def _one(exchange: Exchange, metric_id: int) -> None:
    try:
        claim: Claim | None = await exchange.write(collecting.claim, metric_id)
        if claim is not None:
            await _read(exchange, claim)
    except Busy:
        return  # The lease ends, and it is tried again.
    except Exception:  # noqa: BLE001 - others wait for their readings
        _log.exception("the source of metric %s could not be dealt with", metric_id)


async def _read(exchange: Exchange, claim: Claim) -> None:
    about = (claim.metric_id, claim.attempt)
    try:
        found = await exchange.sources.read(claim.kind, claim.settings)
        where = reading.where(claim.kind, claim.settings)
        await exchange.write(collecting.take, *about, found, where)
    except Failed as failed:
        _log.warning("the source of metric %s: %s", claim.metric_id, failed.why)
        await exchange.write(collecting.fail, *about, [failed.why, failed.detail])
    except Busy:
        raise
    except Refusal as refusal:
        await exchange.write(collecting.fail, *about, ["refused", refusals.sentence(refusal)])
