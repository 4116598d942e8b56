"""What the policy would set aside for decisions that are about to be opened together; nothing is set aside by asking.

A decision is worth what deciding it right is worth (EVSI, THEORY 8): its stake, how close its best two options are, and
how uncertain that is. Its markets learn a part b / (b + beta) of what can be learned, and beta is the dearer the less
the metric's kind pays, the longer its horizon and the less likely its settlement.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from core.errors import Invalid
from core.exchange.plans import LEAST_LIQUIDITY, YES_OR_NO, DecisionPlan
from core.people import persons
from core.pricing import concave, evsi, learning, lmsr, payout, window
from core.pricing.concave import Stakes
from core.pricing.problem import Problem
from core.pricing.twap import MILLIONTHS
from core.units import MICRO, positive, within

BETA = 30.0  # Credits a nat, before anything was learned from settled markets.
RATE = 0.2  # A year, of what traders could make of credits that are not locked.
YEAR = timedelta(days=365.25)
WHOLE = math.log(2)  # All that can be learned of one option, in nats, as of an even question of yes or no.


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


@dataclass(frozen=True)
class _Option:
    """One option in the first measure: expected value and sd in parts of the range, and what its market pays for knowing it."""

    group: int
    mean: float
    sd: float
    learnable: float


def suggest(
    connection: Connection,
    by: str,
    prospects: Sequence[Prospect],
    budget: int,
    now: datetime,
    *,
    capital: int | None = None,
    beta: float = BETA,
) -> tuple[Suggested, ...]:
    """What to set aside for each, so that a budget (micro-credits) for all of them is worth most.

    ``capital`` is what active traders together are ready to risk in one market, micro-credits: it is not made so deep
    that the opening price keeps more than a tenth of the weight once all of them traded (THEORY 8). ``beta`` is what a nat
    costs, credits, of a question of yes or no that settles at once and for certain. Since no decision opens without a
    maker, each has the least of one at any rate. Raises NotAllowed and Invalid: also of a budget
    that is less than all of these need, with what they do.
    """
    persons.require_admin(connection, by, "open")
    for each in prospects:
        each.plan.check(now)
        positive(each.stake, "stake")
        within(each.gap_sd, 1, MILLIONTHS, "gap_sd")
    least = [_least(each.plan) for each in prospects]
    if positive(budget, "subsidy") < sum(least):
        raise Invalid("subsidy", "least_subsidy", str(sum(least)))
    options = [each for group, one in enumerate(prospects) for each in _options(group, one)]
    problem = _problem(prospects, options, least, budget, beta, now)
    if capital is not None:
        deepest = window.most_by_weight([positive(capital, "capital") / MICRO])
        problem = replace(problem, most=np.maximum(problem.held, problem.held * deepest))
    found = concave.allocate(problem, _stakes(prospects, options))
    each_gets = zip(found.reserves, found.why, least, strict=True)
    return tuple(Suggested(max(int(r * MICRO), lowest), why.value, lowest) for r, why, lowest in each_gets)


def _least(plan: DecisionPlan) -> int:
    """What the least liquidity takes in the branch that is dearest."""
    return max(lmsr.reserve(LEAST_LIQUIDITY, *markets) for markets in _branches(plan))


def _branches(plan: DecisionPlan) -> list[list[list[float]]]:
    """Opening prices of the markets of each option."""
    measures = list(enumerate(plan.measures))
    return [
        [[slot.price for slot in measure.slots(option, number)] for number, measure in measures]
        for option in range(len(plan.options))
    ]


def _options(group: int, prospect: Prospect) -> list[_Option]:
    measure = prospect.plan.measures[0]
    return [_option(group, prospect, each) for each in range(len(measure.base_rates))]


def _option(group: int, prospect: Prospect, number: int) -> _Option:
    measure = prospect.plan.measures[0]
    said, slots = measure.metric(number).definition, measure.slots(number, 0)
    mean = payout.price_of(measure.base_rates[number].value, said.low, said.high)
    is_yes_no, most = said.unit == YES_OR_NO, math.sqrt(mean * (1 - mean))
    sd = most if is_yes_no else min(prospect.gap_sd / MILLIONTHS / math.sqrt(2), most)
    prices, centres = [each.price for each in slots], [each.centre for each in slots]
    learnable = evsi.learnable(prices, centres, sd * (said.high - said.low), is_one_hot=is_yes_no)
    return _Option(group, mean, sd, learnable)


def _problem(
    prospects: Sequence[Prospect],
    options: Sequence[_Option],
    least: Sequence[int],
    budget: int,
    beta: float,
    now: datetime,
) -> Problem:
    """An option a column: all markets of a decision have the same liquidity, and any option may be the one that settles."""
    group = np.array([each.group for each in options])
    years = np.array([(each.plan.freezes_at - now) / YEAR for each in prospects])[group]
    chance = 1 / np.bincount(group)[group]
    floor = np.array(least) / MICRO
    return Problem(
        value=np.ones(len(group)),
        learnable=np.full(len(group), WHOLE),
        cost=learning.cost(beta, [each.learnable for each in options], years, chance, RATE),
        reserve=floor[group] / (LEAST_LIQUIDITY / MICRO),
        group=group,
        budget=budget / MICRO,
        chance=chance,
        held=floor,
    )


def _stakes(prospects: Sequence[Prospect], options: Sequence[_Option]) -> Stakes:
    """What is uncertain about an option is the part of the gap's uncertainty that its market can tell."""
    group, variance = np.array([(each.group, each.sd**2) for each in options]).T
    of = group.astype(int)
    means = [sorted(each.mean for each in options if each.group == one) for one in range(len(prospects))]
    return Stakes(
        stake=np.array([each.stake / MICRO for each in prospects]),
        gap=np.array([best[-1] - best[-2] for best in means]),
        sd=np.array([each.gap_sd / MILLIONTHS for each in prospects]),
        part=variance / np.bincount(of, variance)[of],
    )
