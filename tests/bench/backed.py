"""What an admin's Home pays for its portfolios, when they back many open decisions.

Beside it stands the floor: one bare statement that reads the rows of the same markets and their outcomes. What is read
is all that portfolios show, as Home asks for it; that it names every decision is asserted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from bench.figures import percentile
from bench.filling import hasty_engine
from bench.machine import Bench, load
from bench.seeding import FAR, enrol
from exchange_driver import ADMIN, START, plan
from sqlalchemy import Connection, Engine, select

from core.database import reading, writing
from core.exchange import opening, portfolios
from core.exchange.portfolios import PortfolioPlan
from core.markets.tables import market, outcome
from core.rows import Prepared
from core.units import MICRO

FUNDED, SUBSIDY, DAY = 10_000_000 * MICRO, 10 * MICRO, timedelta(days=1)
_BARE = Prepared(select(market, outcome.c.weight).join(outcome, outcome.c.market_id == market.c.id))


@dataclass(frozen=True)
class Row:
    """Milliseconds; ``floor`` is one bare statement."""

    portfolios: int
    decisions: int
    read_ms: float
    read_p99_ms: float
    floor_ms: float
    ratio: float
    load: float


def measure(on: Bench, engine: str, number: int, decisions: int, reads: int) -> Row:
    with on.open(engine) as opened:
        seed(opened, number, decisions)
        taken, floor = _in_turns(opened, (_overview, _BARE.rows), reads)
        with reading(opened) as connection:
            found = _overview(connection)
        named = sum(len(each.backs) for each in found)
        if (len(found), named) != (number, decisions):
            raise RuntimeError(f"{len(found)} portfolios back {named} decisions")
    read, bare = percentile(taken, 0.5), percentile(floor, 0.5)
    return Row(number, decisions, read, percentile(taken, 0.99), bare, read / bare, load())


def seed(engine: Engine, number: int, decisions: int) -> None:
    """So many portfolios, and decisions of two options that they back by turns."""
    hasty = hasty_engine(engine)
    enrol(hasty, 1)
    with writing(hasty) as connection:
        ids = [portfolios.MAIN, *(_portfolio(connection, each) for each in range(1, number))]
        for each in range(decisions):
            opening.open_decision(connection, ADMIN, _plan(ids[each % number]), now=START)
    hasty.dispose()


def _portfolio(connection: Connection, number: int) -> int:
    how = PortfolioPlan(f"Portfolio {number}", None, None, 30, (ADMIN,))
    made = portfolios.open_portfolio(connection, ADMIN, how, "For the benchmark.", START, f"opened:{number}")
    portfolios.fund(connection, ADMIN, made, FUNDED, "For the benchmark.", START, f"funded:{number}")
    return made


def _plan(portfolio: int) -> Any:
    ends = START + FAR
    dates = {"closes_at": ends, "decide_by": ends + DAY, "freezes_at": ends + 30 * DAY}
    return plan(subsidy=SUBSIDY, portfolio=portfolio, **dates)


def _overview(connection: Connection) -> Any:
    return portfolios.overview(connection, ADMIN, START + DAY)


def _in_turns(engine: Engine, acts: Sequence[Callable[[Connection], Any]], times: int) -> list[list[float]]:
    """Milliseconds of each, by turns, so that whatever else the machine does slows both."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(times + 1):
        for found, act in zip(taken, acts, strict=True):
            began = perf_counter()
            with reading(engine) as connection:
                act(connection)
            found.append(1e3 * (perf_counter() - began))
    return [each[1:] for each in taken]  # The first time, statements are made and pages are read.
