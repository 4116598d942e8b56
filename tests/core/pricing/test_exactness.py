"""20,000 random states against a 60-digit oracle: every charge is the exact cost rounded up, whatever the trade."""

import random

import makers
import oracle
import pytest

from core.pricing import lmsr

ALLOWED = 2  # Micro: rounding up, and a guard against the last digits of float64.


@pytest.mark.parametrize("kind", makers.KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_a_charge_is_never_below_the_exact_cost_nor_two_micro_above_it(kind: str, seed: int):
    draw = random.Random(f"{kind} {seed}")
    for _ in range(1_000):
        state = makers.random_state(draw)
        bought = makers.random_trade(draw, state, kind)
        due = oracle.cost(state, bought)

        assert due <= lmsr.cost(state, bought) < due + ALLOWED, (state, bought)


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_beyond_the_price_bound(seed: int):
    """A purchase of some 36 b, and as much of another outcome: of the large powers only a small difference is left."""
    draw = random.Random(seed)
    for _ in range(250):
        liquidity = draw.randint(10**12, makers.AMOUNT_MOST // 40)
        state = makers.moved(liquidity, [draw.uniform(-10, 0) for _ in range(draw.randint(2, 12))], 0)
        one, other = draw.sample(range(len(state.shares)), 2)
        pushed = state.after(lmsr.only(state, [one], round(liquidity * draw.uniform(30, 40))))
        bought = lmsr.only(state, [other], round(liquidity * draw.uniform(30, 40)))
        due = oracle.cost(pushed, bought)

        assert due <= lmsr.cost(pushed, bought) < due + ALLOWED, (pushed, bought)


def test_a_price_of_nothing_has_its_cost():
    """Shares a hundred million b apart: no exponential of that is left, the cost is."""
    state = lmsr.State(10**6, (10**14, 0), (693_148, 693_148))

    for bought in [(0, 1), (0, 10**14), (0, 2 * 10**14), (-(10**14), 0), (1, -1)]:
        due = oracle.cost(state, bought)
        assert due <= lmsr.cost(state, bought) < due + ALLOWED
