"""Selection: how far "expected if chosen" can be from the effect of choosing, and what can be said about it (THEORY 7).

A price p_a is E[Y given D = a]. What it differs by from E[Y(a)] is Cov(Y(a), 1{D = a}) / h_a, where h_a is the chance
that option a is chosen. A *pair* below is the leader's number and the follower's.
"""

import math
from statistics import NormalDist

Pair = tuple[float, float]
Interval = tuple[float, float]

_NORMAL = NormalDist()


def bias_most(rho: float, sd: float, chance: float) -> float:
    """The most that a price can be off by selection: rho sigma sqrt((1 - h) / h).

    Parameters
    ----------
    rho
        Correlation of the metric under the option with that option's being chosen.
    sd
        Standard deviation sigma of the metric under the option; the bias has its unit.
    chance
        h, the chance that the option is chosen, above 0.

    Notes
    -----
    Source: THEORY 7, by Cauchy-Schwarz, and sharp; vector V25.

    Examples
    --------
    >>> round(bias_most(0.3, 0.25, 0.7), 4), round(bias_most(0.3, 0.25, 0.3), 4)
    (0.0491, 0.1146)

    """
    return rho * sd * math.sqrt((1 - chance) / chance)


def bias_gaussian(rho: float, sd: float, chance: float) -> float:
    """The same where the metric and what decides are jointly normal: rho sigma phi(Phi^-1(h)) / h.

    Notes
    -----
    Source: THEORY 7, after Heckman (1979); vector V25. Parameters as in ``bias_most``, but h is also below 1.

    Examples
    --------
    >>> round(bias_gaussian(0.3, 0.25, 0.7), 4), round(bias_gaussian(0.3, 0.25, 0.3), 4)
    (0.0373, 0.0869)

    """
    return rho * sd * _NORMAL.pdf(_NORMAL.inv_cdf(chance)) / chance


def breakdown(spread: float, sds: Pair, chances: Pair) -> float:
    """The breakdown correlation rho*: of what strength selection could explain the whole spread, at the worst signs.

    |D| / sum sigma_a sqrt((1 - h_a) / h_a); of two options with one sigma that is |D| sqrt(h (1 - h)) / sigma. Above 1
    no correlation could. Without any room for selection it is infinite.

    Notes
    -----
    Source: THEORY 7; vector V25.

    Examples
    --------
    >>> round(breakdown(0.08, (0.25, 0.25), (0.7, 0.3)), 3)
    0.147

    """
    room = sum(bias_most(1, sd, chance) for sd, chance in zip(sds, chances, strict=True))
    return abs(spread) / room if room else math.inf


def breakdown_same_sign(spread: float, sds: Pair, chances: Pair) -> float:
    """The same where choice follows merit, so that both prices are too high: the less likely option's by more.

    |D| / |sigma_a sqrt((1 - h_a) / h_a) - sigma_b sqrt((1 - h_b) / h_b)|; of two options with one sigma that is
    |D| sqrt(h (1 - h)) / (sigma |1 - 2 h|). It can explain a lead only of the less likely option (``flatters``).

    Notes
    -----
    Source: THEORY 7; vector V25.

    Examples
    --------
    >>> round(breakdown_same_sign(0.08, (0.25, 0.25), (0.7, 0.3)), 3)
    0.367

    """
    net = abs(_net(sds, chances))
    return abs(spread) / net if net else math.inf


def flatters(sds: Pair, chances: Pair) -> bool:
    """Whether choice by merit overstates the leader's lead: the leader is the option less likely to be chosen.

    >>> flatters((0.25, 0.25), (0.3, 0.7)), flatters((0.25, 0.25), (0.5, 0.5))
    (True, False)
    """
    return _net(sds, chances) > 1e-12


def _net(sds: Pair, chances: Pair) -> float:
    first, second = (bias_most(1, sd, chance) for sd, chance in zip(sds, chances, strict=True))
    return first - second


def without_assumptions(level: float, chance: float) -> Interval:
    """Where E[Y(a)] can lie if nothing is assumed, Y in [0, 1]: from h p to h p + 1 - h.

    Notes
    -----
    Source: Manski (1990), THEORY 7; vector V26.

    Examples
    --------
    >>> [round(end, 3) for end in without_assumptions(0.62, 0.7)]
    [0.434, 0.734]

    """
    return chance * level, chance * level + 1 - chance


def difference(of: Interval, less: Interval) -> Interval:
    """The interval of a difference. Of two options' ``without_assumptions`` it always holds 0.

    >>> [round(end, 3) for end in difference((0.434, 0.734), (0.162, 0.862))]
    [-0.428, 0.572]
    """
    return of[0] - less[1], of[1] - less[0]


def randomised_share(lottery: float, options: int, chance: float) -> float:
    """Of a market that settles on any decision, the share w_a of its price that is randomised.

    (eps / k) / (eps / k + (1 - eps) h_a); 1 - w_a of the bias by selection remains.

    Parameters
    ----------
    lottery
        eps, the chance that a lottery decides among ``options`` with even chances.
    options
        k, how many they are.
    chance
        h_a, the chance that people choose the option if they decide.

    Notes
    -----
    Source: THEORY 6, rule S2; vector V24.

    Examples
    --------
    >>> round(randomised_share(0.05, 2, 0.8), 3)
    0.032

    """
    drawn = lottery / options
    return drawn / (drawn + (1 - lottery) * chance)


def revealed_least(fair: float, good: float) -> float:
    """How likely the trick coin's nature must come out before the choice for the worse coin to be priced higher.

    The coin shows heads always, with chance ``good``, or never; the other coin with chance ``fair``. If its nature comes
    out with chance r and it is chosen unless it is known to be bad, it is priced at good / (1 - (1 - good) r).

    Notes
    -----
    Source: Dynomight (2025), THEORY 7; vector V27.

    Examples
    --------
    >>> round(revealed_least(0.6, 0.59), 4)
    0.0407

    """
    return (1 - good / fair) / (1 - good)
