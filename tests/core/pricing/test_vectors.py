"""The published vectors of the LMSR, recomputed by the exchange's integer arithmetic."""

import math

import pytest
from vectors import vector

from core.pricing import lmsr, payout, selection
from core.pricing.lmsr import State
from core.units import MICRO

MICRO_ROUNDING = 3  # Weights, shares and charges are each rounded to the micro.


def opened(liquidity: float, prices: list[float]) -> State:
    """A maker opened at these prices with liquidity in credits."""
    b = round(liquidity * MICRO)
    return State(b, (0,) * len(prices), lmsr.weights(b, prices))


def micro(credits_given: float) -> int:
    return round(credits_given * MICRO)


def is_close(found: int, credits_expected: float) -> bool:
    return abs(found - credits_expected * MICRO) <= MICRO_ROUNDING


def test_v01_the_cost_of_an_even_start_is_b_ln_2():
    """The reserve of a maker opened evenly is its cost function at zero."""
    given, expected = vector("V01")

    assert is_close(max(lmsr.weights(micro(given["b"]), [0.5, 0.5])), expected["C"])


def test_v02_prices_are_the_softmax_of_shares():
    """Buying 50, 20 and 0 from a flat start leaves the published prices and costs the published difference."""
    given, expected = vector("V02")
    state, paid = State(micro(given["b"]), (0, 0, 0), (0, 0, 0)), 0
    for outcome, shares in enumerate(given["q"]):
        paid += lmsr.charge(state, outcome, micro(shares))
        state = state.after(outcome, micro(shares))

    assert lmsr.prices(state) == pytest.approx(expected["p"], abs=1e-12)
    assert is_close(paid, expected["C"] - given["b"] * math.log(3))


def test_v03_a_purchase_costs_and_moves_the_price_as_published():
    given, expected = vector("V03")
    state = opened(given["b"], [given["p"], 1 - given["p"]])
    shares = micro(given["shares"])

    assert is_close(lmsr.charge(state, 0, shares), expected["cost"])
    assert lmsr.prices(state.after(0, shares))[0] == pytest.approx(expected["p_after"], abs=1e-12)


def test_v04_a_spend_buys_the_published_shares():
    given, expected = vector("V04")
    state = opened(given["b"], [given["p"], 1 - given["p"]])
    shares = lmsr.shares_for(state, 0, micro(given["spend"]))

    assert is_close(shares, expected["shares"])
    assert lmsr.prices(state.after(0, shares))[0] == pytest.approx(expected["p_after"], abs=1e-7)


def test_v05_a_sale_brings_the_published_proceeds():
    given, expected = vector("V05")
    state = opened(given["b"], [given["p"], 1 - given["p"]])
    shares = micro(given["shares"])

    assert is_close(lmsr.proceeds(state, 0, shares), expected["proceeds"])
    assert lmsr.prices(state.after(0, -shares))[0] == pytest.approx(expected["p_after"], abs=1e-8)


@pytest.mark.parametrize(("name", "outcome"), [("V06", 0), ("V07", 1)], ids=["up", "down"])
def test_v06_v07_moving_a_price_takes_the_published_shares_and_cost(name: str, outcome: int):
    """Up by buying the outcome, down by buying its complement."""
    given, expected = vector(name)
    state = opened(given["b"], [given["p0"], 1 - given["p0"]])
    shares = micro(expected["shares"])

    assert is_close(lmsr.charge(state, outcome, shares), expected["cost"])
    assert lmsr.prices(state.after(outcome, shares))[0] == pytest.approx(given["p1"], abs=1e-8)
    assert is_close(micro(selection.move(given["b"], given["p0"], given["p1"]).outlay), expected["cost"])


def test_v08_moving_a_price_vector_without_shorts():
    """Three purchases move the vector, and together cost what was published."""
    given, expected = vector("V08")
    state, paid = opened(given["b"], given["p"]), 0
    for outcome, shares in enumerate(expected["shares"]):
        paid += lmsr.charge(state, outcome, micro(shares))
        state = state.after(outcome, micro(shares))

    assert is_close(paid, expected["cost"])
    assert lmsr.prices(state) == pytest.approx(given["t"], abs=1e-7)


def test_v09_the_reserve_is_b_ln_of_one_over_the_least_price():
    given, expected = vector("V09")

    assert is_close(max(lmsr.weights(micro(given["b"]), given["pi"])), expected["bound"])


def test_v10_the_realised_loss_is_b_times_the_gain_in_log_score():
    """The maker that opened at p0 and closed at pT lost the published credits when the middle outcome happened."""
    given, expected = vector("V10")
    shares, paid = vector("V08")[1]["shares"], vector("V08")[1]["cost"]
    happened = given["y"].index(1)

    assert is_close(micro(shares[happened] - paid), expected["loss"])
    assert given["b"] * math.log(2) == pytest.approx(expected["credits_per_bit"])


def test_v11_no_close_loses_more_than_b_kl_at_a_fractional_payout():
    """The largest loss at payout y is b KL(y || p0), reached by closing at y, and never above the reserve."""
    given, expected = vector("V11")
    state = opened(given["b"], given["p0"])
    losses = []
    for target in range(1, 100):
        cost = selection.move(given["b"], given["p0"][0], target / 100).outlay
        outcome = 0 if target >= 50 else 1
        shares = lmsr.shares_for(state, outcome, micro(cost)) / MICRO
        losses.append(shares * given["y"][outcome] - cost)

    assert max(losses) == pytest.approx(expected["max_loss"], abs=1e-5)
    assert is_close(max(state.weights), expected["vertex_bound"])


def test_v18_a_scalar_pays_its_share_of_the_range():
    given, expected = vector("V18")
    low, high = int(given["lo"]), int(given["hi"])
    (long, short), over = payout.scalar(int(given["X"]), low, high)

    assert payout.expected(given["p_long"], low, high) == pytest.approx(expected["implied_mean"])
    assert long / over == pytest.approx(expected["y"])
    assert micro(given["long_shares"]) * long // over == micro(expected["pay_long"])
    assert micro(given["short_shares"]) * short // over == micro(expected["pay_short"])
    assert payout.scalar(int(given["X_out"]), low, high) == ((over, 0), over)


def test_v18_the_maker_gains_when_the_price_went_the_wrong_way():
    """Closed at 0.37 and read at 0.7: what SHORT paid in exceeds what it is paid."""
    given, expected = vector("V18")
    state = opened(given["b"], [given["p0_long"], 1 - given["p0_long"]])
    cost = micro(selection.move(given["b"], given["p0_long"], given["p_long"]).outlay)
    short = lmsr.shares_for(state, 1, cost)

    assert is_close(round(short * (1 - expected["y"])) - cost, expected["maker_loss"])


def test_v20_a_conditional_market_pays_what_the_joint_one_would():
    """Moving a conditional price pays b ln(t/p) in the branch; the joint prices keep the decision's own chance."""
    given, expected = vector("V20")
    state = opened(given["b"], [given["pYA"], 1 - given["pYA"]])
    cost = selection.move(given["b"], given["pYA"], given["tYA"]).outlay
    shares = lmsr.shares_for(state, 0, micro(cost))
    target = lmsr.prices(state.after(0, shares))[0]
    a, b = given["PD"]
    joint = [a * target, a * (1 - target), b * given["pYB"], b * (1 - given["pYB"])]

    assert is_close(shares - micro(cost), expected["payoff_A_yes"])
    assert is_close(-micro(cost), expected["payoff_A_no"])
    assert joint == pytest.approx(expected["joint_after"], abs=1e-7)
    assert joint[0] + joint[1] == pytest.approx(a)


def test_v36_what_moving_a_price_takes():
    """The outlay, what believers in the old price would make of it, and what holding it costs under reversion."""
    given, expected = vector("V36")
    found = selection.move(given["b"], given["p"], given["p1"])
    held = 1 + given["kappa_per_h"] * given["tau_h"]

    assert found.outlay == pytest.approx(expected["outlay"], rel=1e-12)
    assert found.expected_loss == pytest.approx(expected["expected_loss"], rel=1e-12)
    assert held * found.expected_loss == pytest.approx(expected["twap_expected_loss"], rel=1e-12)
