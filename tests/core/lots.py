"""Decisions that a lottery may decide, for tests: one that is open, and beacons whose values draw what is wanted."""

from itertools import count
from typing import Any

from exchange_driver import ADMIN, Exchange, lottery

from core.exchange import drawing, pasting, statements
from core.exchange.lottery_plan import LotteryPlan
from core.exchange.opening import Opened
from core.exchange.pasting import Pasted
from core.exchange.trading import Act, Fill, Mirror
from core.units import MICRO

SEED = b"s" * 32
EVEN = lottery(0.5, 1, 1)


def open_lottery(exchange: Exchange, plan: LotteryPlan = EVEN, **changes: Any) -> Opened:
    exchange.grant("pool", 3_000)
    return exchange.open(lottery=plan, **changes)


def beacon_for(wanted: int | None, plan: LotteryPlan = EVEN, decision: str = "D-1") -> str:
    """The first number as a beacon's value that draws the option of this index; None for people."""
    return next(
        value
        for value in map(str, count(1))
        if statements.draw_by(plan.chances, plan.seed, value, decision)[1] == wanted
    )


def draw(exchange: Exchange, wanted: int | None, by: str | None = None, plan: LotteryPlan = EVEN) -> Any:
    """By a value that is fetched, or that somebody pastes and an admin too."""
    value = beacon_for(wanted, plan)
    return exchange.do(drawing.draw, 1, value) if by is None else paste(exchange, value, by, ADMIN)[-1]


def paste(exchange: Exchange, value: str, *people: str) -> list[Pasted]:
    """One after the other types the same."""
    return [exchange.do(pasting.paste, by, 1, value) for by in people]


def mirrored(
    exchange: Exchange, by: str, chosen: int, drawn: int, amount: int, act: Act = Act.SPEND, **more: Any
) -> Fill:
    """Whole credits on LONG in a market and in its twin."""
    worst = more.pop("twin_limit", more.get("limit"))
    outcome = more.pop("outcome", 0)
    outcomes = () if act == Act.MOVE else outcome
    return exchange.trade(by, chosen, outcomes, act, amount * MICRO, mirror=Mirror(drawn, worst), **more)
