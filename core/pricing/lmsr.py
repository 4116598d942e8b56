"""The logarithmic market scoring rule on integers (Hanson 2003; Chen and Pennock 2007).

A market's whole state is integers: liquidity b, shares outstanding s and weights W, all in micro-units. Prices are
softmax((s - W) / b). An opening price is a W; liquidity added later adds to W, so prices stay where they are.
Floats serve inside one call only, and every charge is rounded against the trader.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

PRICE_LEAST = 1e-4  # Past it float64 can no longer tell a charge to the micro.
OPENING_LEAST = 1e-3
GUARD_MICRO = 1e-3
GUARD_RELATIVE = 4e-15
_LOG_SPACE = 30.0


@dataclass(frozen=True)
class State:
    """One market's maker.

    Parameters
    ----------
    liquidity
        b, micro-units, above zero.
    shares
        s, micro-shares outstanding per outcome.
    weights
        W, micro-units per outcome: the sum over tranches of b_k ln(1 / p_k), rounded up.

    """

    liquidity: int
    shares: tuple[int, ...]
    weights: tuple[int, ...]

    def after(self, outcome: int, shares: int) -> "State":
        """The state once so many shares of an outcome are sold (bought back, if negative)."""
        changed = tuple(s + shares * (i == outcome) for i, s in enumerate(self.shares))
        return State(self.liquidity, changed, self.weights)


def weights(liquidity: int, prices: Sequence[float]) -> tuple[int, ...]:
    """W of a maker opened at these prices: b ln(1/p), micro-units, rounded up (THEORY 2).

    The largest of them is the most that the maker can lose: its reserve.

    >>> weights(100_000_000, [0.5, 0.5])
    (69314719, 69314719)
    """
    return tuple(math.ceil(-liquidity * math.log(p)) for p in prices)


def liquidity_for(reserve: int, prices: Sequence[float]) -> int:
    """The largest b whose reserve is within the given one, micro-units.

    >>> liquidity_for(69_314_719, [0.5, 0.5])
    100000001
    """
    liquidity = math.floor(reserve / -math.log(min(prices))) + 1
    while max(weights(liquidity, prices)) > reserve:
        liquidity -= 1
    return liquidity


def prices(state: State) -> list[float]:
    """softmax((s - W) / b), in the order of the outcomes.

    >>> prices(State(100, (50, 0), (70, 70)))[0]
    0.6224593312018546
    """
    masses = _masses(state)
    total = math.fsum(masses)
    return [mass / total for mass in masses]


def charge(state: State, outcome: int, shares: int) -> int:
    """Micro-credits to pay for so many micro-shares: b ln(1 - p + p e^(x/b)), guarded and rounded up (THEORY 3)."""
    if shares == 0:
        return 0
    exact = state.liquidity * _log_mean(state, outcome, shares / state.liquidity)
    return math.ceil(exact + GUARD_MICRO + GUARD_RELATIVE * exact)


def proceeds(state: State, outcome: int, shares: int) -> int:
    """Micro-credits paid out for so many micro-shares: -b ln(1 - p + p e^(-x/b)), guarded and rounded down."""
    if shares == 0:
        return 0
    exact = -state.liquidity * _log_mean(state, outcome, -shares / state.liquidity)
    return max(0, math.floor(exact - GUARD_MICRO - GUARD_RELATIVE * exact))


def shares_for(state: State, outcome: int, spend: int) -> int:
    """The most micro-shares whose charge is within ``spend``: floor of b ln(1 + (e^(m/b) - 1) / p) (THEORY 1)."""
    p, _ = _odds(state, outcome)
    ratio = spend / state.liquidity
    if ratio > _LOG_SPACE:
        inverse = ratio - math.log(p) + math.log1p(-(1.0 - p) * math.exp(-ratio))
    else:
        inverse = math.log1p(math.expm1(ratio) / p)
    shares = math.floor(state.liquidity * inverse)
    while shares > 0 and (excess := charge(state, outcome, shares) - spend) > 0:
        shares -= max(1, math.floor(excess / p))
    return max(0, shares)


def most_spend(state: State, outcome: int) -> int:
    """The most that can be spent on an outcome before another one's price falls below the bound.

    Every other price shrinks by e^(-m/b) when m is spent (THEORY 1), so the smallest one decides.
    """
    least = min(p for i, p in enumerate(prices(state)) if i != outcome)
    return max(0, math.floor(state.liquidity * math.log(least / PRICE_LEAST)) - 1)


def most_sold(state: State, outcome: int) -> int:
    """The most shares of an outcome that the maker takes back before its price falls below the bound."""
    p, rest = _odds(state, outcome)
    distance = math.log(p / rest) - math.log(PRICE_LEAST / (1 - PRICE_LEAST))
    return max(0, math.floor(state.liquidity * distance) - 1)


def _masses(state: State) -> list[float]:
    # The offset common to all outcomes goes as an integer, where nothing is lost, before anything is a float.
    logits = [s - w for s, w in zip(state.shares, state.weights, strict=True)]
    top = max(logits)
    return [math.exp((logit - top) / state.liquidity) for logit in logits]


def _odds(state: State, outcome: int) -> tuple[float, float]:
    """P and 1 - p; the second from the other outcomes' masses, since 1 - p loses the digits of a small rest."""
    masses = _masses(state)
    total = math.fsum(masses)
    rest = math.fsum(mass for i, mass in enumerate(masses) if i != outcome)
    return masses[outcome] / total, rest / total


def _log_mean(state: State, outcome: int, growth: float) -> float:
    """ln(1 - p + p e^growth), in the form that is accurate where it is asked."""
    p, rest = _odds(state, outcome)
    if growth > _LOG_SPACE:
        return growth + math.log(p + rest * math.exp(-growth))
    change = p * math.expm1(growth)
    return math.log1p(change) if change > -0.5 else math.log(rest + p * math.exp(growth))
