"""What is measured of each world and arm, and what many worlds say together: means with bootstrap intervals, paired."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.simulating import nature
from bot.simulating.arms import Arm, Setting, subsidies
from bot.simulating.lived import Life, exchange, live
from bot.simulating.nature import Assumptions, Counts, Flags, Numbers, World
from core.units import MICRO

RESAMPLED = 10_000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Figures:
    """Of one world and arm, credits a decision but for errors (points of the range, without and with stakes as weights)
    and counts. ``regret`` is that of a committee which takes the highest price where the market can resolve it;
    ``regret_ranked`` where the report ranks the options, ``regret_paid`` wherever more than the least was set aside.
    """

    regret: float
    regret_ranked: float
    regret_paid: float
    error: float
    error_weighted: float
    reserved: float
    spent: float
    resolved: float
    ranked: float
    trades: float


@dataclass(frozen=True)
class Estimate:
    """A mean over worlds, with its 95% interval."""

    mean: float
    low: float
    high: float


Found = Mapping[Setting, Figures]


def measured(world: World, life: Life, is_paid: Flags) -> Figures:
    """``is_paid`` says for which decisions more was set aside than a maker takes at least."""
    return Figures(
        regret=_regret(world, np.where(life.resolved, life.highest, 1)),
        regret_ranked=_regret(world, np.where(life.ranked, life.highest, 1)),
        regret_paid=_regret(world, np.where(is_paid, life.highest, 1)),
        reserved=life.reserved / len(world.decisions),
        spent=life.spent / len(world.decisions),
        resolved=float(life.resolved.mean()),
        ranked=float(life.ranked.mean()),
        trades=life.trades / len(world.decisions),
        **_errors(world, life.priced),
    )


def without_markets(world: World) -> Figures:
    """The committee alone, by its prior."""
    first = np.ones(len(world.decisions), dtype=np.int64)
    regret = _regret(world, first)
    nothing = dict.fromkeys(("reserved", "spent", "resolved", "ranked", "trades"), 0.0)
    return Figures(regret, regret, regret, **_errors(world, world.options.mean), **nothing)


def _regret(world: World, took: Counts) -> float:
    of, truth = world.options.of, world.options.truth
    best = np.full(len(world.decisions), -np.inf)
    np.maximum.at(best, of, truth)
    firsts = np.searchsorted(of, np.arange(len(world.decisions)))
    return float(np.mean(world.decisions.stake * (best - truth[firsts + took - 1])))


def _errors(world: World, priced: Numbers) -> dict[str, float]:
    off = 100 * np.abs(priced - world.options.truth)
    weights = world.decisions.stake[world.options.of]
    return {"error": float(off.mean()), "error_weighted": float(np.average(off, weights=weights))}


def one_world(assumed: Assumptions, budgets: Sequence[int], seed: int, number: int) -> Found:
    """Every arm of the world of this number at every budget."""
    world = nature.world(assumed, seed, number)
    found = {Setting(Arm.PRIOR, 0): without_markets(world)}
    with TemporaryDirectory() as folder:
        given = dict[Setting, Sequence[int]]()
        for budget in budgets:
            with exchange(Path(folder), f"asked-{budget}") as connection:
                made = subsidies(connection, world, budget * len(world.decisions) * MICRO)
            least = Setting(Arm.LEAST, 0)
            given |= {least if arm == Arm.LEAST else Setting(arm, budget): each for arm, each in made.items()}
        for setting, each in given.items():
            with exchange(Path(folder), str(setting)) as connection:
                is_paid = np.array(each) > np.array(given[least])
                found[setting] = measured(world, live(connection, world, each), is_paid)
    return found


def many(
    assumed: Assumptions,
    budgets: Sequence[int],
    seed: int,
    worlds: int,
    processes: int,
    tick: Callable[[], None],
) -> list[Found]:
    """So many worlds, so many of them at once; ``tick`` is called after each."""
    run = partial(one_world, assumed, budgets, seed)
    found: list[Found] = []
    with ProcessPoolExecutor(processes) if processes > 1 else nullcontext() as pool:
        for each in (pool.map if pool else map)(run, range(worlds)):
            found.append(each)
            tick()
    return found


def estimates(found: Sequence[Found], seed: int) -> dict[Setting, dict[str, Estimate]]:
    return {
        setting: {
            each.name: estimate([getattr(world[setting], each.name) for world in found], seed)
            for each in fields(Figures)
        }
        for setting in found[0]
    }


def differences(
    found: Sequence[Found], late: Setting, early: Setting, names: Sequence[str], seed: int
) -> dict[str, Estimate]:
    """The later one less the earlier one in the same worlds, by figure."""
    return {
        name: estimate([getattr(world[late], name) - getattr(world[early], name) for world in found], seed)
        for name in names
    }


def estimate(values: Sequence[float], seed: int) -> Estimate:
    """The mean, and between which quantiles those of resampled worlds lie."""
    given = np.array(values)
    drawn = np.random.default_rng(seed).integers(len(given), size=(RESAMPLED, len(given)))
    low, high = np.quantile(given[drawn].mean(axis=1), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(given.mean()), float(low), float(high))
