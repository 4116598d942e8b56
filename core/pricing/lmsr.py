"""The logarithmic market scoring rule on integers (Hanson 2003; Chen and Pennock 2007).

A market's whole state is integers: liquidity b, shares outstanding s and weights W, all in micro-units. Prices are
softmax((s - W) / b). An opening price is a W; liquidity added later adds to W, so prices stay where they are.
A trade is a number of shares of each outcome: bought above zero, sold below. Floats serve inside one call only, and
every cost is rounded against the trader.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

PRICE_LEAST = 1e-4  # Below it ticks in millionths are coarse, and liquidity added later is dear: b ln(1/p).
OPENING_LEAST = 1e-3
GUARD_MICRO = 1e-3
GUARD_RELATIVE = 4e-15
_EDGE = PRICE_LEAST * (1 + 1e-12)  # Where a cut at the bound aims, so that no rounding carries it past.
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

    @cached_property
    def logits(self) -> list[int]:
        """S - W less the largest of them: what all have in common goes while they are integers, where nothing is lost."""
        found = [s - w for s, w in zip(self.shares, self.weights, strict=True)]
        top = max(found)
        return [each - top for each in found]

    @cached_property
    def masses(self) -> list[float]:
        """The prices times a common factor, e^(logit / b): the largest is 1."""
        return [math.exp(logit / self.liquidity) for logit in self.logits]

    @cached_property
    def total(self) -> float:
        """Of the masses."""
        return math.fsum(self.masses)

    @cached_property
    def prices(self) -> tuple[float, ...]:
        """softmax((s - W) / b), in the order of the outcomes.

        >>> State(100, (50, 0), (70, 70)).prices[0]
        0.6224593312018546
        """
        total = self.total
        return tuple([mass / total for mass in self.masses])

    def after(self, bought: Sequence[int]) -> "State":
        """The state once so many shares of each outcome are sold to traders (bought back, where negative)."""
        changed = tuple(s + x for s, x in zip(self.shares, bought, strict=True))
        return State(self.liquidity, changed, self.weights)

    def deepened(self, liquidity: int) -> "State":
        """The state with so much more liquidity (less, if negative) at the prices in force (THEORY 2).

        >>> State(100_000_000, (0, 0), (69_314_719, 69_314_719)).deepened(60_000_000).weights
        (110903550, 110903550)
        """
        added = weights(liquidity, self.prices)
        changed = tuple(w + more for w, more in zip(self.weights, added, strict=True))
        return State(self.liquidity + liquidity, self.shares, changed)


def weights(liquidity: int, prices: Sequence[float]) -> tuple[int, ...]:
    """W of a maker opened at these prices: b ln(1/p), micro-units, rounded up (THEORY 2).

    The largest of them is the most that the maker can lose: its reserve.

    >>> weights(100_000_000, [0.5, 0.5])
    (69314719, 69314719)
    """
    return tuple(math.ceil(-liquidity * math.log(p)) for p in prices)


def reserve(liquidity: int, *openings: Sequence[float]) -> int:
    """What makers of this liquidity each, opened at these prices, can lose together."""
    return sum(max(weights(liquidity, prices)) for prices in openings)


def liquidity_for(most: int, *openings: Sequence[float]) -> int:
    """The largest b at which the makers opened at these prices can lose at most so much together.

    >>> liquidity_for(69_314_719, [0.5, 0.5])
    100000001
    """
    liquidity = math.floor(most / math.fsum(-math.log(min(prices)) for prices in openings)) + 1
    while reserve(liquidity, *openings) > most:
        liquidity -= 1
    return liquidity


def losing(liquidity: int, maker_weights: Sequence[int], prices: Sequence[float]) -> float:
    """What the maker loses on average if its prices are right: sum p W - b H(p), which is b KL(p || opening) (THEORY 1).

    >>> round(losing(100_000_000, (69_314_719, 69_314_719), [0.5, 0.5]))
    1
    >>> round(losing(100_000_000, (69_314_719, 69_314_719), [0.8, 0.2]))
    19274477
    """
    mean = math.fsum(p * weight for p, weight in zip(prices, maker_weights, strict=True))
    return mean + liquidity * math.fsum(p * math.log(p) for p in prices if p > 0)


def cost(state: State, bought: Sequence[int]) -> int:
    """Micro-credits to pay for so many micro-shares of each outcome; below zero, they are paid out (THEORY 1 and 3).

    What is bought of every outcome alike is a complete set and costs exactly 1 each, so a sale is a set given back
    and the other outcomes bought. The rest costs b ln sum p_i e^(x_i / b), guarded and rounded up. No sale costs anything.

    >>> maker = State(100_000_000, (0, 0), (69_314_719, 69_314_719))
    >>> cost(maker, (50_000_000, 0)), cost(maker, (-50_000_000, 0)), cost(maker, (7, 7))
    (28092981, -21907019, 7)
    """
    sets = min(bought)
    rest = [x - sets for x in bought]
    if not any(rest):
        return sets
    charged = sets + math.ceil(_guarded(state, rest))
    return min(charged, 0) if max(bought) <= 0 else charged


def shares_for(state: State, outcomes: Collection[int], spend: int) -> int:
    """The most micro-shares of each of the outcomes, which are not all there are, that cost at most ``spend`` together.

    That is the floor of b ln(1 + (e^(m/b) - 1) / p), with p the outcomes' price together (THEORY 1), less what the
    guard costs.
    """
    p = _price_of(state, outcomes)
    ratio = spend / state.liquidity
    if ratio > _LOG_SPACE:
        inverse = ratio - math.log(p) + math.log1p(-(1.0 - p) * math.exp(-ratio))
    else:
        inverse = math.log1p(math.expm1(ratio) / p)
    shares = math.floor(state.liquidity * inverse)
    while shares > 0 and (excess := _guarded(state, bought := only(state, outcomes, shares)) - spend) > 0:
        shares -= max(1, math.floor(excess / _price_of(state.after(bought), outcomes)))
    return max(0, shares)


def shares_to(state: State, outcome: int, price: float) -> int:
    """The most micro-shares of an outcome after which its price is not above ``price``: b (logit p' - logit p)."""
    p, rest = _odds(state, outcome)
    shares = math.floor(state.liquidity * (math.log(price / (1.0 - price)) - math.log(p / rest)))
    while shares > 0 and _odds(state.after(only(state, [outcome], shares)), outcome)[0] > price:
        shares -= 1
    return max(0, shares)


def only(state: State, outcomes: Collection[int], shares: int) -> tuple[int, ...]:
    """A trade of so many shares in each of the outcomes and in no other."""
    return tuple(shares if number in outcomes else 0 for number in range(len(state.shares)))


def most_spend(state: State, outcomes: Collection[int]) -> int:
    """The most that can be spent on outcomes before another one's price falls below the bound.

    Every other price shrinks by e^(-m/b) when m is spent (THEORY 1), so the smallest one decides.
    """
    least = min(p for number, p in enumerate(state.prices) if number not in outcomes)
    return max(0, math.floor(state.liquidity * math.log(least / _EDGE)))


def most_sold(state: State, outcomes: Collection[int]) -> int:
    """The most shares of each of the outcomes that the maker takes back before a price falls below the bound.

    The price p of one in the set falls to p e^(-g) / (1 - P + P e^(-g)) for the set's price P and g = x/b.
    """
    found = state.prices
    inside = [found[number] for number in outcomes]
    rest = math.fsum(p for number, p in enumerate(found) if number not in outcomes)
    room = (min(inside) - _EDGE * math.fsum(inside)) / (_EDGE * rest)
    return math.floor(state.liquidity * math.log(room)) if room > 1 else 0


def keeps_bound(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether no price went below the bound, or further below it."""
    return all(p >= PRICE_LEAST or p >= was for was, p in zip(before, after, strict=True))


def tilt(
    state: State,
    levels: Sequence[int],
    target: float,
    spend: int,
    fits: Callable[[Sequence[int]], bool] = lambda _: True,
) -> tuple[int, ...]:
    """The purchase that moves the mean level toward ``target`` and costs at most ``spend``, without going beyond.

    Of all beliefs with that mean it moves to the one nearest to the prices: p_i e^(t v_i), by buying shares in
    proportion to the levels v_i (upward) or to their distance from the top (downward), until the target, the spend,
    the price bound or what ``fits`` the buyer ends it. Levels are whole numbers, the least of them 0.
    """
    before, top = state.prices, max(levels)
    up = _mean(before, levels) < target
    heights = levels if up else [top - level for level in levels]

    def is_too_much(shares: int) -> bool:
        bought = [shares * height // top for height in heights]
        after = state.after(bought).prices
        gone = _mean(after, levels) > target if up else _mean(after, levels) < target
        return gone or not keeps_bound(before, after) or cost(state, bought) > spend or not fits(bought)

    few, many = 0, 1
    while not is_too_much(many):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if is_too_much(middle) else (middle, many)
    return tuple(few * height // top for height in heights)


def _mean(prices: Sequence[float], levels: Sequence[int]) -> float:
    return math.fsum(p * level for p, level in zip(prices, levels, strict=True))


def _price_of(state: State, outcomes: Collection[int]) -> float:
    masses = state.masses
    return math.fsum([masses[number] for number in outcomes]) / state.total


def _odds(state: State, outcome: int) -> tuple[float, float]:
    """P and 1 - p; the second from the other outcomes' masses, since 1 - p loses the digits of a small rest."""
    masses, total = state.masses, state.total
    rest = math.fsum(mass for i, mass in enumerate(masses) if i != outcome)
    return masses[outcome] / total, rest / total


def _guarded(state: State, bought: Sequence[int]) -> float:
    """What shares bought cost before it is rounded up, with a guard for what floats lose."""
    exact = _exact(state, bought)
    return exact + GUARD_MICRO + GUARD_RELATIVE * exact


def _exact(state: State, bought: Sequence[int]) -> float:
    """The cost before rounding, b ln sum p_i e^(x_i / b), for shares bought, none below zero.

    All that the masses grow by is above zero, so no digit is lost in its sum. A large move is taken apart into the rise
    of the leading logit, which is a whole number, and a small difference of logarithms.
    """
    b, total = state.liquidity, state.total
    grown = [logit + x for logit, x in zip(state.logits, bought, strict=True)]
    rise = max(grown)
    if rise > _LOG_SPACE * b:
        return rise + b * math.log(math.fsum(math.exp((each - rise) / b) for each in grown) / total)
    growth = [_growth(logit, x, b) for logit, x in zip(state.logits, bought, strict=True) if x]
    return b * math.log1p(math.fsum(growth) / total)


def _growth(logit: int, bought: int, b: int) -> float:
    """e^((l + x) / b) - e^(l / b), by whichever form loses no digit."""
    if bought > b:
        return math.exp((logit + bought) / b) - math.exp(logit / b)
    return math.exp(logit / b) * math.expm1(bought / b)
