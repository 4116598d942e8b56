"""Makers and trades to try the arithmetic on: everything that can be reached within the price bound, and more."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from core.pricing import lmsr
from core.pricing.lmsr import State

AMOUNT_MOST = 10**14
LIQUIDITY_LEAST, LIQUIDITY_MOST = 10**3, 10**14
OFFSET_MOST = 10**6  # The largest common offset of shares, in multiples of b.
OUTCOMES_MOST = 12
FAR = 40.0  # A trade of so many b crosses every price that can be quoted, and comes back.
KINDS = ("buy", "sell", "basket", "set", "mixed")

# A maker, some of its outcomes but not all, and a part of what is possible.
Order = tuple[State, list[int], float]


def opened(liquidity: float, prices: Sequence[float]) -> State:
    """A maker opened at these prices with liquidity in credits."""
    b = round(liquidity * 1_000_000)
    return State(b, (0,) * len(prices), lmsr.weights(b, prices))


def moved(liquidity: int, logits: Sequence[float], offset: int) -> State:
    """A maker that opened evenly and was moved toward these logits, as far as the price bound lets it."""
    count = len(logits)
    masses = [math.exp(logit - max(logits)) for logit in logits]
    least = lmsr.PRICE_LEAST * (1 + 2 / liquidity)
    prices = [least + (1 - count * least) * mass / math.fsum(masses) for mass in masses]
    shares = (offset * liquidity + round(liquidity * math.log(count * price)) for price in prices)
    return State(liquidity, tuple(shares), lmsr.weights(liquidity, [1 / count] * count))


@st.composite
def states(draw: st.DrawFn, most: int = LIQUIDITY_MOST, outcomes: int = OUTCOMES_MOST) -> State:
    """Makers with two to twelve outcomes, at any prices within the bound, after any number of complete sets."""
    b = draw(st.integers(LIQUIDITY_LEAST, most))
    logits = draw(st.lists(st.floats(-15, 0), min_size=2, max_size=outcomes))
    return moved(b, logits, draw(st.integers(0, OFFSET_MOST)))


@st.composite
def orders(draw: st.DrawFn, most: int = LIQUIDITY_MOST) -> Order:
    state = draw(states(most))
    count = len(state.shares)
    outcomes = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=count - 1, unique=True))
    return state, outcomes, draw(st.floats(1e-9, 1))


def amounts(liquidity: int) -> st.SearchStrategy[int]:
    """From one micro-share to far beyond the bound."""
    most = min(AMOUNT_MOST, round(FAR * liquidity))
    return st.integers(1, 1_000) | st.floats(1e-9, FAR).map(
        lambda part: min(most, math.ceil(part * liquidity))
    )


def trades(state: State) -> st.SearchStrategy[tuple[int, ...]]:
    """Vectors with anything bought and anything sold."""
    each = amounts(state.liquidity)
    signed = each | each.map(lambda amount: -amount) | st.just(0)
    return st.tuples(*[signed] * len(state.shares))


def random_state(draw: random.Random) -> State:
    """A seeded state, often with outcomes at the bound."""
    logits = [draw.choice([0.0, draw.uniform(-10, 0), -40.0]) for _ in range(draw.randint(2, OUTCOMES_MOST))]
    liquidity = round(10 ** draw.uniform(6, 14))
    return moved(liquidity, logits, draw.choice([0, draw.randint(0, OFFSET_MOST)]))


def random_trade(draw: random.Random, state: State, kind: str) -> tuple[int, ...]:
    """A seeded trade of a kind, from one micro-share to far beyond the bound."""
    outcomes = range(len(state.shares))
    shares = _random_amount(draw, state.liquidity)
    if kind == "mixed":
        return tuple(draw.choice([-1, 0, 1]) * _random_amount(draw, state.liquidity) for _ in outcomes)
    if kind == "set":
        return (draw.choice([-1, 1]) * shares,) * len(outcomes)
    if kind == "basket":
        chosen = draw.sample(outcomes, draw.randint(1, len(outcomes) - 1))
        return lmsr.only(state, chosen, draw.choice([-1, 1]) * shares)
    return lmsr.only(state, [draw.choice(outcomes)], shares if kind == "buy" else -shares)


def _random_amount(draw: random.Random, liquidity: int) -> int:
    shares = draw.choice([1, round(36 * liquidity), math.ceil(liquidity * 10 ** draw.uniform(-14, 1.6))])
    return min(AMOUNT_MOST, shares)


@dataclass(frozen=True)
class Life:
    """What became of a maker: its state, what it took in, and how many trades and changes of liquidity that were."""

    state: State
    taken: int
    events: int


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Trades within the bound, top-ups and withdrawals in any order, since an opening at any prices."""
    count = draw(st.integers(2, 6))
    raw = draw(st.lists(st.floats(0.01, 1), min_size=count, max_size=count))
    liquidity = draw(st.integers(10**5, 10**12))
    state = opened(liquidity / 1_000_000, [each / math.fsum(raw) for each in raw])
    taken, events = 0, draw(st.integers(1, 12))
    for _ in range(events):
        if draw(st.booleans()):
            bought = draw(bounded_trades(state))
            taken += lmsr.cost(state, bought)
            state = state.after(bought)
        else:
            state = state.deepened(round(state.liquidity * draw(st.floats(-0.5, 1))))
    return Life(state, taken, events)


@st.composite
def bounded_trades(draw: st.DrawFn, state: State) -> tuple[int, ...]:
    """A purchase or a sale of some outcomes, as far as the price bound lets it."""
    count = len(state.shares)
    outcomes = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=count - 1, unique=True))
    part = draw(st.floats(0, 1))
    if draw(st.booleans()):
        spend = math.floor(lmsr.most_spend(state, outcomes) * part)
        return lmsr.only(state, outcomes, lmsr.shares_for(state, outcomes, spend))
    return lmsr.only(state, outcomes, -math.floor(lmsr.most_sold(state, outcomes) * part))
