"""What information about a close call is worth, how much of it a market can learn, and what it pays for learning it.

EVSI is the expected value of sample information: by how much a decision is better made once something was learned.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

NODES = 200
TOLD_LEAST = 1e-290  # Below it what floats make of a worth has no digits left.
STEPS = 80
NATS_LEAST, NATS_MOST = 1e-9, 40.0
TAIL = 1.6448536269514722  # A normal metric lies above its mean by more sds than this with 5 %.
GAP_LEAST = 1e-6  # In sds of the gap; of no gap at all the first nat would be worth any price.


def evsi(gap: ArrayLike, sd: ArrayLike, nats: ArrayLike) -> Numbers:
    r"""EVSI of a decision between two options: s_I phi(D / s_I) - |D| Phi(-|D| / s_I), s_I = s sqrt(1 - e^(-2 I)).

    Parameters
    ----------
    gap
        D: their gap as it is expected now, in the same unit, which is also the result's.
    sd
        s: how uncertain that gap is.
    nats
        I, above 0: information about the gap. It tells the part 1 - e^(-2 I) of its variance.

    Notes
    -----
    Source: THEORY 8; vector V33.

    Examples
    --------
    >>> round(float(evsi(0.5, 1, 0.2)), 4)
    0.0608

    """
    learnt = np.asarray(sd) * np.sqrt(-np.expm1(-2 * np.asarray(nats)))
    distance = np.abs(gap)
    z = distance / learnt
    found: Numbers = learnt * _density(z) - distance * _below(-z)
    return found


def slope(gap: ArrayLike, sd: ArrayLike, part: ArrayLike) -> Numbers:
    """What a little more of the gap's variance is worth once a part of it is known: s phi(D / (s sqrt(part))) / (2 sqrt(part)).

    Parameters
    ----------
    gap, sd
        As of ``evsi``.
    part
        Of the variance, above 0: 1 - e^(-2 I).

    Notes
    -----
    The derivative of EVSI. Source: THEORY 8.

    Examples
    --------
    >>> round(float(slope(0, 1, 0.25)), 4)
    0.3989

    """
    root = np.sqrt(part)
    found: Numbers = np.asarray(sd) * _density(np.asarray(gap) / np.asarray(sd) / root) / (2 * root)
    return found


def steepest(gap: ArrayLike, sd: ArrayLike) -> tuple[Numbers, Numbers]:
    """The information I* at which EVSI a nat is largest, and what a nat is worth there: fund I* nats, or nothing.

    EVSI is not concave: the first nats hardly ever turn a decision, so that they are worth little (Radner and
    Stiglitz). I* is where the average is the marginal, EVSI(I) / I = EVSI'(I) = s e^(-2 I) phi(D / s_I) / (s_I / s).

    Parameters
    ----------
    gap, sd
        As of ``evsi``.

    Returns
    -------
    I* in nats, and EVSI(I*) / I* in the unit of the gap a nat.

    Notes
    -----
    By bisection. Source: THEORY 8 (its table).

    Examples
    --------
    >>> nats, worth = steepest([0.25, 0.5, 1, 1.5, 2], 1)
    >>> nats.round(2)
    array([0.07, 0.22, 0.53, 0.82, 1.06])
    >>> worth.round(3)
    array([0.748, 0.305, 0.079, 0.021, 0.005])

    """
    spread = np.asarray(sd, dtype=float)
    z = np.maximum(np.abs(gap) / spread, GAP_LEAST)
    low, high = np.full(z.shape, math.log(NATS_LEAST)), np.full(z.shape, math.log(NATS_MOST))
    for _ in range(STEPS):
        middle = (low + high) / 2
        worth = evsi(z, 1.0, np.exp(middle))
        # What is too little to be told from nothing stands far below the steepest, where it still rises.
        rises = (worth < TOLD_LEAST) | (_marginal(z, np.exp(middle)) * np.exp(middle) >= worth)
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    nats = np.exp(low)
    return nats, spread * evsi(z, 1.0, nats) / nats


def learnable(prices: Sequence[float], centres: Sequence[float], sd: float, *, is_one_hot: bool) -> float:
    """H: what a market offers for full information, in nats, which is in b: E[KL(y || p)] over its payouts y.

    Parameters
    ----------
    prices
        Of the outcomes, p.
    centres
        Values of the metric at which they pay 1.
    sd
        Of the metric, above 0, in the unit of the centres: Normal around what the prices expect, clipped at the ends.
    is_one_hot
        Whether exactly one outcome pays, as of yes or no. Then H is the entropy of the prices.

    Notes
    -----
    With two outcomes about sd^2 / (2 p (1 - p)) for an sd in parts of the range. With hats over many centres a share of
    each reading is left between two of them: H is the entropy of the prices less E[H(y)], half a nat where the metric
    is spread evenly between neighbours. By quadrature. Source: THEORY 4 and 8; vector V49.

    Examples
    --------
    >>> round(learnable([0.5, 0.5], [1, 0], 0.1, is_one_hot=False), 4)
    0.0204
    >>> round(learnable([0.5, 0.5], [1, 0], 0.1, is_one_hot=True), 4)
    0.6931

    """
    known = np.asarray(prices, dtype=float)
    if is_one_hot:
        return float(-np.sum(known * np.log(known)))
    places = np.asarray(centres, dtype=float)
    mean, low, high = float(known @ places), places.min(), places.max()
    values, shares = _nodes(mean, sd, low, high)
    ends = np.array([low, high])
    beyond = np.array([_below((low - mean) / sd), _below((mean - high) / sd)])
    return float(shares @ _divergence(values, known, places) + beyond @ _divergence(ends, known, places))


def pays(sd: float, price: float = 0.5) -> float:
    """By how much less than an even question of yes or no a market of LONG and SHORT pays for full information.

    Parameters
    ----------
    sd
        Of the metric, in parts of the range, above 0.
    price
        Of LONG.

    Notes
    -----
    So many times the liquidity would pay as much. Source: THEORY 4; vector V49.

    Examples
    --------
    >>> round(pays(0.1)), round(pays(0.2))
    (34, 8)

    """
    return math.log(2) / learnable([price, 1 - price], [1, 0], sd, is_one_hot=False)


@dataclass(frozen=True)
class Advice:
    """What a range does to a market of LONG and SHORT, and which range would be right.

    ``times_less`` says by how much less than yes or no it pays, and ``times_less_there`` what that would be between
    ``low`` and ``high``. ``outside`` is the chance that the metric lies outside the range as it is set. It is too wide
    if the right range would pay at least twice as much.
    """

    is_too_wide: bool
    times_less: float
    low: float
    high: float
    times_less_there: float
    outside: float


def advise(low: float, high: float, value: float, sd: float) -> Advice:
    """Whether a range is set too wide for a metric believed Normal(value, sd), and the range between its 5 % and 95 % points.

    All in the metric's unit; the value lies within the range, and the sd is above 0.

    Notes
    -----
    Source: THEORY 4.

    Examples
    --------
    >>> found = advise(0, 100, 50, 5)
    >>> found.is_too_wide, round(found.times_less), round(found.low, 1), round(found.high, 1)
    (True, 138, 41.8, 58.2)

    """
    least, most = value - TAIL * sd, value + TAIL * sd
    width = high - low
    here, there = pays(sd / width, (value - low) / width), pays(sd / (most - least))
    outside = float(_below((low - value) / sd) + _below((value - high) / sd))
    return Advice(here >= 2 * there, here, least, most, there, outside)


def _marginal(z: Numbers, nats: Numbers) -> Numbers:
    """EVSI'(I) for a gap of z sds, in sds: what a little more information adds."""
    learnt = np.sqrt(-np.expm1(-2 * nats))
    found: Numbers = np.exp(-2 * nats) * _density(z / learnt) / learnt
    return found


def _nodes(mean: float, sd: float, low: float, high: float) -> tuple[Numbers, Numbers]:
    """Values within the range, and their probabilities; taken where the density is, or else the nodes would miss it."""
    start, end = max(low, mean - 9 * sd), min(high, mean + 9 * sd)
    nodes, shares = _legendre()
    values = start + (nodes + 1) / 2 * (end - start)
    return values, shares * (end - start) / 2 * _density((values - mean) / sd) / sd


@cache
def _legendre() -> tuple[Numbers, Numbers]:
    nodes, shares = np.polynomial.legendre.leggauss(NODES)
    return nodes, shares


def _divergence(values: Numbers, prices: Numbers, centres: Numbers) -> Numbers:
    """KL(y || p) in nats, where the metric comes to each of the values."""
    order = np.argsort(centres)
    payouts = np.stack([np.interp(values, centres[order], row) for row in np.eye(len(order))], axis=1)
    logs = np.log(np.maximum(payouts, np.finfo(float).tiny)) - np.log(prices[order])
    found: Numbers = np.sum(payouts * logs, axis=1)
    return found


def _density(z: ArrayLike) -> Numbers:
    found: Numbers = np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)
    return found


def _below(z: ArrayLike) -> Numbers:
    from scipy.special import ndtr  # noqa: PLC0415 - scipy is imported where it is used

    found: Numbers = ndtr(z)
    return found
