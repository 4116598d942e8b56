"""The ways to subsidise the same decisions that are compared, each out of the same reserve."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from sqlalchemy import Connection

from bot.simulating.lived import ADMIN, START, plans
from bot.simulating.nature import World
from core.exchange import granting, suggesting
from core.exchange.suggesting import Prospect
from core.units import MICRO


class Arm(StrEnum):
    LEAST = "least"  # No subsidy: the least that the exchange allows.
    EQUAL = "equal"
    POLICY = "policy"


def subsidies(connection: Connection, world: World, budget: int) -> dict[Arm, Sequence[int]]:
    """What each arm sets aside for each decision, micro-credits; ``budget`` is that of the whole world.

    The policy sees what an admin would state: base rates and dates, and of each decision its stake and the sd of its gap.
    """
    granting.appoint_first_admins(connection, [ADMIN], START)
    equal = [budget // len(world.decisions)] * len(world.decisions)
    told = zip(plans(world, equal), world.decisions.told, world.decisions.gap_sd, strict=True)
    prospects = [Prospect(plan, max(1, round(stake * MICRO)), round(sd * MICRO)) for plan, stake, sd in told]
    suggested = suggesting.suggest(connection, ADMIN, prospects, budget, START, beta=world.assumed.beta)
    return {
        Arm.LEAST: [each.least for each in suggested],
        Arm.EQUAL: np.maximum(equal, [each.least for each in suggested]).tolist(),
        Arm.POLICY: [each.subsidy for each in suggested],
    }
