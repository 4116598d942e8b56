"""The process that tells: an outbox on the campaign's database and clock, which beats until it is killed."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from campaigns.clock import SharedClock
from slack_sdk.web.async_client import AsyncWebClient

from bot.door import Exchange
from bot.numerals import ENGLISH
from bot.outbox import Outbox
from bot.readers import Readers
from core.database import open_engine
from core.writer import Writer

BEAT_SECONDS = 0.01
PACE_SECONDS = 0.015


@dataclass(frozen=True)
class Telling:
    """What one process is given."""

    url: str
    clock: str
    slack: str
    token: str


async def tell(job: Telling) -> None:
    clock = SharedClock(Path(job.clock))
    engine = open_engine(job.url)
    exchange = Exchange(engine, Writer(engine, clock), clock, "")
    client = AsyncWebClient(job.token, base_url=f"{job.slack}/api/")
    outbox = Outbox(exchange, client, Readers(client, clock, ENGLISH), PACE_SECONDS)
    sys.stdout.write("telling\n")
    sys.stdout.flush()
    while True:
        await outbox.deliver()
        await asyncio.sleep(BEAT_SECONDS)


if __name__ == "__main__":
    asyncio.run(tell(Telling(**json.loads(sys.argv[1]))))
