"""The published vectors of the LMSR, recomputed by the exchange's integer arithmetic."""

import math

import pytest
from makers import opened
from vectors import vector

from core.pricing import distribution, lmsr, manipulation, payout, scoring
from core.pricing.lmsr import State
from core.units import MICRO

MICRO_ROUNDING = 3  # Weights, shares and charges are each rounded to the micro.


def micro(credits_given: float) -> int:
    return round(credits_given * MICRO)


def is_close(found: int, credits_expected: float) -> bool:
    return abs(found - credits_expected * MICRO) <= MICRO_ROUNDING


def both(price: float) -> list[float]:
    """Prices of two outcomes, from the first one's."""
    return [price, 1 - price]


def test_v01_the_cost_of_an_even_start_is_b_ln_2():
    """The reserve of a maker opened evenly is its cost function at zero."""
    given, expected = vector("V01")

    assert is_close(max(lmsr.weights(micro(given["b"]), [0.5, 0.5])), expected["C"])


def test_v02_prices_are_the_softmax_of_shares():
    """Buying 50, 20 and 0 from a flat start leaves the published prices and costs the published difference."""
    given, expected = vector("V02")
    state = State(micro(given["b"]), (0, 0, 0), (0, 0, 0))
    bought = [micro(shares) for shares in given["q"]]

    assert state.after(bought).prices == pytest.approx(expected["p"], abs=1e-12)
    assert is_close(lmsr.cost(state, bought), expected["C"] - given["b"] * math.log(3))


def test_v03_a_purchase_costs_and_moves_the_price_as_published():
    given, expected = vector("V03")
    state = opened(given["b"], both(given["p"]))
    bought = (micro(given["shares"]), 0)

    assert is_close(lmsr.cost(state, bought), expected["cost"])
    assert state.after(bought).prices[0] == pytest.approx(expected["p_after"], abs=1e-12)


def test_v04_a_spend_buys_the_published_shares():
    given, expected = vector("V04")
    state = opened(given["b"], both(given["p"]))
    shares = lmsr.shares_for(state, [0], micro(given["spend"]))

    assert is_close(shares, expected["shares"])
    assert state.after((shares, 0)).prices[0] == pytest.approx(expected["p_after"], abs=1e-7)


def test_v05_a_sale_brings_the_published_proceeds():
    given, expected = vector("V05")
    state = opened(given["b"], both(given["p"]))
    sold = (-micro(given["shares"]), 0)

    assert is_close(-lmsr.cost(state, sold), expected["proceeds"])
    assert state.after(sold).prices[0] == pytest.approx(expected["p_after"], abs=1e-8)


@pytest.mark.parametrize(("name", "outcome"), [("V06", 0), ("V07", 1)], ids=["up", "down"])
def test_v06_v07_moving_a_price_takes_the_published_shares_and_cost(name: str, outcome: int):
    """Up by buying the outcome, down by buying its complement; the inverse finds the same shares."""
    given, expected = vector(name)
    state = opened(given["b"], both(given["p0"]))
    bought = lmsr.only(state, [outcome], micro(expected["shares"]))

    assert is_close(lmsr.cost(state, bought), expected["cost"])
    assert state.after(bought).prices[0] == pytest.approx(given["p1"], abs=1e-8)
    assert is_close(lmsr.shares_to(state, outcome, both(given["p1"])[outcome]), expected["shares"])
    assert is_close(micro(manipulation.move(given["b"], given["p0"], given["p1"]).outlay), expected["cost"])


def test_v08_moving_a_price_vector_without_shorts():
    """One trade of the published shares moves the vector for the published cost, and so do its parts one by one."""
    given, expected = vector("V08")
    state = opened(given["b"], given["p"])
    bought = [micro(shares) for shares in expected["shares"]]
    after, paid = state, 0
    for outcome, shares in enumerate(bought):
        paid += lmsr.cost(after, lmsr.only(after, [outcome], shares))
        after = after.after(lmsr.only(after, [outcome], shares))

    assert is_close(lmsr.cost(state, bought), expected["cost"])
    assert is_close(paid, expected["cost"])
    assert after == state.after(bought)
    assert after.prices == pytest.approx(given["t"], abs=1e-7)


def test_v09_the_reserve_is_b_ln_of_one_over_the_least_price():
    given, expected = vector("V09")

    assert is_close(max(lmsr.weights(micro(given["b"]), given["pi"])), expected["bound"])


def test_v10_the_realised_loss_is_b_times_the_gain_in_log_score():
    """The maker that opened at p0 and closed at pT lost the published credits when the middle outcome happened."""
    given, expected = vector("V10")
    state = opened(given["b"], given["p0"])
    bought = [micro(shares) for shares in vector("V08")[1]["shares"]]
    happened = given["y"].index(1)

    assert is_close(bought[happened] - lmsr.cost(state, bought), expected["loss"])
    assert expected["loss"] == pytest.approx(expected["bits"] * expected["credits_per_bit"])
    assert given["b"] * math.log(2) == pytest.approx(expected["credits_per_bit"])


def test_v11_no_close_loses_more_than_b_kl_at_a_fractional_payout():
    """The largest loss at payout y is b KL(y || p0), reached by closing at y, and never above the reserve."""
    given, expected = vector("V11")
    state = opened(given["b"], given["p0"])
    losses = {}
    for target in range(1, 100):
        outcome = 0 if target >= 50 else 1
        bought = lmsr.only(state, [outcome], lmsr.shares_to(state, outcome, both(target / 100)[outcome]))
        paid = sum(part * shares for part, shares in zip(given["y"], bought, strict=True))
        losses[target] = paid - lmsr.cost(state, bought)
    worst = max(losses, key=losses.__getitem__)

    assert worst / 100 == given["y"][0]
    assert is_close(round(losses[worst]), expected["max_loss"])
    assert is_close(max(state.weights), expected["vertex_bound"])


def test_v12_liquidity_added_at_other_prices_adds_to_the_weights_and_takes_their_rise_in_reserve():
    given, expected = vector("V12")
    state = opened(given["b"], given["p0"])
    moved = state.after((lmsr.shares_to(state, 0, given["p_at_injection"][0]), 0))
    after = moved.deepened(micro(given["db"]))

    assert all(map(is_close, moved.weights, expected["W_old"]))
    assert all(map(is_close, after.weights, expected["W_new"]))
    assert is_close(max(after.weights) - max(moved.weights), expected["extra_reserve"])


def test_v13_tranches_and_a_withdrawal_lose_together_what_was_published():
    """Three changes of liquidity, each at its own prices, and a close: the loss at each outcome, and the reserve."""
    given, expected = vector("V13")
    (first, opening), *later = given["tranches"]
    state, taken, reserves = opened(first, opening), 0, []
    for added, prices in [*later, (0, given["pT"])]:
        bought = toward(state, prices)
        taken += lmsr.cost(state, bought)
        state = state.after(bought).deepened(micro(added))
        reserves.append(max(state.weights))

    assert state.liquidity == micro(expected["b_T"])
    assert all(map(is_close, state.weights, expected["W"]))
    assert is_close(reserves[-1], expected["reserve"])
    assert is_close(reserves[0], expected["reserve_before_withdrawal"])
    for shares, loss in zip(state.shares, expected["L_if_outcome"], strict=True):
        assert abs(shares - taken - loss * MICRO) <= 3 * MICRO_ROUNDING


def toward(state: State, prices: list[float]) -> list[int]:
    """The shares that move a maker to these prices without a sale (V08's formula)."""
    logs = [math.log(new / old) for new, old in zip(prices, state.prices, strict=True)]
    return [round(state.liquidity * (each - min(logs))) for each in logs]


def test_v14_a_top_up_can_be_run_ahead_of_for_less_than_b_kl():
    """Bought before the book deepens and sold after it, at a profit without risk: why top-ups wait for quiet."""
    given, expected = vector("V14")
    bought = (micro(given["shares"]), 0)
    state = opened(given["b"], both(given["p0"]))
    paid = lmsr.cost(state, bought)
    pushed = state.after(bought)
    brought = -lmsr.cost(pushed.deepened(micro(given["B"] - given["b"])), [-x for x in bought])
    brought_at_most = -lmsr.cost(pushed.deepened(micro(1_000_000)), [-x for x in bought])
    believed = manipulation.move(given["b"], expected["p1"], given["p0"]).expected_loss

    assert is_close(brought, expected["proceeds"])
    assert is_close(brought - paid, expected["riskless_profit"])
    assert brought_at_most - paid < expected["limit_profit"] * MICRO
    assert (brought_at_most - paid) / MICRO == pytest.approx(expected["limit_profit"], rel=1e-3)
    assert believed == pytest.approx(expected["limit_profit"])


def test_v15_a_range_is_bought_as_one_basket():
    given, expected = vector("V15")
    state = opened(given["b"], given["p"])
    bought = lmsr.only(state, [int(number) for number in given["bins"]], micro(given["shares"]))

    assert is_close(lmsr.cost(state, bought), expected["cost"])
    assert state.after(bought).prices == pytest.approx(expected["p_after"], abs=1e-8)


def test_v16_more_outcomes_get_less_liquidity_for_the_same_reserve():
    given, expected = vector("V16")
    count = int(given["n"])
    reserve = max(lmsr.weights(micro(given["b2"]), both(0.5)))

    assert is_close(lmsr.liquidity_for(reserve, [1 / count] * count), expected["b_n"])


def test_v17_mean_sd_and_quantiles_of_a_histogram():
    given, expected = vector("V17")
    found = distribution.Histogram(given["edges"], given["p"])

    assert found.mean == pytest.approx(expected["mean"], rel=1e-12)
    assert found.sd == pytest.approx(expected["sd"], rel=1e-12)
    assert [found.quantile(share) for share in (0.1, 0.5, 0.9)] == pytest.approx(
        [expected["q10"], expected["median"], expected["q90"]], rel=1e-12
    )


def test_v18_a_scalar_pays_its_share_of_the_range():
    """LONG and SHORT are the hats at the two ends of the range."""
    given, expected = vector("V18")
    centres = [int(given["hi"]), int(given["lo"])]
    (long, short), over = payout.hats(int(given["X"]), centres)

    assert payout.expected(both(given["p_long"]), centres) == pytest.approx(expected["implied_mean"])
    assert long / over == pytest.approx(expected["y"])
    assert payout.pays([micro(given["long_shares"]), 0], ((long, short), over)) == micro(expected["pay_long"])
    assert payout.pays([0, micro(given["short_shares"])], ((long, short), over)) == micro(
        expected["pay_short"]
    )
    assert payout.hats(int(given["X_out"]), centres) == ((over, 0), over)


def test_v18_the_maker_gains_when_the_price_went_the_wrong_way():
    """Closed at 0.37 and read at 0.7: what SHORT paid in exceeds what it is paid."""
    given, expected = vector("V18")
    centres = [int(given["hi"]), int(given["lo"])]
    state = opened(given["b"], both(given["p0_long"]))
    bought = (0, lmsr.shares_to(state, 1, 1 - given["p_long"]))
    paid = payout.pays(bought, payout.hats(int(given["X"]), centres))

    assert is_close(paid - lmsr.cost(state, bought), expected["maker_loss"])


def test_v19_a_hat_pays_by_the_distance_of_the_reading_from_the_centres():
    given, expected = vector("V19")
    numerators, over = payout.hats(int(given["X"]), [int(centre) for centre in given["centres"]])

    assert [numerator / over for numerator in numerators] == pytest.approx(expected["y"])
    assert payout.expected([n / over for n in numerators], [int(c) for c in given["centres"]]) == given["X"]


def test_v20_a_conditional_market_pays_what_the_joint_one_would():
    """Moving a conditional price pays b ln(t/p) in the branch; the joint market charges nothing for those payoffs."""
    given, expected = vector("V20")
    state = opened(given["b"], both(given["pYA"]))
    bought = (lmsr.shares_to(state, 0, given["tYA"]), 0)
    paid = lmsr.cost(state, bought)
    joint = opened(
        given["b"],
        [
            a * p
            for a, option in zip(given["PD"], (given["pYA"], given["pYB"]), strict=True)
            for p in both(option)
        ],
    )
    payoffs = (bought[0] - paid, -paid, 0, 0)

    assert is_close(payoffs[0], expected["payoff_A_yes"])
    assert is_close(payoffs[1], expected["payoff_A_no"])
    assert is_close(lmsr.cost(joint, payoffs), expected["joint_cost"])
    assert joint.after(payoffs).prices == pytest.approx(expected["joint_after"], abs=1e-7)


def test_v21_one_reserve_backs_the_branches_of_a_decision():
    """Only one branch comes true, so what must be held is the larger of their sums, not the sum of all."""
    given, expected = vector("V21")
    held = {}
    for branch in ("A", "B"):
        reserves = [
            max(lmsr.weights(micro(b), [1 / 9] * 9 if opening == "9 uniform bins" else opening))
            for b, opening in given[branch]
        ]
        held[branch] = sum(reserves)

    assert is_close(held["A"], expected["W_A"])
    assert is_close(held["B"], expected["W_B"])
    assert is_close(max(held.values()), expected["reserve"])
    assert is_close(sum(held.values()), expected["naive_sum"])


def test_v22_liquidity_over_lambda_pays_the_weighted_score():
    """What a trader gets in a branch that is drawn with lambda and has b / lambda; its worst case, opened evenly."""
    given, expected = vector("V22")
    state = opened(given["b"] / given["lam"], both(given["p0"]))
    bought = (lmsr.shares_to(state, 0, given["t"]), 0)
    payoffs = [shares - lmsr.cost(state, bought) for shares in bought]
    average = given["lam"] * sum(p * each for p, each in zip(both(given["belief"]), payoffs, strict=True))
    best = manipulation.move(given["b"], given["belief"], given["p0"]).expected_loss

    assert is_close(payoffs[0], expected["if_yes"])
    assert is_close(payoffs[1], expected["if_no"])
    assert is_close(round(average), expected["expected"])
    assert best == pytest.approx(expected["max_expected_at_truth"])
    assert is_close(max(lmsr.weights(state.liquidity, both(0.5))), expected["maker_worst_case"])


def test_v36_what_moving_a_price_takes():
    """The outlay, what believers in the old price would make of it, and what holding it costs under reversion."""
    given, expected = vector("V36")
    found = manipulation.move(given["b"], given["p"], given["p1"])
    held = 1 + given["kappa_per_h"] * given["tau_h"]

    assert found.outlay == pytest.approx(expected["outlay"], rel=1e-12)
    assert found.expected_loss == pytest.approx(expected["expected_loss"], rel=1e-12)
    assert held * found.expected_loss == pytest.approx(expected["twap_expected_loss"], rel=1e-12)


def test_v40_scores_and_what_a_maker_risks_at_an_outcome():
    """Brier scores; a maker that opens at a forecast risks b times its log score at each outcome."""
    given, expected = vector("V40")
    happened = int(given["outcome"])
    one_hot = [float(number == happened) for number in range(len(given["p3"]))]
    b = 10**12

    assert scoring.brier([given["p"]], [given["y"]]) == pytest.approx(expected["brier"])
    assert scoring.brier(both(given["p"]), both(given["y"])) * 2 == pytest.approx(expected["brier_two_class"])
    assert scoring.brier(given["p3"], one_hot) * 3 == pytest.approx(expected["brier_multi"])
    assert lmsr.weights(b, both(given["p"]))[0] / b == pytest.approx(expected["log_binary"], abs=1e-11)
    assert lmsr.weights(b, given["p3"])[happened] / b == pytest.approx(expected["log_multi"], abs=1e-11)


def test_v47_every_charge_is_the_published_integer():
    """Buying and selling back in parts loses three micro-credits; a complete set costs what it pays."""
    given, expected = vector("V47")
    b = int(given["b_micro"])
    state = State(b, (0, 0), lmsr.weights(b, given["pi"]))
    charges = []
    for bought in given["trades"]:
        shares = [int(x) for x in bought]
        charges.append(lmsr.cost(state, shares))
        state = state.after(shares)

    assert charges == expected["charge"]
    assert sum(charges[:-1]) == expected["total_after_round_trip"]


def test_v50_how_far_a_trader_s_capital_reaches():
    given, expected = vector("V50")
    state = opened(given["b"], both(given["p"]))
    reached = state.after((lmsr.shares_for(state, [0], micro(given["M"])), 0))
    conviction = (lmsr.shares_to(state, 0, given["q"]), 0)

    assert reached.prices[0] == pytest.approx(expected["p_max"], abs=1e-8)
    assert is_close(lmsr.cost(state, conviction), expected["M_needed"])


def test_v51_a_drawn_branch_with_b_over_lambda_pays_on_average_what_b_would():
    given, expected = vector("V51")
    state = opened(given["b0"] / given["lam"], both(given["p0"]))
    bought = (lmsr.shares_to(state, 0, given["q"]), 0)
    losses = [shares - lmsr.cost(state, bought) for shares in bought]
    average = given["lam"] * sum(p * loss for p, loss in zip(both(given["q"]), losses, strict=True))

    assert state.liquidity == micro(expected["b"])
    assert is_close(max(state.weights), expected["reserve"])
    assert is_close(round(average), expected["expected_payout"])
