"""A thousand lottery decisions with biased choosers: the drawn spread is the effect, the chosen one is not.

Each option has a quality of which each trader has a signal, and another part that only those who choose see. They love
the first option, and take the other one where what they see of it outweighs that. Traders know this about them. So they
price each option, if a lottery draws it, at what the signals say, and higher if people choose it, the unlikely one most:
that it was chosen says that something good was seen of it (THEORY 6 and 7). The first option is the better one by two
points; somebody who knows nothing trades both twins alike.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from exchange_driver import DAY, OWNER, SCORE
from proofs.world import World, new_world
from scipy.special import ndtr

from core.calibration import residuals
from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.decisions.lotteries import Beacon
from core.exchange import drawing, portfolio
from core.exchange.lottery_plan import LotteryPlan
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan, Opened
from core.markets import registry
from core.pricing import intervals
from core.pricing.lottery import SURE
from core.pricing.twap import MILLIONTHS
from core.units import MICRO

PUBLIC = (52.0, 50.0)  # Points: what everybody expects of each option.
QUALITY_SD, SIGNAL_SD = 5.0, 5.0  # How far off that is, and a trader's signal of how far.
UNSEEN_SD, LUCK_SD = 8.0, 4.0  # Of what only those who choose see, and of what nobody does.
LOVE = 6.0  # So many points the other option must be ahead of the first to be chosen.
TRADERS, LOUD = ("ann", "bob", "cy"), "dan"
BEACON = Beacon("A public beacon", "the first after the close")


@dataclass(frozen=True)
class Spread:
    """The first option above the second, on average over all decisions, in points, with its 95% interval."""

    of: str
    decisions: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Seen:
    """One decision: how far each spread was from the true effect, what was taken, and whether a lottery took it."""

    effect: float
    drawn: float
    chosen: float
    taken: int
    is_drawn: bool


@dataclass(frozen=True)
class Lots:
    """What came of all decisions."""

    seen: tuple[Seen, ...]
    residuals: dict[str, residuals.Summary]
    earned: float

    def spreads(self) -> list[Spread]:
        """Of each decision the effect is what the two options would have come to, luck aside, one less the other."""
        found = {
            "true effect": [each.effect for each in self.seen],
            "drawn spread": [each.drawn for each in self.seen],
            "chosen spread": [each.chosen for each in self.seen],
            "drawn less true": [each.drawn - each.effect for each in self.seen],
            "chosen less true": [each.chosen - each.effect for each in self.seen],
            "chosen less drawn": [each.chosen - each.drawn for each in self.seen],
        }
        return [_spread(of, values) for of, values in found.items()]


def lots(folder: Path, times: int, seed: int) -> Lots:
    """So many decisions, of which a lottery decides half."""
    chance = random.Random(seed)
    with new_world(folder, *TRADERS, LOUD) as world:
        seen = tuple(_one(world, chance) for _ in range(times))
        with world.one_decision():
            found = {kind.value: each for kind, each in world.read(residuals.summary).items()}
            held = sum(world.read(portfolio.portfolio, name).balance for name in TRADERS)
        if failures := world.failures():
            raise AssertionError(failures)
    return Lots(seen, found, (held - len(TRADERS) * world.purse) / MICRO / times)


def chosen_above(ahead: float) -> tuple[float, float]:
    """By how much either option is better than its signals say, if people choose it.

    They take the first where U_1 - U_2 > -(ahead + LOVE); the difference is normal with sd sqrt(2) UNSEEN_SD, and half
    of what it is above its mean belongs to either option: E[U | chosen] = sd phi(k) / Phi(k) / 2, k = (ahead + LOVE) / sd.

    >>> [round(each, 2) for each in chosen_above(2.0)]
    [2.31, 7.32]
    """
    sd = math.sqrt(2) * UNSEEN_SD
    k = (ahead + LOVE) / sd
    density = math.exp(-k * k / 2) / math.sqrt(2 * math.pi)
    return sd * density / float(ndtr(k)) / 2, sd * density / float(ndtr(-k)) / 2


def _one(world: World, chance: random.Random) -> Seen:
    quality = [chance.gauss(each, QUALITY_SD) for each in PUBLIC]
    unseen = [chance.gauss(0, UNSEEN_SD) for _ in range(2)]
    with world.one_decision():
        opened = _open(world, chance)
        _trade(world, opened.market_ids, quality, chance)
        world.wait(7 * DAY)
        priced = _priced(world, opened.market_ids)
        decision_id = opened.decision_id or 0
        world.do(drawing.draw, decision_id, f"{chance.getrandbits(256):x}")
        world.wait(DAY / 24)
        if _decision(world, decision_id).taken is None:
            ahead = priced[2] - priced[3] + unseen[0] - unseen[1]
            world.decide(decision_id, 1 if ahead > -LOVE else 2)
        decision = _decision(world, decision_id)
        taken = decision.taken.number if decision.taken else 0
        happened = quality[taken - 1] + unseen[taken - 1] + chance.gauss(0, LUCK_SD)
        world.read_metric(opened.metric_ids[0], min(max(happened, 0), 100))
    effect = quality[0] + unseen[0] - quality[1] - unseen[1]
    return Seen(effect, priced[2] - priced[3], priced[0] - priced[1], taken, decision.is_drawn)


def _open(world: World, chance: random.Random) -> Opened:
    lottery = LotteryPlan(SURE // 2, (1, 1), BEACON, chance.randbytes(32))
    measure = MeasurePlan(
        (MetricPlan(SCORE, OWNER),), tuple(BaseRate(round(each * MICRO)) for each in PUBLIC)
    )
    return world.open(measures=(measure,), lottery=lottery)


def _trade(world: World, market_ids: Sequence[int], quality: Sequence[float], chance: random.Random) -> None:
    """One trader after the other adds a signal to what the one before said of the drawn twins, and trades both apart."""
    option = chance.randrange(2)
    world.spend(LOUD, market_ids[option], chance.randrange(2), 20, twin=market_ids[option + 2])
    for number, who in enumerate(TRADERS):
        before = 1 / QUALITY_SD**2 + number / SIGNAL_SD**2
        said = _priced(world, market_ids)[2:] if number else PUBLIC
        signals = [chance.gauss(each, SIGNAL_SD) for each in quality]
        weight = 1 / SIGNAL_SD**2 / (before + 1 / SIGNAL_SD**2)
        means = [mean + weight * (signal - mean) for mean, signal in zip(said, signals, strict=True)]
        above = chosen_above(means[0] - means[1])
        beliefs = [mean + more for mean, more in zip(means, above, strict=True)] + means
        for market_id, belief in zip(market_ids, beliefs, strict=True):
            world.believe(who, market_id, belief)


def _priced(world: World, market_ids: Sequence[int]) -> list[float]:
    """What each market expects now, points: both options if chosen, then both if drawn."""
    found = world.read(registry.get_all, market_ids)
    return [
        found[each].expected([price / MILLIONTHS for price in found[each].tick.prices]) / MICRO
        for each in market_ids
    ]


def _decision(world: World, decision_id: int) -> Decision:
    found: Decision = world.read(decisions.get, decision_id)
    return found


def _spread(of: str, values: Sequence[float]) -> Spread:
    mean, sd = float(np.mean(values)), float(np.std(values, ddof=1))
    low, high = intervals.of_mean(len(values), mean, sd) or (mean, mean)
    return Spread(of, len(values), mean, low, high)
