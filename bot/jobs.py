"""The heartbeat: APScheduler says when, the agenda says what, the writer does it once."""

import logging

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.door import Exchange
from bot.outbox import Outbox
from core.errors import Busy
from core.exchange import agenda

_log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0


def start(exchange: Exchange, outbox: Outbox, beat_seconds: float = BEAT_SECONDS) -> AsyncIOScheduler:
    """Beats until it is shut down. A beat that is missed is made up by the next, since all state is in the database."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    settings = {"seconds": beat_seconds, "coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    scheduler.add_job(beat, "interval", args=[exchange], id="agenda", **settings)
    scheduler.add_job(outbox.deliver, "interval", id="outbox", **settings)
    scheduler.start()
    return scheduler


async def beat(exchange: Exchange) -> None:
    """Does everything that is due; one act that fails does not keep the others from happening."""
    for due in await exchange.read(agenda.due, exchange.clock()):
        try:
            await exchange.write(due.act, due.about)
        except Busy:
            return  # It stays due, and the next beat finds it.
        except Exception:  # noqa: BLE001 - the other acts must still happen
            _log.exception("%s of %s failed and stays due", due.act.__name__, due.about)
