"""Two and four processes that ask one agenda at the same moment do each thing once, also where their clocks differ."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import func, select

from core.announcements.tables import announcement
from core.database import open_engine
from core.decisions.tables import report, schedule
from core.exchange import agenda, allocating, deciding, portfolios, resolving
from core.exchange.allocating import Assumption
from core.exchange.portfolios import MAIN
from core.exchange.trading import Act
from core.funding import lessons
from core.funding.tables import learned, portfolio_change
from core.ledger.tables import entry
from core.markets.tables import drip, market
from core.units import MICRO

DECISIONS = 6
NINE = START.replace(day=2, hour=9)
HOUR = timedelta(hours=1)


@pytest.fixture
def processes(server: Any) -> Iterator[Callable[[int], list[Exchange]]]:
    """So many engines and writers on one new PostgreSQL database, which has some open decisions."""
    url, engines, running = server.create(migrated=True), [], list[Exchange]()

    def start(number: int) -> list[Exchange]:
        engines.extend(open_engine(url) for _ in range(number))
        running.extend(Exchange(engine) for engine in engines)
        running[0].grant("pool", 10_000)
        for _ in range(DECISIONS):
            running[0].open()
        return running

    yield start
    for each, engine in zip(running, engines, strict=True):
        each.close()
        engine.dispose()
    server.drop(url)


def at_once(running: list[Exchange]) -> None:
    """Each reads what is due, and once all have read, all do it."""
    read, troubles = threading.Barrier(len(running)), list[Exception]()

    def beat(each: Exchange) -> None:
        found = each.read(agenda.due, each.now)
        read.wait(timeout=60)
        try:
            for due in found:
                each.do(due.act, due.about)
        except Exception as trouble:  # noqa: BLE001 - it is told to the test
            troubles.append(trouble)

    threads = [threading.Thread(target=beat, args=(each,)) for each in running]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert troubles == []


def counted(exchange: Exchange, kind: str) -> tuple[int, int]:
    """How many announcements of a kind there are, and of how many decisions."""
    counts = select(func.count(), func.count(announcement.c.about.distinct()))
    return tuple(exchange.fetch(counts.where(announcement.c.kind == kind))[0])


@pytest.mark.parametrize("number", [2, 4])
def test_processes_that_find_the_same_due_do_each_once(
    processes: Callable[[int], list[Exchange]], number: int
):
    """A report of each decision, its close, and its end, which gives everybody back what they had."""
    running = processes(number)
    for moment, kind in ((NINE, "report"), (START + 7 * DAY, "report"), (START + 9 * DAY, "recorded")):
        for each in running:
            each.now = moment
        at_once(running)
        assert counted(running[0], kind)[1] == DECISIONS
    for each in running:
        each.now = START + 10 * DAY
    for _ in range(3):
        at_once(running)
    one = running[0]
    occasions = one.fetch(select(report.c.occasion, func.count()).group_by(report.c.occasion))

    assert dict(map(tuple, occasions)) == {"schedule": DECISIONS, "close": DECISIONS}
    assert counted(one, "recorded") == (2 * DECISIONS, DECISIONS)  # In each of its two channels.
    assert counted(one, "took_effect") == (2 * DECISIONS, DECISIONS)
    assert one.read(agenda.due, one.now) == []
    assert one.held("pool:main", "credit") == 10_000 * MICRO
    assert one.audit() == []
    keys = one.fetch(select(entry.c.key))
    assert len(set(keys)) == len(keys)


def test_processes_whose_clocks_are_an_hour_apart_report_once(
    processes: Callable[[int], list[Exchange]],
):
    """One of them has not put its clock back; both beat through the night and the morning."""
    slow, fast = processes(2)
    for minutes in range(0, 240, 30):
        slow.now = NINE - 2 * HOUR + timedelta(minutes=minutes)
        fast.now = slow.now + HOUR
        at_once([slow, fast])

    assert counted(slow, "report") == (DECISIONS, DECISIONS)
    assert {row.next_at for row in slow.fetch(select(schedule))} == {datetime(2026, 1, 5, 9, tzinfo=UTC)}


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["an hour", "a day"])
def test_a_whole_life_under_a_clock_that_jumps_on_and_back_is_that_under_a_true_one(
    exchange: Exchange, jump: timedelta
):
    """At each of its dates the clock runs ahead, is noticed, and is put back; every act is done, and none twice."""
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.ask(closes_at=START + 3 * DAY)
    true = START
    while true < START + 12 * DAY:
        true += DAY / 2
        for moment in (true, true + jump, true):
            exchange.now = moment
            for due in exchange.read(agenda.due, exchange.now):
                exchange.do(due.act, due.about)
        if true == START + 7.5 * DAY:
            exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    told = dict(map(tuple, exchange.fetch(_kinds())))
    sent = [row.at for row in exchange.fetch(select(report).where(report.c.occasion == "schedule"))]

    assert (told["recorded"], told["took_effect"]) == (2, 2)
    assert len(sent) == len({at.date() for at in sent}) == 4
    assert exchange.read(agenda.due, exchange.now) == []
    assert exchange.audit() == []


def _kinds() -> Any:
    return select(announcement.c.kind, func.count()).group_by(announcement.c.kind)


def test_processes_apply_one_plan_a_day_and_learn_one_lesson(
    processes: Callable[[int], list[Exchange]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lessons, "EACH", 1)
    running = processes(2)
    first = running[0]
    first.grant("ann", 100_000)
    first.do(allocating.assume, ADMIN, 1, Assumption(200_000 * MICRO, 200_000), "It matters.")
    first.ask()
    settled = first.fetch(select(func.max(market.c.id)))[0][0]
    metric = first.fetch(select(func.max(market.c.metric_id)))[0][0]
    first.trade("ann", settled, 0, Act.SPEND, 30 * MICRO)
    first.do(resolving.file, OWNER, metric, MICRO, "the dashboard")
    first.advance(2 * DAY)
    first.run_due()
    first.do(portfolios.automate, ADMIN, MAIN, 5_000 * MICRO, "It may.")
    for each in running:
        each.now = first.now

    at_once(running)
    applied = select(func.count()).where(portfolio_change.c.what == "applied")
    assert first.fetch(applied)[0][0] == 1
    assert first.fetch(select(func.sum(drip.c.remaining)))[0][0] > 0
    lesson = first.fetch(select(learned.c.settled))
    barrier = threading.Barrier(2)

    def learn(each: Exchange) -> None:
        barrier.wait(timeout=60)
        each.do(allocating.refit, 2)

    threads = [threading.Thread(target=learn, args=(each,)) for each in running]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(first.fetch(select(learned.c.settled))) == len(lesson) + 1
