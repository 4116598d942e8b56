"""The market maker's arithmetic against a 60-digit oracle: no trade is ever priced to the maker's loss."""

import math
import random

import oracle
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.pricing import exact, lmsr
from core.pricing.lmsr import State

LIQUIDITY_MOST = 10**13
OFFSET_MOST = 10**6  # The largest common offset of shares, in multiples of b.
ALLOWED = 2  # Micro: a charge is the exact cost rounded up, with a guard.


@st.composite
def states(draw: st.DrawFn) -> State:
    """Makers with up to five outcomes, at any prices within the bound, after any number of complete sets."""
    b = draw(st.integers(1_000, LIQUIDITY_MOST))
    count = draw(st.integers(2, 5))
    moves = draw(st.lists(st.floats(-9, 9), min_size=count, max_size=count))
    offset = draw(st.integers(0, OFFSET_MOST)) * b
    start = lmsr.weights(b, [1 / count] * count)
    state = State(b, tuple(offset + round(move * b) for move in moves), start)
    assume(min(lmsr.prices(state)) >= lmsr.PRICE_LEAST)
    return state


orders = st.tuples(states(), st.integers(0, 4), st.floats(1e-9, 1)).map(
    lambda drawn: (drawn[0], drawn[1] % len(drawn[0].shares), drawn[2])
)


@given(orders)
def test_a_charge_is_the_exact_cost_rounded_up(order: tuple[State, int, float]):
    state, outcome, part = order
    shares = round(lmsr.shares_for(state, outcome, lmsr.most_spend(state, outcome)) * part)
    due = oracle.cost(state, outcome, shares)

    assert due <= lmsr.charge(state, outcome, shares) < due + ALLOWED


@given(orders)
def test_proceeds_are_the_exact_value_rounded_down(order: tuple[State, int, float]):
    state, outcome, part = order
    shares = round(lmsr.most_sold(state, outcome) * part)
    worth = -oracle.cost(state, outcome, -shares)

    assert worth - ALLOWED < lmsr.proceeds(state, outcome, shares) <= worth


@given(orders)
def test_a_spend_is_never_exceeded_nor_left_unused(order: tuple[State, int, float]):
    """The shares cost at most what was to be spent, and some more would cost more than that."""
    state, outcome, part = order
    spend = round(lmsr.most_spend(state, outcome) * part)
    shares = lmsr.shares_for(state, outcome, spend)
    more = math.ceil(2 * ALLOWED / lmsr.prices(state)[outcome])

    assert lmsr.charge(state, outcome, shares) <= spend
    assert lmsr.charge(state, outcome, shares + more) > spend


@given(orders)
def test_buying_and_selling_back_never_pays(order: tuple[State, int, float]):
    state, outcome, part = order
    shares = round(lmsr.shares_for(state, outcome, lmsr.most_spend(state, outcome)) * part)
    paid = lmsr.charge(state, outcome, shares)

    assert lmsr.proceeds(state.after(outcome, shares), outcome, shares) <= paid


@given(states(), st.floats(1e-9, 1))
def test_buying_a_share_of_every_outcome_never_costs_less_than_they_pay(state: State, part: float):
    """A complete set pays exactly 1, so a set bought piece by piece must cost no less."""
    sets, paid = round(state.liquidity * part), 0
    after = state
    for outcome in range(len(state.shares)):
        paid += lmsr.charge(after, outcome, sets)
        after = after.after(outcome, sets)

    assert sets <= paid < sets + ALLOWED * len(state.shares)


@given(orders)
def test_the_most_that_can_be_spent_reaches_the_price_bound_and_does_not_pass_it(
    order: tuple[State, int, float],
):
    state, outcome, _ = order
    spend = lmsr.most_spend(state, outcome)
    after = oracle.prices(state.after(outcome, lmsr.shares_for(state, outcome, spend)))
    least = min(price for i, price in enumerate(after) if i != outcome)

    assert least >= lmsr.PRICE_LEAST
    assert least < lmsr.PRICE_LEAST * 1.01 or spend < state.liquidity


@given(orders)
def test_the_most_that_can_be_sold_does_not_pass_the_price_bound(order: tuple[State, int, float]):
    state, outcome, _ = order
    sold = lmsr.most_sold(state, outcome)

    assert oracle.prices(state.after(outcome, -sold))[outcome] >= lmsr.PRICE_LEAST


@given(states())
def test_prices_sum_to_one_and_match_the_oracle(state: State):
    found = lmsr.prices(state)

    assert math.fsum(found) == pytest.approx(1, abs=1e-15)
    assert found == pytest.approx([float(price) for price in oracle.prices(state)], rel=1e-12)


@given(states(), st.integers(0, OFFSET_MOST))
def test_complete_sets_change_no_price_and_no_charge(state: State, sets: int):
    """Shares of every outcome together are an offset, however many were sold."""
    shifted = State(state.liquidity, tuple(s + sets * state.liquidity for s in state.shares), state.weights)

    assert lmsr.prices(shifted) == lmsr.prices(state)
    assert lmsr.charge(shifted, 0, state.liquidity) == lmsr.charge(state, 0, state.liquidity)


@given(orders)
def test_the_audit_s_decimals_agree_with_the_oracle(order: tuple[State, int, float]):
    state, outcome, part = order
    shares = round(state.liquidity * part)
    for bought in (shares, -shares):
        audited = exact.cost(state.liquidity, state.shares, state.weights, outcome, bought)
        due = oracle.cost(state, outcome, bought)

        assert abs(oracle.PRECISE.mpf(str(audited)) - due) < 1e-20


@given(st.integers(1, LIQUIDITY_MOST), st.floats(0.001, 0.999))
def test_the_liquidity_for_a_reserve_is_the_largest_that_it_backs(reserve: int, price: float):
    liquidity = lmsr.liquidity_for(reserve, [price, 1 - price])

    assert liquidity == 0 or max(lmsr.weights(liquidity, [price, 1 - price])) <= reserve
    assert max(lmsr.weights(liquidity + 1, [price, 1 - price])) > reserve


@pytest.mark.parametrize("seed", range(5))
def test_a_long_walk_never_costs_the_maker_more_than_its_reserve(seed: int):
    """2,000 random trades by people who buy, and sell what they hold: the maker stays solvent at every vertex."""
    draw = random.Random(seed)
    prices = [draw.uniform(0.05, 0.95) for _ in range(draw.randint(2, 4))]
    prices = [price / sum(prices) for price in prices]
    b = draw.randint(10**6, 10**10)
    state, taken = State(b, (0,) * len(prices), lmsr.weights(b, prices)), 0
    for _ in range(2_000):
        outcome = draw.randrange(len(prices))
        if draw.random() < 0.5:
            shares = lmsr.shares_for(state, outcome, draw.randint(0, lmsr.most_spend(state, outcome)))
            taken += lmsr.charge(state, outcome, shares)
        else:
            shares = -draw.randint(0, min(state.shares[outcome], lmsr.most_sold(state, outcome)))
            taken -= lmsr.proceeds(state, outcome, -shares)
        state = state.after(outcome, shares)

        assert max(state.shares) - taken <= max(state.weights)
