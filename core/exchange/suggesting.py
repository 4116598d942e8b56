"""What the policy would set aside for decisions that are about to be opened together; nothing is set aside by asking.

A decision is worth what deciding it right is worth (EVSI, THEORY 8): its stake, how close its best two options are, and
how uncertain that is. Its markets learn a part b / (b + beta) of what can be learned, and beta is the dearer the less
the metric's kind pays, the longer its horizon and the less likely its settlement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.errors import Invalid
from core.exchange.plans import LEAST_LIQUIDITY, YES_OR_NO, DecisionPlan
from core.people import persons
from core.pricing import concave, evsi, learning, lmsr, payout
from core.pricing.concave import Stakes
from core.pricing.problem import Problem
from core.pricing.twap import MILLIONTHS
from core.units import MICRO, positive, within

Numbers = NDArray[np.float64]

BETA = 30.0  # Credits a nat, before anything was learned from settled markets.
RATE = 0.2  # A year, of what traders could make of credits that are not locked.
YEAR = timedelta(days=365.25)
WHOLE = float(
    np.log(2)
)  # All that can be learned of one option, in nats, as of an even question of yes or no.


@dataclass(frozen=True)
class Prospect:
    """A decision as it would be opened, whatever its subsidy. ``stake`` is what a whole range of its first measure is
    worth, micro-credits; ``gap_sd`` how uncertain the gap between the best two options is, millionths of that range.
    """

    plan: DecisionPlan
    stake: int
    gap_sd: int


@dataclass(frozen=True)
class Suggested:
    """A subsidy for a decision, micro-credits, ``why`` it is that much, and the least that could be opened at all."""

    subsidy: int
    why: str
    least: int


def suggest(
    connection: Connection,
    by: str,
    prospects: Sequence[Prospect],
    budget: int,
    now: datetime,
    *,
    beta: float = BETA,
) -> tuple[Suggested, ...]:
    """What to set aside for each, so that a budget (micro-credits) for all of them is worth most.

    ``beta`` is what a nat costs, credits, of a question of yes or no that settles at once and for certain.
    Since no decision opens without a maker, each has the least of one at any rate. Raises NotAllowed and Invalid: of a
    budget that is less than all of these need, with what they do.
    """
    persons.require_admin(connection, by, "subsidise")
    for each in prospects:
        each.plan.check(now)
        positive(each.stake, "stake")
        within(each.gap_sd, 1, MILLIONTHS, "gap_sd")
    least = [_least(each.plan) for each in prospects]
    if budget < sum(least):
        raise Invalid("subsidy", "least_subsidy", str(sum(least)))
    found = concave.allocate(*_problem(prospects, least, budget, beta, now))
    each_gets = zip(found.reserves, found.why, least, strict=True)
    return tuple(Suggested(max(int(r * MICRO), lowest), why.value, lowest) for r, why, lowest in each_gets)


def _least(plan: DecisionPlan) -> int:
    return max(lmsr.reserve(LEAST_LIQUIDITY, *markets) for markets in _branches(plan))


def _branches(plan: DecisionPlan) -> list[list[list[float]]]:
    """Opening prices of the markets of each option."""
    measures = list(enumerate(plan.measures))
    return [
        [[slot.price for slot in measure.slots(option, number)] for number, measure in measures]
        for option in range(len(plan.options))
    ]


def _problem(
    prospects: Sequence[Prospect], least: Sequence[int], budget: int, beta: float, now: datetime
) -> tuple[Problem, Stakes]:
    """Markets of first measures in columns, an option each; all markets of a decision have the same liquidity."""
    group = np.repeat(np.arange(len(prospects)), [len(each.plan.options) for each in prospects])
    means, sds, is_yes_no = (np.concatenate(each) for each in zip(*map(_metrics, prospects), strict=True))
    gap = np.array([_gap(each) for each in prospects])
    # The part of what is uncertain about the options that is uncertain about this one: as much of it is learned there.
    part = sds**2 / np.bincount(group, sds**2)[group]
    known = [
        evsi.learnable([p, 1 - p], [1, 0], sd, is_one_hot=bool(one))
        for p, sd, one in zip(means, sds, is_yes_no, strict=True)
    ]
    years = np.array([(each.plan.freezes_at - now) / YEAR for each in prospects])[group]
    chance = 1 / np.array([len(each.plan.options) for each in prospects], dtype=float)[group]
    floor = np.array(least) / MICRO
    problem = Problem(
        value=np.ones(len(group)),
        learnable=np.full(len(group), WHOLE),
        cost=learning.cost(beta, known, years, chance, RATE),
        reserve=floor[group] / (LEAST_LIQUIDITY / MICRO),
        group=group,
        budget=budget / MICRO,
        chance=chance,
        held=floor,
    )
    stake, sd = np.array([(each.stake / MICRO, each.gap_sd / MILLIONTHS) for each in prospects]).T
    return problem, Stakes(stake, gap, sd, part)


def _metrics(prospect: Prospect) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """What the first measure's metric is expected to be under each option, and its sd, in parts of the range."""
    measure, count = prospect.plan.measures[0], len(prospect.plan.options)
    said = [measure.metric(option).definition for option in range(count)]
    rates = zip(measure.base_rates, said, strict=True)
    means = np.array([payout.price_of(rate.value, each.low, each.high) for rate, each in rates])
    is_yes_no = np.array([each.unit == YES_OR_NO for each in said])
    most = np.sqrt(means * (1 - means))
    one = prospect.gap_sd / MILLIONTHS / np.sqrt(2)
    return means, np.where(is_yes_no, most, np.minimum(one, most)), is_yes_no


def _gap(prospect: Prospect) -> float:
    """Between the best two options, in parts of the range."""
    means, _, _ = _metrics(prospect)
    second, first = np.sort(means)[-2:]
    return float(first - second)
