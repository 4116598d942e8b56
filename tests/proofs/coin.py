"""The trick coin: a price "if chosen" is right about what happens if chosen, and still ranks the worse option first.

Coin A comes up heads six times in ten. Coin B is of a kind that always does, 59 times in a hundred, or of one that never
does. With probability r its kind shows between the price and the decision, and then a coin that never comes up heads is
not taken. Whoever knows all this prices heads, if B is taken, at 0.59 / (1 - 0.41 r): above A as soon as r > 4.07%
(THEORY 7, vector V27), though B is the worse coin whatever r is.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from exchange_driver import DAY, OWNER
from proofs.world import World, new_world

from core.exchange import portfolio, reporting
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.markets.metrics import Definition
from core.units import MICRO

A_HEADS, B_HEADS = 0.60, 0.59
THRESHOLD = (A_HEADS - B_HEADS) / (A_HEADS * (1 - B_HEADS))  # The r from which on B is priced above A.
A, B = 1, 2
HEADS = Definition("Heads", YES_OR_NO, 0, HUNDRED, "Whether the coin that is taken comes up heads.")
EFFECT, FIRST, LAST = "takes the price for an effect", "knows how it is decided", "knows it too"


@dataclass(frozen=True)
class Coins:
    """What came of so many decisions: prices at the close by the report, and how the coins fell; all but counts in percent."""

    shown: float
    decisions: int
    priced_a: float
    priced_b: float
    leader: str
    b_taken: int
    heads_if_taken: float
    error: float
    effect_of_b: float
    earned_by_knowing: float
    lost_by_the_effect: float


def price_if_taken(shown: float) -> float:
    """Of heads, if coin B is taken by deciders who avoid it only where they see that it never comes up heads.

    >>> round(price_if_taken(0.5), 4)
    0.7421
    """
    return B_HEADS / (1 - (1 - B_HEADS) * shown)


def coins(folder: Path, shown: float, times: int, seed: int) -> Coins:
    """So many decisions between the two coins; ``shown`` is r."""
    chance = random.Random(seed)
    with new_world(folder, EFFECT, FIRST, LAST) as world:
        lives = [_one(world, shown, chance) for _ in range(times)]
        earned = {each: _earned(world, each) / times for each in (EFFECT, FIRST, LAST)}
        if failures := world.failures():
            raise AssertionError(failures)
    priced, taken = lives[0].priced, [life.heads for life in lives if life.heads is not None]
    if any(life.priced != priced for life in lives):
        raise AssertionError("the same coins are priced differently")
    share = float(np.mean(taken))
    return Coins(
        shown=shown * 100,
        decisions=times,
        priced_a=priced[A] * 100,
        priced_b=priced[B] * 100,
        leader="B" if priced[B] > priced[A] else "A",
        b_taken=len(taken),
        heads_if_taken=share * 100,
        error=100 * (share * (1 - share) / len(taken)) ** 0.5,
        effect_of_b=B_HEADS * 100,
        earned_by_knowing=earned[FIRST] + earned[LAST],
        lost_by_the_effect=-earned[EFFECT],
    )


@dataclass(frozen=True)
class _Life:
    """Prices by option number; whether B came up heads, if it was taken."""

    priced: dict[int, float]
    heads: bool | None


def _one(world: World, shown: float, chance: random.Random) -> _Life:
    with world.one_decision():
        rates = tuple(BaseRate(round(p * HUNDRED)) for p in (A_HEADS, B_HEADS))
        opened = world.open(
            question="Which coin do we toss?",
            options=("A", "B"),
            measures=(MeasurePlan((MetricPlan(HEADS, OWNER),), rates),),
        )
        _trade(world, opened.market_ids[1], shown)
        world.wait(7 * DAY)
        priced = _priced(world, opened.decision_id or 0)
        always = chance.random() < B_HEADS
        is_avoided = chance.random() < shown and not always
        world.decide(opened.decision_id or 0, A if is_avoided else B)
        falls = chance.random() < A_HEADS if is_avoided else always
        world.read_metric(opened.metric_ids[0], 100 * falls)
    return _Life(priced, None if is_avoided else always)


def _trade(world: World, market_id: int, shown: float) -> None:
    """Coin A is priced right at its opening; of B one takes the price for what it would be by lot."""
    for by, belief in ((FIRST, price_if_taken(shown)), (EFFECT, B_HEADS), (LAST, price_if_taken(shown))):
        world.believe(by, market_id, 100 * belief)


def _priced(world: World, decision_id: int) -> dict[int, float]:
    """What the committee sees at the close."""
    found = world.read(reporting.report, OWNER, decision_id, world.now)
    return {line.number: round(line.average / HUNDRED, 4) for line in found.measures[0].options}


def _earned(world: World, by: str) -> float:
    with world.one_decision():
        return (world.read(portfolio.portfolio, by).balance - world.purse) / MICRO
