"""Learning from settled markets what information costs traders, and what their attention does."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

POINTS, ROUNDS = 65, 6
FACTOR_MOST = 4.0  # One fit moves a number by no more than this factor, since thirty markets can all be odd.
DEAR_PART = 0.1


def cost(beta: float, learnable: ArrayLike, years: ArrayLike, chance: ArrayLike, rate: float) -> Numbers:
    """What a nat costs traders in each market: beta e^(r T) / h, times ln 2 / H.

    Parameters
    ----------
    beta
        beta0, credits a nat, of a question of yes or no that settles at once and for certain.
    learnable
        H, nats: what the market pays for full information, in b.
    years
        T until it settles.
    chance
        h that it settles.
    rate
        r a year: what traders could make of credits that are not locked.

    Notes
    -----
    The same work about the metric earns ln 2 / H times less in a market that pays little for it, so that the nats it is
    paid in cost so much more (THEORY 4: raise b by that factor); horizon and chance as in THEORY 8.

    Examples
    --------
    >>> cost(30, [np.log(2), np.log(2) / 34], 0, [1, 0.5], 0.2).round()
    array([  30., 2040.])

    """
    scale = math.log(2) / np.asarray(learnable, dtype=float)
    found: Numbers = beta * scale * np.exp(rate * np.asarray(years)) / np.asarray(chance)
    return found


def fit_beta(
    liquidity: ArrayLike, learnable: ArrayLike, nats: ArrayLike, unit: ArrayLike, *, before: float
) -> float:
    """The beta0 that explains best what settled markets learned: least squares of I = H b / (b + beta).

    Parameters
    ----------
    liquidity, learnable
        b of each, credits, and H, nats, when it opened.
    nats
        I: by how much prices gained over the opening ones, log score; below zero where they lost.
    unit
        What a nat would cost there if beta0 were 1, as ``cost`` says.
    before
        beta0 so far; the result is within a factor of four of it.

    Notes
    -----
    On grids of ln beta, each finer around the best of the one before, since the sum of squares has flat ends.
    Source: THEORY 8.

    Examples
    --------
    >>> b, known = np.array([20.0, 50, 100]), np.array([0.6, 0.6, 0.4])
    >>> unit = cost(1, known, 0, 1, 0.2)
    >>> round(fit_beta(b, known, known * b / (b + 45 * unit), unit, before=30), 3)
    45.0

    """
    offered, known = np.asarray(liquidity, dtype=float), np.asarray(learnable, dtype=float)
    low, high = math.log(before / FACTOR_MOST), math.log(before * FACTOR_MOST)
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, POINTS)
        told = known * offered / (offered + np.exp(grid)[:, None] * unit)
        best = int(np.argmin(np.sum((np.asarray(nats) - told) ** 2, axis=1)))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, POINTS - 1)]
    return math.exp(grid[best])


def fit_attention(gains: ArrayLike, *, before: float) -> float:
    """What attention costs: so much that nine of ten trades were expected, by whoever made them, to gain more.

    A price that is wrong by less than that is left alone, so that the smallest gains of trades which people did make
    tell what looking costs them; the smallest tenth is left to those who like to trade.

    Parameters
    ----------
    gains
        b KL(after || before) of each trade, credits: what it earns if the price it leaves is right.
    before
        The cost so far; the result is within a factor of four of it.

    Notes
    -----
    Source: THEORY 8, the lower end of the usable window.

    Examples
    --------
    >>> round(fit_attention(np.linspace(2, 12, 101), before=5), 6)
    3.0

    """
    found = float(np.quantile(np.asarray(gains, dtype=float), DEAR_PART))
    return min(max(found, before / FACTOR_MOST), before * FACTOR_MOST)
