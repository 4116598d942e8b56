"""The properties that the market maker's theory promises (THEORY 3, P1 to P8, P11, P12 and P14), each as one test."""

import math

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import Life, Order, bounded_trades, lives, opened, orders, states, trades

from core.pricing import lmsr
from core.pricing.lmsr import State

DUST = 2  # Micro, a trade: a charge is the exact cost rounded up, with a guard.
chances = st.floats(0.02, 0.98)


@given(st.data(), states())
def test_p1_prices_sum_to_one(data: st.DataObject, state: State):
    """At any state, and after anything was traded."""
    assert math.fsum(state.prices) == pytest.approx(1, abs=1e-15)
    assert math.fsum(state.after(data.draw(trades(state))).prices) == pytest.approx(1, abs=1e-15)


@given(st.data(), states(), st.integers(1, 8))
def test_p2_charges_exceed_the_exact_cost_by_less_than_two_micro_a_trade(
    data: st.DataObject, state: State, count: int
):
    after, paid = state, 0
    for _ in range(count):
        bought = data.draw(trades(state))
        paid += lmsr.cost(after, bought)
        after = after.after(bought)
    due = oracle.cost(state, [now - then for now, then in zip(after.shares, state.shares, strict=True)])

    assert due <= paid < due + DUST * count


@given(st.data(), states(), st.integers(1, 8))
def test_p3_closed_cycles_never_pay(data: st.DataObject, state: State, count: int):
    """Whatever was bought and sold on the way, the last trade undoes the sum of all others."""
    after, paid = state, 0
    for _ in range(count):
        bought = data.draw(trades(state))
        paid += lmsr.cost(after, bought)
        after = after.after(bought)
    back = [then - now for now, then in zip(after.shares, state.shares, strict=True)]

    assert paid + lmsr.cost(after, back) >= 0


@given(states(), st.integers(-(10**14), 10**14))
def test_p4_so_many_complete_sets_cost_exactly_so_many(state: State, sets: int):
    assert lmsr.cost(state, (sets,) * len(state.shares)) == sets


@given(lives())
def test_p5_weights_less_payouts_plus_receipts_are_b_ln_of_one_over_the_price(life: Life):
    """W_i - (s_i - cash) = b ln(1/p_i) after any mix of trades, top-ups and withdrawals, to within dust in our favour.

    As b ln(1/p_i) = C(s) - (s_i - W_i), it says of every outcome at once that the cash is C(s).
    """
    dust = life.taken - oracle.potential(life.state)

    assert 0 <= dust < DUST * (life.events + 1)


@given(st.data(), lives())
def test_p6_no_loss_exceeds_the_reserve_nor_y_w_less_b_times_the_entropy_of_y(
    data: st.DataObject, life: Life
):
    """At every vertex, and at any payout vector y, after any mix of trades, top-ups and withdrawals."""
    state, count = life.state, len(life.state.shares)
    raw = data.draw(st.lists(st.integers(1, 10**6), min_size=count, max_size=count))
    y = [oracle.PRECISE.mpf(each) / sum(raw) for each in raw]
    loss = oracle.PRECISE.fdot(y, state.shares) - life.taken
    entropy = -oracle.PRECISE.fsum(part * oracle.PRECISE.log(part) for part in y)

    assert max(state.shares) - life.taken <= max(state.weights)
    assert loss <= oracle.PRECISE.fdot(y, state.weights) - state.liquidity * entropy


@given(orders(), st.integers(1, 10**14))
def test_p7_the_shares_for_a_spend_cost_no_more_than_it(order: Order, spend: int):
    state, outcomes, _ = order

    assert lmsr.cost(state, lmsr.only(state, outcomes, lmsr.shares_for(state, outcomes, spend))) <= spend


@given(lives(), st.floats(-0.9, 10))
def test_p8_a_top_up_or_withdrawal_moves_no_price(life: Life, part: float):
    """Weights are whole micro-units, so a logarithm of a price may move by one of them over b."""
    before = life.state
    after = before.deepened(round(before.liquidity * part))
    moved = [abs(math.log(now / then)) for now, then in zip(after.prices, before.prices, strict=True)]

    assert max(moved) <= 1.01 / after.liquidity + 1e-14


@given(st.data(), chances, chances, chances)
def test_p11_a_conditional_trade_is_a_called_off_bet_in_the_joint_market(
    data: st.DataObject, chance: float, if_chosen: float, if_not: float
):
    """A trade in a conditional market costs nothing in the market on (option, outcome) and tells nothing of the option.

    What it pays in the branch less what it cost there, and nothing in the other branch, is bought jointly for 0.
    """
    market = opened(50, [if_chosen, 1 - if_chosen])
    joint = opened(
        50,
        [chance * if_chosen, chance * (1 - if_chosen), (1 - chance) * if_not, (1 - chance) * (1 - if_not)],
    )
    bought = data.draw(bounded_trades(market))
    paid = lmsr.cost(market, bought)
    payoffs = (bought[0] - paid, bought[1] - paid, 0, 0)
    after = joint.after(payoffs).prices

    assert abs(lmsr.cost(joint, payoffs)) <= DUST
    assert after[0] + after[1] == pytest.approx(chance, abs=1e-6)
    assert after[0] / (after[0] + after[1]) == pytest.approx(market.after(bought).prices[0], abs=1e-6)


@given(chances, chances, st.floats(0.25, 1))
def test_p12_a_drawn_branch_with_b_over_lambda_pays_on_average_what_b_pays_for_sure(
    price: float, target: float, chance: float
):
    """Bought up to the same price, a share of 1/lambda as many in a branch drawn with lambda: the same to expect."""
    plain, drawn = (opened(b, [price, 1 - price]) for b in (50, 50 / chance))
    bought, scaled = (
        lmsr.only(state, [outcome], lmsr.shares_to(state, outcome, target if outcome == 0 else 1 - target))
        for state in (plain, drawn)
        for outcome in [0 if target > price else 1]
    )

    for outcome in (0, 1):
        certain = bought[outcome] - lmsr.cost(plain, bought)
        if_drawn = scaled[outcome] - lmsr.cost(drawn, scaled)
        assert chance * if_drawn == pytest.approx(certain, abs=8)
    # Its liquidity is rounded to a micro, which its reserve then has seven times over.
    assert chance * max(drawn.weights) == pytest.approx(max(plain.weights), abs=8)


@given(st.data(), lives())
def test_p14_the_loss_is_b_times_the_gain_in_log_score(data: st.DataObject, life: Life):
    """Of the closing price over the opening one, whichever outcome happens: what the subsidy bought, to within dust."""
    prices = life.state.prices
    opening = State(life.state.liquidity, (0,) * len(prices), lmsr.weights(life.state.liquidity, prices))
    closing, taken = opening, 0
    for _ in range(3):
        bought = data.draw(bounded_trades(closing))
        taken += lmsr.cost(closing, bought)
        closing = closing.after(bought)

    for shares, first, last in zip(
        closing.shares, oracle.prices(opening), oracle.prices(closing), strict=True
    ):
        gain = oracle.PRECISE.log(last / first)
        assert shares - taken == pytest.approx(float(opening.liquidity * gain), abs=8)
