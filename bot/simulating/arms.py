"""The ways to subsidise the same decisions that are compared, each out of the same reserve."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from bot.simulating.lived import ADMIN, PURSE, START, plans
from bot.simulating.nature import World
from core.errors import Invalid
from core.exchange import allocating, granting, opening
from core.exchange.allocating import Assumption
from core.exchange.opening import DecisionPlan
from core.units import MICRO

MAIN = 1  # The portfolio that an exchange has from the start.


class Arm(StrEnum):
    PRIOR = "no market"  # The committee alone.
    LEAST = "no subsidy"  # The least that the exchange allows.
    EQUAL = "equal split"
    POLICY = "policy"


class Setting(NamedTuple):
    """An arm, and what each world has for it, credits a decision."""

    arm: Arm
    budget: int

    def __str__(self) -> str:
        return f"{self.arm}, {self.budget}" if self.budget else str(self.arm)


def settings(budgets: Sequence[int]) -> list[Setting]:
    """Without a budget first, and then for each what is compared at it."""
    both = [Setting(arm, budget) for budget in budgets for arm in (Arm.EQUAL, Arm.POLICY)]
    return [Setting(Arm.PRIOR, 0), Setting(Arm.LEAST, 0), *both]


def subsidies(connection: Connection, world: World, budget: int) -> dict[Arm, Sequence[int]]:
    """What each arm sets aside for each decision, micro-credits; ``budget`` is that of the whole world.

    The policy's is what its plan comes to for a portfolio that backs all of them with the least and has the rest of the
    budget free. It is told of each decision what a spender would state, its stake and the sd of its gap.
    """
    asked = plans(world, [1] * len(world.decisions))
    granting.appoint_first_admins(connection, [ADMIN], START)
    least = [_least(connection, each) for each in asked]
    equal = [max(budget // len(least), each) for each in least]
    _give(connection, [(granting.POOL, budget), *((name, PURSE) for name in world.crowd.names)])
    for plan, subsidy, stake, sd in zip(
        asked, least, world.decisions.told, world.decisions.gap_sd, strict=True
    ):
        opened = opening.open_decision(connection, ADMIN, replace(plan, subsidy=subsidy), START)
        assumed = Assumption(max(1, round(stake * MICRO)), round(sd * MICRO))
        allocating.assume(connection, ADMIN, opened.decision_id or 0, assumed, "As we see it.", START)
    rows = allocating.plan(connection, ADMIN, MAIN, START).rows
    planned = {row.decision_id or 0: row.reserved + row.adds for row in rows}
    return {Arm.LEAST: least, Arm.EQUAL: equal, Arm.POLICY: [planned[each] for each in sorted(planned)]}


def _give(connection: Connection, amounts: Sequence[tuple[str, int]]) -> None:
    for name, amount in amounts:
        granting.grant(connection, ADMIN, name, amount, name, "To begin with.", START)


def _least(connection: Connection, plan: DecisionPlan) -> int:
    """What the exchange says is needed at least when somebody offers next to nothing."""
    try:
        opening.open_decision(connection, ADMIN, plan, START)
    except Invalid as refused:
        return int(refused.value)
    raise AssertionError("a decision was opened for a millionth of a credit")
