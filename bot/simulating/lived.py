"""A world lived once, with one way of subsidising it: everything that happens goes through the exchange's own use cases."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from bot.simulating.beliefs import Numbers
from bot.simulating.nature import Counts, Flags, World
from bot.simulating.traders import Visitor
from core.database import migrate, open_engine, writing
from core.exchange import agenda, audit, deciding, granting, opening, portfolio, reporting, resolving, trading
from core.exchange.opening import BaseRate, DecisionPlan, Definition, MeasurePlan, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.scheduling import Schedule
from core.units import MICRO

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN_DAYS = 10
ADMIN, DECIDER, OWNER = "admin", "decider", "owner"
PURSE = 500 * MICRO  # What each trader has for all decisions of a world.


@dataclass(frozen=True, eq=False)
class Life:
    """What came of it. By market: ``priced``, its price on average over the last day. By decision: the number of the
    option that is priced ``highest``; whether its lead is as large as this market can ``resolve`` by the report, and
    whether the report ``ranked`` them. ``reserved`` and ``spent`` are credits: set aside, and lost by makers to traders.
    """

    priced: Numbers
    highest: Counts
    resolved: Flags
    ranked: Flags
    reserved: float
    spent: float
    trades: int


@contextmanager
def exchange(folder: Path, name: str) -> Iterator[Connection]:
    """A database of its own, and one transaction for all that happens in it."""
    empty, own = folder / "empty.db", folder / f"{name}.db"
    if not empty.exists():
        with _engine(empty) as engine:
            migrate(engine)
    shutil.copy(empty, own)
    with _engine(own) as engine, writing(engine) as connection:
        yield connection


@contextmanager
def _engine(file: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()


def live(connection: Connection, world: World, subsidies: Sequence[int]) -> Life:
    """Opens the decisions with these subsidies (micro-credits), lets everybody trade, decides, pays, and proves the books."""
    return _Lived(connection, world).run(subsidies)


def plans(world: World, subsidies: Sequence[int]) -> list[DecisionPlan]:
    """The decisions as they would be opened."""
    return [_plan(world, number, subsidy) for number, subsidy in enumerate(subsidies)]


def _plan(world: World, number: int, subsidy: int) -> DecisionPlan:
    decisions, options = world.decisions, world.options
    means = options.mean[options.of == number]
    sd = round(float(options.sd[options.of == number][0]) * HUNDRED)
    unit = YES_OR_NO if decisions.is_yes_no[number] else "points"
    metric = Definition(f"Metric {number + 1}", unit, 0, HUNDRED, "What comes of it.")
    closes_at = START + OPEN_DAYS * DAY
    return DecisionPlan(
        question=f"Decision {number + 1}",
        options=tuple(f"Option {each + 1}" for each in range(len(means))),
        deciders=(DECIDER,),
        measures=(
            MeasurePlan(
                (MetricPlan(metric, OWNER),),
                tuple(BaseRate(round(float(mean) * HUNDRED), sd) for mean in means),
            ),
        ),
        closes_at=closes_at,
        decide_by=closes_at + 2 * DAY,
        freezes_at=closes_at + 3 * DAY + float(decisions.years[number]) * 365 * DAY,
        record_challenge_seconds=0,
        reading_challenge_seconds=0,
        subsidy=subsidy,
        public_address="markets",
        committee_address="committee",
        reports=Schedule(cron=None, step=None),
    )


class _Lived:
    def __init__(self, connection: Connection, world: World) -> None:
        self.connection, self.world = connection, world
        self.now = START
        self.keys = count()

    def run(self, subsidies: Sequence[int]) -> Life:
        names = self.world.crowd.names
        self._do(granting.appoint_first_admins, [ADMIN])
        for name, amount in [(granting.POOL, sum(subsidies)), *((name, PURSE) for name in names)]:
            self._do(granting.grant, ADMIN, name, amount, self._key(), "To begin with.")
        opened = [self._do(opening.open_decision, ADMIN, plan) for plan in plans(self.world, subsidies)]
        visitor = Visitor(self.world, [each for one in opened for each in one.market_ids], self._execute)
        visitor.note_depth([one.reserve for one in opened])
        for turns, whims in zip(self.world.crowd.turns, self.world.crowd.whims, strict=True):
            self._wait(DAY)
            for trader in turns:
                visitor.visit(int(trader), int(whims[trader]))
        self._wait(START + OPEN_DAYS * DAY - self.now)
        reports = [self._decide(one.decision_id or 0) for one in opened]
        self._wait(DAY)
        for number, one in enumerate(opened):
            self._settle(number, one.metric_ids[0], reports[number].took)
        self._wait(DAY)
        return self._life(reports, sum(one.reserve for one in opened))

    def _decide(self, decision_id: int) -> "_Decided":
        """By the report that the committee gets at the close."""
        said = self._do(reporting.report, OWNER, decision_id, with_course=True).measures[0]
        prices = tuple(line.average / HUNDRED for line in said.options)
        highest = next(line.number for line in said.options if line.name == said.spread.leader)
        is_resolved = said.spread.gap >= (said.spread.resolvable or 0)
        took = highest if is_resolved else 1
        self._do(deciding.record, DECIDER, decision_id, took, "As the rule has it.")
        trades = sum(line.trades for line in said.options)
        return _Decided(prices, took, highest, is_resolved, bool(said.spread.ranked), trades)

    def _settle(self, number: int, metric_id: int, took: int) -> None:
        options = self.world.options
        truth = float(options.truth[options.of == number][took - 1])
        self._do(resolving.file, OWNER, metric_id, round(truth * HUNDRED), "Nature.")

    def _life(self, made: Sequence["_Decided"], reserved: int) -> Life:
        names = self.world.crowd.names
        held = sum(portfolio.portfolio(self.connection, name).balance for name in names)
        if failed := [proof.claim for proof in audit.audit(self.connection) if not proof.holds]:
            raise AssertionError(failed)
        return Life(
            priced=np.array([price for each in made for price in each.prices]),
            highest=np.array([each.highest for each in made]),
            resolved=np.array([each.is_resolved for each in made]),
            ranked=np.array([each.is_ranked for each in made]),
            reserved=reserved / MICRO,
            spent=(held - PURSE * len(names)) / MICRO,
            trades=sum(each.trades for each in made),
        )

    def _execute(self, orders: Sequence[trading.Order]) -> list[Any]:
        answers: list[Any] = self._do(trading.execute, orders)
        return answers

    def _wait(self, span: timedelta) -> None:
        """Whatever is due by then is done."""
        self.now += span
        while found := agenda.due(self.connection, self.now):
            for each in found:
                self._do(each.act, each.about)

    def _do(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        return use_case(self.connection, *args, **inputs, now=self.now)

    def _key(self) -> str:
        return f"key-{next(self.keys)}"


@dataclass(frozen=True)
class _Decided:
    prices: tuple[float, ...]
    took: int
    highest: int
    is_resolved: bool
    is_ranked: bool
    trades: int
