"""The heartbeat does what is due when its time has come, once, and one failure stops nothing else."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from acts import identity
from sqlalchemy import Engine, func, select

from bot.door import Exchange
from bot.jobs import beat
from bot.story import cast
from core.announcements.tables import announcement
from core.database import migrate, open_engine
from core.exchange import audit, board, deciding, granting, opening, resolving, trading
from core.exchange.trading import Act, Order
from core.markets.tables import market
from core.units import MICRO
from core.writer import Writer

START = datetime(2026, 11, 23, 14, tzinfo=UTC)
EMIL, CAROL, MONA = (identity(f"U0{name}") for name in ("EMIL", "CAROL", "MONA"))


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class House:
    """A seeded exchange without Slack, whose heart beats when it is told to."""

    def __init__(self, engine: Engine) -> None:
        self.time = Time()
        self.writer = Writer(engine, self.time, batched={trading.execute})
        self.exchange = Exchange(engine, self.writer, self.time, cast.MARKETS)
        asyncio.run(cast.seed(self.exchange))

    def do(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return self.writer.submit(use_case, *args).result(timeout=60)

    def read(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return asyncio.run(self.exchange.read(use_case, *args))

    def beat(self, **later: float) -> None:
        """Moves the clock, then beats twice: what follows from an act is done by the next beat."""
        self.time.now += timedelta(**later)
        for _ in range(2):
            asyncio.run(beat(self.exchange))

    def state(self, decision_id: int = 1) -> str:
        return str(self.read(board.row, EMIL, decision_id, self.time.now).state)

    def told(self, kind: str) -> int:
        """How many announcements of a kind were written."""
        wanted = select(func.count()).where(announcement.c.kind == kind)
        return int(self.read(lambda connection: connection.scalar(wanted)))

    def trade(self, market_id: int = 1, spent: int = 50) -> None:
        order = Order(f"k{market_id}", EMIL, market_id, (0,), Act.SPEND, spent * MICRO)
        self.do(trading.execute, order)


@contextmanager
def standing(directory: Path) -> Iterator[House]:
    engine = open_engine(f"sqlite:///{directory / 'house.db'}")
    migrate(engine)
    house = House(engine)
    yield house
    house.writer.close()
    engine.dispose()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with standing(tmp_path) as found:
        yield found


def test_nothing_is_done_before_its_time(house: House):
    house.beat(hours=18)

    assert house.state() == "open"
    assert house.told("report") == 0


def test_an_open_decision_is_reported_every_morning(house: House):
    """At nine o'clock UTC, once a day however often the heart beats; days that were missed share one report."""
    reports = []
    for hours in (18.9, 0.2, 1, 22, 3 * 24):
        house.beat(hours=hours)
        reports.append(house.told("report"))

    assert reports == [0, 1, 1, 1, 2]


def test_it_closes_takes_effect_sweeps_freezes_and_settles(house: House):
    """The whole life, with nobody but the clock to move it on between what people say."""
    house.trade(1, 50)
    house.trade(2, 20)
    house.beat(days=7)
    assert house.state() == "closed"
    house.do(deciding.record, CAROL, 1, 2, "Better so.")
    house.beat(hours=23)
    assert house.state() == "closed"
    house.beat(hours=1)
    assert house.state() == "chosen"
    assert house.told("returned") == 1
    house.beat(days=29)
    assert house.told("reading_due") == 1
    (metric_id,) = house.read(board.row, MONA, 1, house.time.now).metrics
    house.do(resolving.file, MONA, metric_id, 60 * MICRO, "The dashboard")
    house.beat(hours=24)
    assert house.state() == "settled"
    assert (house.told("outcome"), house.told("paid")) == (2, 1)
    assert [proof.claim for proof in house.read(audit.audit) if not proof.holds] == []


def test_what_nobody_decides_lapses_and_is_given_back(house: House):
    house.trade()
    house.beat(days=9)
    assert (house.state(), house.told("recorded")) == ("closed", 2)
    house.beat(hours=24)

    assert (house.state(), house.told("returned")) == ("withdrawn", 1)


def test_beating_again_does_nothing_again(house: House):
    house.trade()
    house.beat(days=10)
    before = [house.told(kind) for kind in ("report", "recorded", "took_effect", "returned")]
    for _ in range(3):
        house.beat()

    assert [house.told(kind) for kind in ("report", "recorded", "took_effect", "returned")] == before


def test_an_act_that_fails_keeps_no_other_from_happening(house: House, caplog: pytest.LogCaptureFixture):
    """It is logged and stays due; here the first decision's markets have been torn out of the database."""
    ada = identity("U0ADA")
    house.do(granting.grant, ada, granting.POOL, 1000 * MICRO, "more", "budget")
    house.do(opening.open_decision, ada, cast.plan(house.time.now))
    house.do(break_markets)
    with caplog.at_level(logging.ERROR):
        house.beat(days=7)

    assert "close of 1 failed and stays due" in caplog.text
    assert house.state(2) == "closed"


def break_markets(connection: Any, now: datetime) -> None:
    """Makes what hangs on decision 1 unreadable."""
    del now
    connection.execute(market.update().where(market.c.id.in_([1, 2])).values(state="nonsense"))
