"""What is measured of each world and arm, and what many worlds say together: means with bootstrap intervals, paired."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.simulating import nature
from bot.simulating.arms import Arm, subsidies
from bot.simulating.lived import Life, exchange, live
from bot.simulating.nature import Assumptions, Counts, Numbers, World

RESAMPLED = 10_000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Figures:
    """Of one world and arm, credits a decision but for errors (points of the range, without and with stakes as weights)
    and counts. ``regret_highest`` is that of taking the highest price whether or not the report ranks it.
    """

    regret: float
    regret_highest: float
    error: float
    error_weighted: float
    reserved: float
    spent: float
    ranked: float
    trades: float


@dataclass(frozen=True)
class Estimate:
    """A mean over worlds, with its 95% interval."""

    mean: float
    low: float
    high: float


Found = Mapping[str, Figures]
PRIOR = "prior"  # No market at all.


def measured(world: World, life: Life) -> Figures:
    return Figures(
        regret=_regret(world, life.took),
        regret_highest=_regret(world, life.highest),
        reserved=life.reserved / len(world.decisions),
        spent=life.spent / len(world.decisions),
        ranked=float(life.ranked.mean()),
        trades=life.trades / len(world.decisions),
        **_errors(world, life.priced),
    )


def without_markets(world: World) -> Figures:
    """The committee alone, by its prior."""
    first = np.ones(len(world.decisions), dtype=np.int64)
    regret = _regret(world, first)
    return Figures(
        regret, regret, **_errors(world, world.options.mean), reserved=0, spent=0, ranked=0, trades=0
    )


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


def one_world(assumed: Assumptions, budget: int, arms: Sequence[Arm], seed: int, number: int) -> Found:
    """Every arm of the world of this number."""
    world = nature.world(assumed, seed, number)
    found = {PRIOR: without_markets(world)}
    with TemporaryDirectory() as folder:
        with exchange(Path(folder), "asked") as connection:
            given = subsidies(connection, world, budget)
        for arm in arms:
            with exchange(Path(folder), arm) as connection:
                found[arm] = measured(world, live(connection, world, given[arm]))
    return found


def many(
    assumed: Assumptions,
    budget: int,
    arms: Sequence[Arm],
    seed: int,
    worlds: int,
    processes: int,
    tick: Callable[[], None],
) -> list[Found]:
    """So many worlds, in so many processes; ``tick`` is called after each."""
    run = partial(one_world, assumed, budget, arms, seed)
    found: list[Found] = []
    if processes == 1:
        for number in range(worlds):
            found.append(run(number))
            tick()
        return found
    with ProcessPoolExecutor(processes) as pool:
        for each in pool.map(run, range(worlds)):
            found.append(each)
            tick()
    return found


def estimates(found: Sequence[Found], seed: int) -> dict[str, dict[str, Estimate]]:
    """By arm and figure."""
    return {
        arm: {
            each.name: estimate([getattr(w[arm], each.name) for w in found], seed) for each in fields(Figures)
        }
        for arm in found[0]
    }


def differences(
    found: Sequence[Found], seed: int, names: Sequence[str]
) -> dict[tuple[str, str], dict[str, Estimate]]:
    """Of each two arms, the later less the earlier one in the same worlds, by figure."""
    arms = list(found[0])
    pairs = [(late, early) for n, late in enumerate(arms) for early in arms[:n]]
    return {
        (late, early): {
            name: estimate([getattr(w[late], name) - getattr(w[early], name) for w in found], seed)
            for name in names
        }
        for late, early in pairs
    }


def estimate(values: Sequence[float], seed: int) -> Estimate:
    """The mean, and between which quantiles those of resampled worlds lie."""
    given = np.array(values)
    drawn = np.random.default_rng(seed).integers(len(given), size=(RESAMPLED, len(given)))
    low, high = np.quantile(given[drawn].mean(axis=1), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(given.mean()), float(low), float(high))
