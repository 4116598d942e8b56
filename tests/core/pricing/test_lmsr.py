"""The market maker's arithmetic against a 60-digit oracle: no trade is ever priced to the maker's loss."""

import itertools
import math
import random

import oracle
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makers import AMOUNT_MOST, FAR, OFFSET_MOST, Order, moved, opened, orders, states, trades

from core.pricing import exact, lmsr
from core.pricing.lmsr import State

ALLOWED = 2  # Micro: a charge is the exact cost rounded up, with a guard.


def most_bought(order: Order) -> int:
    """The drawn part of the shares that can be bought within the bound, and within what the ledger carries."""
    state, outcomes, part = order
    most = lmsr.shares_for(state, outcomes, lmsr.most_spend(state, outcomes))
    return round(min(AMOUNT_MOST, most) * part)


@given(orders())
def test_a_charge_is_the_exact_cost_rounded_up(order: Order):
    state, outcomes, _ = order
    bought = lmsr.only(state, outcomes, most_bought(order))
    due = oracle.cost(state, bought)

    assert due <= lmsr.cost(state, bought) < due + ALLOWED


@given(orders())
def test_proceeds_are_the_exact_value_rounded_down(order: Order):
    state, outcomes, part = order
    most = min(AMOUNT_MOST, lmsr.most_sold(state, outcomes))
    sold = lmsr.only(state, outcomes, -round(most * part))
    worth = -oracle.cost(state, sold)

    assert worth - ALLOWED < -lmsr.cost(state, sold) <= worth


@given(st.data(), states())
def test_so_is_the_cost_of_anything_bought_and_anything_sold(data: st.DataObject, state: State):
    bought = data.draw(trades(state))
    due = oracle.cost(state, bought)

    assert due <= lmsr.cost(state, bought) < due + ALLOWED


@given(states(), st.integers(1, 10**14))
@example(opened(100, [0.9999, 0.0001]), 1)
def test_no_sale_costs_anything_and_no_purchase_is_free(state: State, shares: int):
    """One micro-share at the least price is worth less than the guard: it brings nothing, and costs one."""
    for outcome in range(len(state.shares)):
        assert lmsr.cost(state, lmsr.only(state, [outcome], -shares)) <= 0
        assert lmsr.cost(state, lmsr.only(state, [outcome], shares)) > 0


@given(orders())
@example((State(1_000, (693, -8_512), (694, 694)), [1], 1.0))  # From the least price to nearly one.
def test_a_spend_is_never_exceeded_nor_left_unused(order: Order):
    """The shares cost at most what was to be spent, and four micro-credits' worth more would cost more than that."""
    state, outcomes, part = order
    spend = round(lmsr.most_spend(state, outcomes) * part)
    shares = lmsr.shares_for(state, outcomes, spend)
    after = state.after(lmsr.only(state, outcomes, shares))
    more = math.ceil(2 * ALLOWED / math.fsum(after.prices[outcome] for outcome in outcomes))

    assert lmsr.cost(state, lmsr.only(state, outcomes, shares)) <= spend
    assert lmsr.cost(state, lmsr.only(state, outcomes, shares + more)) > spend


@given(orders(), st.integers(1, 10**14))
def test_a_spend_beyond_the_bound_is_not_exceeded_either(order: Order, spend: int):
    state, outcomes, _ = order
    shares = lmsr.shares_for(state, outcomes, spend)

    assert lmsr.cost(state, lmsr.only(state, outcomes, shares)) <= spend


@given(st.data(), states())
def test_buying_and_selling_back_never_pays(data: st.DataObject, state: State):
    bought = data.draw(trades(state))
    back = [-x for x in bought]

    assert lmsr.cost(state, bought) + lmsr.cost(state.after(bought), back) >= 0


@given(orders(most=AMOUNT_MOST // int(FAR)), st.floats(30, FAR))
def test_buying_36_b_and_selling_it_back_never_pays(order: Order, multiple: float):
    """There the prices of the others are lost in the last digit of float64, and a careless formula with them."""
    state, outcomes, _ = order
    bought = lmsr.only(state, outcomes, math.ceil(multiple * state.liquidity))
    back = [-x for x in bought]
    paid, due = lmsr.cost(state, bought), oracle.cost(state, bought)
    returned = -lmsr.cost(state.after(bought), back)

    assert returned <= due <= paid


@given(orders(), st.integers(1, 20))
def test_single_micro_shares_over_and_over_never_pay(order: Order, times: int):
    """Rounding to the nearest would sell them free below one half, and buy them back for one above it."""
    state, outcomes, _ = order
    one, paid = lmsr.only(state, outcomes, 1), 0
    back = [-x for x in one]
    for _ in range(times):
        paid += lmsr.cost(state, one)
        state = state.after(one)
    assert paid >= times * math.fsum(state.prices[outcome] for outcome in outcomes) * (1 - 1e-9)
    for _ in range(times):
        paid += lmsr.cost(state, back)
        state = state.after(back)

    assert paid >= 0


@given(st.data(), states(most=10**10), st.integers(2, 8))
def test_an_order_in_parts_never_costs_less_than_in_one(data: st.DataObject, state: State, parts: int):
    """Rounding up is superadditive: a sum of roundings is not below the rounding of the sum."""
    whole = data.draw(trades(state))
    cuts = sorted(data.draw(st.lists(st.floats(0, 1), min_size=parts - 1, max_size=parts - 1)))
    until = [[round(x * cut) for x in whole] for cut in (0, *cuts, 1)]
    paid, after = 0, state
    for done, then in itertools.pairwise(until):
        bought = [b - a for a, b in zip(done, then, strict=True)]
        paid += lmsr.cost(after, bought)
        after = after.after(bought)

    assert paid >= lmsr.cost(state, whole)


@given(states(), st.floats(1e-9, 1))
def test_buying_a_share_of_every_outcome_never_costs_less_than_they_pay(state: State, part: float):
    """A complete set pays exactly 1, so a set bought piece by piece must cost no less."""
    sets, paid = round(state.liquidity * part), 0
    after = state
    for outcome in range(len(state.shares)):
        bought = lmsr.only(state, [outcome], sets)
        paid += lmsr.cost(after, bought)
        after = after.after(bought)

    assert sets <= paid < sets + ALLOWED * len(state.shares)


@given(orders())
def test_the_most_that_can_be_spent_reaches_the_price_bound_and_does_not_pass_it(order: Order):
    state, outcomes, _ = order
    spend = lmsr.most_spend(state, outcomes)
    after = state.after(lmsr.only(state, outcomes, lmsr.shares_for(state, outcomes, spend)))
    least = min(price for i, price in enumerate(oracle.prices(after)) if i not in outcomes)

    assert least >= lmsr.PRICE_LEAST
    assert least < lmsr.PRICE_LEAST * 1.01 or spend < state.liquidity
    assert lmsr.keeps_bound(state.prices, after.prices)


@given(orders())
def test_the_most_that_can_be_sold_reaches_the_price_bound_and_does_not_pass_it(order: Order):
    state, outcomes, _ = order
    sold = lmsr.most_sold(state, outcomes)
    after = state.after(lmsr.only(state, outcomes, -sold))
    further = after.after(lmsr.only(state, outcomes, -math.ceil(state.liquidity / 50)))

    assert min(oracle.prices(after)) >= lmsr.PRICE_LEAST
    assert lmsr.keeps_bound(state.prices, after.prices)
    assert not lmsr.keeps_bound(state.prices, further.prices)


@pytest.mark.parametrize("seed", range(4))
def test_a_cut_at_the_bound_keeps_it_in_the_last_digit(seed: int):
    """With much liquidity one micro-share moves a price by less than rounding does."""
    draw = random.Random(seed)
    for _ in range(1_000):
        count = draw.randint(2, 12)
        logits = [draw.choice([0.0, draw.uniform(-10, 0), -40.0]) for _ in range(count)]
        state = moved(round(10 ** draw.uniform(12, 14)), logits, 0)
        outcomes = draw.sample(range(count), draw.randint(1, count - 1))
        before = state.prices
        for shares in (
            -lmsr.most_sold(state, outcomes),
            lmsr.shares_for(state, outcomes, lmsr.most_spend(state, outcomes)),
        ):
            after = state.after(lmsr.only(state, outcomes, shares)).prices

            assert lmsr.keeps_bound(before, after), (state, outcomes)


def test_below_the_bound_only_trades_back_toward_the_middle_pass():
    below, further, back = [0.99995, 0.00005], [0.99996, 0.00004], [0.99992, 0.00008]

    assert lmsr.keeps_bound(below, back)
    assert lmsr.keeps_bound(below, below)
    assert not lmsr.keeps_bound(below, further)
    assert not lmsr.keeps_bound([0.5, 0.5], below)


@given(orders())
def test_shares_to_a_price_reach_it_and_do_not_pass_it(order: Order):
    state, outcomes, part = order
    outcome = outcomes[0]
    price = state.prices[outcome]
    target = price + part * (1 - lmsr.PRICE_LEAST - price)
    shares = lmsr.shares_to(state, outcome, target)
    found = oracle.prices(state.after(lmsr.only(state, [outcome], shares)))[outcome]
    beyond = oracle.prices(state.after(lmsr.only(state, [outcome], shares + 1 + state.liquidity // 10**9)))

    assert found <= target * (1 + 1e-15)
    assert beyond[outcome] > target * (1 - 1e-15)
    assert lmsr.shares_to(state, outcome, price / 2) == 0


@given(states())
def test_prices_sum_to_one_and_match_the_oracle(state: State):
    found = state.prices

    assert math.fsum(found) == pytest.approx(1, abs=1e-15)
    assert found == pytest.approx([float(price) for price in oracle.prices(state)], rel=1e-12)


@given(states(), st.integers(0, OFFSET_MOST))
def test_complete_sets_change_no_price_and_no_charge(state: State, sets: int):
    """Shares of every outcome together are an offset, however many were sold."""
    shifted = State(state.liquidity, tuple(s + sets * state.liquidity for s in state.shares), state.weights)
    bought = lmsr.only(state, [0], state.liquidity)

    assert shifted.prices == state.prices
    assert lmsr.cost(shifted, bought) == lmsr.cost(state, bought)


@given(st.data(), states())
def test_the_audit_s_decimals_agree_with_the_oracle(data: st.DataObject, state: State):
    bought = data.draw(trades(state))
    audited = exact.cost(state.liquidity, state.shares, state.weights, bought)

    assert abs(oracle.PRECISE.mpf(str(audited)) - oracle.cost(state, bought)) < 1e-20


@given(st.integers(1, 10**13), st.floats(0.001, 0.999))
def test_the_liquidity_for_a_reserve_is_the_largest_that_it_backs(reserve: int, price: float):
    liquidity = lmsr.liquidity_for(reserve, [price, 1 - price])

    assert liquidity == 0 or max(lmsr.weights(liquidity, [price, 1 - price])) <= reserve
    assert max(lmsr.weights(liquidity + 1, [price, 1 - price])) > reserve


@pytest.mark.parametrize("seed", range(5))
def test_a_long_walk_never_costs_the_maker_more_than_its_reserve(seed: int):
    """2,000 random trades by people who buy, and sell what they hold: the maker stays solvent at every vertex."""
    draw = random.Random(seed)
    prices = [draw.uniform(0.05, 0.95) for _ in range(draw.randint(2, 4))]
    state, taken = opened(draw.randint(1, 10**4), [price / sum(prices) for price in prices]), 0
    for _ in range(2_000):
        outcomes = draw.sample(range(len(prices)), draw.randint(1, len(prices) - 1))
        if draw.random() < 0.5:
            spend = draw.randint(0, lmsr.most_spend(state, outcomes))
            bought = lmsr.only(state, outcomes, lmsr.shares_for(state, outcomes, spend))
        else:
            held = min(state.shares[outcome] for outcome in outcomes)
            sold = draw.randint(0, max(0, min(held, lmsr.most_sold(state, outcomes))))
            bought = lmsr.only(state, outcomes, -sold)
        taken += lmsr.cost(state, bought)
        state = state.after(bought)

        assert max(state.shares) - taken <= max(state.weights)
