"""The ways to subsidise the same decisions that are compared, each out of the same reserve."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from bot.simulating.lived import ADMIN, START, plans
from bot.simulating.nature import Kind, World
from core.exchange import granting, suggesting
from core.exchange.suggesting import Prospect
from core.units import MICRO


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

    The policy sees what an admin would state: base rates and dates, and of each decision its stake and the sd of its gap;
    and what all traders who may know something risk in one market.
    """
    granting.appoint_first_admins(connection, [ADMIN], START)
    equal = [budget // len(world.decisions)] * len(world.decisions)
    told = zip(plans(world, equal), world.decisions.told, world.decisions.gap_sd, strict=True)
    prospects = [Prospect(plan, max(1, round(stake * MICRO)), round(sd * MICRO)) for plan, stake, sd in told]
    suggested = suggesting.suggest(connection, ADMIN, prospects, budget, START, capital=_capital(world))
    return {
        Arm.LEAST: [each.least for each in suggested],
        Arm.EQUAL: np.maximum(equal, [each.least for each in suggested]).tolist(),
        Arm.POLICY: [each.subsidy for each in suggested],
    }


def _capital(world: World) -> int | None:
    """Micro-credits that traders who may know something are ready to risk in a market: their risk tolerances."""
    crowd = world.crowd
    if not world.assumed.is_windowed:
        return None
    knows = [kind in (Kind.INFORMED, Kind.INATTENTIVE) for kind in crowd.kinds]
    return max(1, round(float(crowd.tolerance[knows].sum()) * MICRO))
