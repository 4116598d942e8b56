"""The heartbeat: APScheduler says when, the agenda says what, the writer does it once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import beacons
from bot.door import Exchange
from bot.outbox import Outbox
from bot.sources.collector import collect
from core.errors import Busy
from core.exchange import agenda

_log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
STILL_BEATS = 3  # After so many without one, the scheduler waits for a time that does not come.

# A beat that takes longer than a second skips the next one, which is as it should be and no news.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Heartbeat:
    """Beats from the start on. A beat that is missed is made up by the next, since all state is in the database."""

    def __init__(self, exchange: Exchange, outbox: Outbox, beat_seconds: float = BEAT_SECONDS) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._beating: list[asyncio.Lock] = []
        self._exchange = exchange
        self.beaten_at: datetime | None = None
        self._every(beat_seconds, self._beat)
        self._every(beat_seconds, outbox.deliver)
        self._every(beat_seconds, lambda: collect(exchange))
        self._every(beat_seconds, self._fetch)
        self._scheduler.start()
        self._keeping_time = asyncio.create_task(self._keep_time(beat_seconds))

    async def stop(self) -> None:
        """Begins nothing more, and waits for what has begun."""
        self._scheduler.pause()
        self._keeping_time.cancel()
        for lock in self._beating:
            await lock.acquire()
        self._scheduler.shutdown(wait=False)

    async def _keep_time(self, seconds: float) -> None:
        """The scheduler goes by the machine's clock: set back by an hour, that would let the heart rest for an hour."""
        while True:
            before = {job.id: job.next_run_time for job in self._scheduler.get_jobs()}
            await asyncio.sleep(STILL_BEATS * seconds)
            for job in self._scheduler.get_jobs():
                if job.next_run_time == before.get(job.id):
                    job.reschedule("interval", seconds=seconds)

    async def _beat(self) -> None:
        await beat(self._exchange)
        self.beaten_at = self._exchange.clock()

    async def _fetch(self) -> None:
        """Beside the beat, which waits for nobody outside."""
        await beacons.fetch_due(self._exchange)

    def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        lock = asyncio.Lock()
        self._beating.append(lock)

        async def guarded() -> None:
            async with lock:
                await work()

        self._scheduler.add_job(
            guarded, "interval", seconds=seconds, coalesce=True, misfire_grace_time=None, max_instances=1
        )


async def beat(exchange: Exchange) -> None:
    """Does everything that is due; one act that fails does not keep the others from happening."""
    acts = exchange.metrics.acts
    for due in await exchange.read(agenda.due, exchange.clock()):
        try:
            await exchange.write(due.act, due.about)
            acts.labels(due.act.__name__, "done").inc()
        except Busy:
            return  # It stays due, and the next beat finds it.
        except Exception:  # noqa: BLE001 - the other acts must still happen
            acts.labels(due.act.__name__, "failed").inc()
            _log.exception("%s of %s failed and stays due", due.act.__name__, due.about)
