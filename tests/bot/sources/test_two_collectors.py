"""Two processes that read the same sources at the same moment, on one PostgreSQL, file each reading once."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from elsewhere import Site
from exchange_driver import DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import func, select

from bot import door
from bot.sources import collector
from bot.sources.reading import Sources
from core.announcements.tables import announcement
from core.database import open_engine
from core.exchange import deciding, sourcing
from core.markets import sources
from core.markets.tables import reading

DECISIONS = 4
FREEZE = START + 30 * DAY


@pytest.fixture
def pair(server: Any, site: Site) -> Iterator[list[Exchange]]:
    """Some decisions whose metrics are to be read now, and two engines and writers on their database."""
    url = server.create(migrated=True)
    engines = [open_engine(url), open_engine(url)]
    running = [Exchange(engine) for engine in engines]
    one = running[0]
    one.grant("pool", 10_000)
    settings = {"url": site.say("/score", json.dumps({"score": 61.5})), "value": "score"}
    for _ in range(DECISIONS):
        opened = one.open()
        one.do(sourcing.configure, OWNER, opened.metric_ids[0], "http", settings, None)
    one.now = START + 7 * DAY
    one.run_due()
    for number in range(1, DECISIONS + 1):
        one.do(deciding.record, DECIDER, number, 1, "So it is.")
    for each in running:
        each.now = FREEZE
    one.run_due()
    yield running
    for each, engine in zip(running, engines, strict=True):
        each.close()
        engine.dispose()
    server.drop(url)


def collect(running: list[Exchange], *, times: int = 1) -> None:
    """Both do what a heartbeat does, at once."""
    together = threading.Barrier(len(running))

    def beat(each: Exchange) -> None:
        program = door.Exchange(
            each.engine, each.writer, lambda: each.now, "", sources=Sources(allows_private=True)
        )
        for _ in range(times):
            together.wait(timeout=60)
            asyncio.run(collector.collect(program))

    threads = [threading.Thread(target=beat, args=(each,)) for each in running]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def filed(exchange: Exchange) -> list[tuple[int, int]]:
    """How many readings each metric has."""
    of_each = select(reading.c.metric_id, func.count()).group_by(reading.c.metric_id)
    return [tuple(row) for row in exchange.fetch(of_each.order_by(reading.c.metric_id))]


def told(exchange: Exchange) -> int:
    counts = select(func.count()).select_from(announcement).where(announcement.c.kind == "reading")
    return int(exchange.fetch(counts)[0][0])


def once(exchange: Exchange) -> bool:
    """One reading a metric, told once in each of its decision's two channels."""
    readings = filed(exchange)
    return (
        len(readings) == DECISIONS
        and {count for _, count in readings} == {1}
        and told(exchange) == 2 * DECISIONS
    )


def test_whoever_claims_a_source_reads_it_alone(pair: list[Exchange], site: Site):
    before = len(site.asked)
    collect(pair, times=3)

    assert len(site.asked) - before == DECISIONS
    assert once(pair[0])
    assert pair[0].audit() == []


def test_one_that_hangs_until_its_lease_ends_files_nothing_beside_who_took_over(
    pair: list[Exchange], site: Site
):
    """Both have read it when either of them comes back: the answers wait for each other."""
    together, asked = threading.Barrier(2 * DECISIONS), threading.Semaphore(0)

    def answer() -> tuple[int, dict[str, str], bytes]:
        asked.release()
        together.wait(timeout=60)
        return 200, {}, json.dumps({"score": 61.5}).encode()

    site.answers["/score"] = answer
    first = threading.Thread(target=collect, args=(pair[:1],))
    first.start()
    for _ in range(DECISIONS):
        assert asked.acquire(timeout=60)
    pair[1].now = FREEZE + sources.LEASE + timedelta(seconds=1)
    collect(pair[1:])
    first.join(timeout=120)

    assert once(pair[0])
    assert pair[0].audit() == []
