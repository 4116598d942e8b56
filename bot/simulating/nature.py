"""All that is left to chance in a world, drawn once for all arms: decisions, what is true, traders, and what they would see."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

NODES = 7  # Signals that a trader imagines before looking, of each of the two answers.
GUESSES = 1_000
APART_MOST = 2.5  # The prior gap between the best two options, in its own sds.
SDS = (0.06, 0.15)  # Of a number, in parts of its range.
YEARS = (0.1, 0.25, 0.5, 1.0)
STAKE = 300.0  # The median, credits.
BLUR, BLUR_SIGMA = (
    1.5,
    0.6,
)  # A signal's noise in sds of the truth: the median, and how far traders differ in that.
TOLERANCE, TOLERANCE_SIGMA = 40.0, 0.5  # Risk tolerance, credits, likewise.
WHIM = 1.0  # The sd of what noisy traders add to the log-odds for no reason.


class Kind(StrEnum):
    INFORMED = "informed"
    INATTENTIVE = "inattentive"
    NOISY = "noisy"
    MANIPULATING = "manipulating"


ATTENTION = {Kind.INFORMED: 1.0, Kind.INATTENTIVE: 5.0, Kind.NOISY: 0.0, Kind.MANIPULATING: 0.0}


@dataclass(frozen=True)
class Assumptions:
    """Sizes of a world. ``unequal`` is the sigma of log-normal stakes, 0 for equal ones; what the policy is told of a
    stake is off by a factor of ``misjudged``, up or down, about once in three times by more.
    """

    decisions: int = 20
    rounds: int = 8
    unequal: float = 1.25
    misjudged: float = 1.0
    crowd: tuple[tuple[Kind, int], ...] = (
        (Kind.INFORMED, 16),
        (Kind.INATTENTIVE, 10),
        (Kind.NOISY, 10),
        (Kind.MANIPULATING, 4),
    )


@dataclass(frozen=True, eq=False)
class Decisions:
    """By decision; ``told`` is its stake as the spenders state it, ``gap_sd`` the sd of the gap between the best two."""

    stake: Numbers
    told: Numbers
    years: Numbers
    is_yes_no: Flags
    options: Counts
    gap_sd: Numbers

    def __len__(self) -> int:
        return len(self.stake)


@dataclass(frozen=True, eq=False)
class Options:
    """By market, which is an option of a decision, all in parts of the metric's range: prior, truth, chance to be best.

    The first option of each decision is the best one by the prior.
    """

    of: Counts
    mean: Numbers
    sd: Numbers
    truth: Numbers
    chance: Numbers


@dataclass(frozen=True, eq=False)
class Crowd:
    """By trader, then by market: what each believes once they looked, and could come to believe before (the last axis), each
    with a ``weight`` (by market alone).
    """

    kinds: tuple[Kind, ...]
    tolerance: Numbers
    belief: Numbers
    variance: Numbers
    foreseen: Numbers
    weight: Numbers
    turns: Counts  # By round: who comes when.
    whims: Counts  # By round and trader: where somebody looks for no reason.
    pushed: Counts  # By trader: the market that a manipulator pushes.

    @property
    def names(self) -> list[str]:
        return [f"{kind}-{number}" for number, kind in enumerate(self.kinds)]


@dataclass(frozen=True, eq=False)
class World:
    assumed: Assumptions
    decisions: Decisions
    options: Options
    crowd: Crowd


def world(assumed: Assumptions, seed: int, number: int) -> World:
    """The world of this number; the same seed gives the same one."""
    chances = [default_rng(each) for each in SeedSequence([seed, number]).spawn(4)]
    decisions, options = _decisions(assumed, chances[0], chances[1])
    return World(assumed, decisions, options, _crowd(assumed, decisions, options, chances[2], chances[3]))


def _decisions(assumed: Assumptions, chance: Generator, truths: Generator) -> tuple[Decisions, Options]:
    count = assumed.decisions
    is_yes_no, is_three = chance.random(count) < 0.5, chance.random(count) < 0.25
    apart, sd = chance.uniform(0, APART_MOST, count), chance.uniform(*SDS, count)
    # Half the gap: of a yes or no so that 2 g is so many times sqrt(2 (1/4 - g^2)), the sd of the gap there.
    half = np.where(is_yes_no, apart / np.sqrt(8 + 4 * apart**2), apart * sd / np.sqrt(2))
    behind = chance.uniform(0, 1, count) * np.where(is_yes_no, 0.2, sd)
    means = np.stack([0.5 + half, 0.5 - half, np.maximum(0.5 - half - behind, 0.03)], axis=1)
    spread = np.where(is_yes_no[:, None], np.sqrt(means * (1 - means)), sd[:, None])
    noise = chance.standard_normal((2, count))
    stake = STAKE * np.exp(assumed.unequal * noise[0])
    decisions = Decisions(
        stake=stake,
        told=stake * np.exp(np.log(assumed.misjudged) * noise[1]),
        years=chance.choice(YEARS, count),
        is_yes_no=is_yes_no,
        options=np.where(is_three, 3, 2),
        gap_sd=np.hypot(spread[:, 0], spread[:, 1]),
    )
    there = np.arange(3) < decisions.options[:, None]
    best = _drawn(means, spread, is_yes_no, truths, GUESSES) + np.where(there, 0, -np.inf)
    is_best = best == best.max(axis=-1, keepdims=True)
    chances = (is_best / is_best.sum(axis=-1, keepdims=True)).mean(axis=0)
    truth = _drawn(means, spread, is_yes_no, truths, 1)[0]
    of = np.nonzero(there)[0]
    return decisions, Options(of, means[there], spread[there], truth[there], chances[there])


def _drawn(means: Numbers, sds: Numbers, is_yes_no: Flags, chance: Generator, times: int) -> Numbers:
    """What the metric comes to under each option, so many times."""
    shape = (times, *means.shape)
    numbers = np.clip(means + sds * chance.standard_normal(shape), 0.005, 0.995)
    found: Numbers = np.where(is_yes_no[:, None], chance.random(shape) < means, numbers)
    return found


def _crowd(
    assumed: Assumptions, decisions: Decisions, options: Options, chance: Generator, whims: Generator
) -> Crowd:
    kinds = tuple(kind for kind, count in assumed.crowd for _ in range(count))
    people, markets = len(kinds), len(options.of)
    blur = BLUR * np.exp(BLUR_SIGMA * chance.standard_normal((people, len(decisions))))[:, options.of]
    noise = chance.standard_normal((people, markets))
    is_yes_no = decisions.is_yes_no[options.of]
    foreseen, weight = _foreseen(options, is_yes_no, blur)
    belief = _believed(options, is_yes_no, blur, options.truth, noise)
    idle = np.array([kind == Kind.NOISY for kind in kinds])
    strange = _odds(np.log(options.mean / (1 - options.mean)) + WHIM * noise)
    stakes = decisions.stake[options.of] / decisions.options[options.of]
    shape = (assumed.rounds, people)
    return Crowd(
        kinds=kinds,
        tolerance=TOLERANCE * np.exp(TOLERANCE_SIGMA * chance.standard_normal(people)),
        belief=np.where(idle[:, None], strange, belief),
        variance=options.sd**2 * (1 - 1 / (1 + blur**2)),
        foreseen=foreseen,
        weight=weight,
        turns=whims.permuted(np.tile(np.arange(people), (assumed.rounds, 1)), axis=1),
        whims=whims.integers(len(decisions), size=shape),
        pushed=whims.choice(markets, people, p=stakes / stakes.sum()),
    )


def _believed(options: Options, is_yes_no: Flags, blur: Numbers, truth: Numbers, noise: Numbers) -> Numbers:
    """By Bayes, of a signal that is the truth and noise: of a yes or no blurred by so many halves."""
    of_number = options.mean + (truth - options.mean + blur * options.sd * noise) / (1 + blur**2)
    half = blur / 2
    evidence = (truth + half * noise - 0.5) / half**2
    of_yes_no = _odds(np.log(options.mean / (1 - options.mean)) + evidence)
    return np.clip(np.where(is_yes_no, of_yes_no, of_number), 0.001, 0.999)


def _foreseen(options: Options, is_yes_no: Flags, blur: Numbers) -> tuple[Numbers, Numbers]:
    """What a trader may come to believe, and how likely: signals by Gauss and Hermite around each of two truths."""
    nodes, shares = np.polynomial.hermite_e.hermegauss(NODES)
    shares = shares / shares.sum()
    # Of a number the two truths are as far apart as its sd says: together they have its mean and variance.
    truths = [
        np.where(is_yes_no, 1.0, options.mean + options.sd),
        np.where(is_yes_no, 0.0, options.mean - options.sd),
    ]
    likely = [np.where(is_yes_no, options.mean, 0.5), np.where(is_yes_no, 1 - options.mean, 0.5)]
    found = [
        _believed(options, is_yes_no, blur, truth, np.full_like(blur, node))
        for truth in truths
        for node in nodes
    ]
    weight = [each * share for each in likely for share in shares]
    return np.stack(found, axis=-1), np.stack(weight, axis=-1)


def _odds(logit: Numbers) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-logit))
    return found
