"""What reports earn under rules that choose by price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import incentives

PRICES = st.floats(0.01, 0.99)


def both(price: float) -> tuple[float, float]:
    return price, 1 - price


def test_v22_a_branch_of_b_over_lambda_earns_what_b_would():
    given_, expected = vector("V22")
    of = (both(given_["p0"]), both(given_["t"]))
    larger = given_["b"] / given_["lam"]

    assert incentives.gain(larger, *of, (1, 0)) == pytest.approx(expected["if_yes"], rel=1e-12)
    assert incentives.gain(larger, *of, (0, 1)) == pytest.approx(expected["if_no"], rel=1e-12)
    assert incentives.gain(given_["b"], *of, both(given_["belief"])) == pytest.approx(expected["expected"])


def test_v23_a_rule_that_takes_the_highest_price_pays_for_exaggeration():
    given_, expected = vector("V23")
    worse, truth = both(given_["pB"]), both(given_["qB"])
    truthful = incentives.gain(given_["b"], worse, truth, truth)
    exaggerated = incentives.gain(given_["b"], worse, both(given_["pA"]), truth)

    assert truthful == pytest.approx(expected["truthful_if_settled"], rel=1e-12)
    assert exaggerated == pytest.approx(expected["exaggerate_to_0_5"], rel=1e-12)
    assert exaggerated > expected["max_rule_truthful"]
    assert incentives.exploration_least(truthful, exaggerated) == pytest.approx(
        expected["eps_greedy_unweighted_eps_needed"], rel=1e-12
    )
    drawn = 0.1 / 2
    assert drawn * truthful == pytest.approx(expected["lottery_only_eps10_truthful"], rel=1e-12)
    assert drawn * exaggerated == pytest.approx(expected["lottery_only_eps10_exaggerate"], rel=1e-12)


def test_v51_the_maker_of_a_drawn_branch_pays_on_average_what_b_would():
    given_, expected = vector("V51")
    truth, opening = both(given_["q"]), both(given_["p0"])
    paid = given_["lam"] * incentives.gain(expected["b"], opening, truth, truth)

    assert paid == pytest.approx(expected["expected_payout"], rel=1e-12)
    assert paid == pytest.approx(incentives.gain(given_["b0"], opening, truth, truth))


@given(PRICES, PRICES, PRICES)
def test_nothing_earns_more_than_the_truth(price: float, target: float, belief: float):
    told = incentives.gain(100, both(price), both(target), both(belief))

    assert told <= incentives.gain(100, both(price), both(belief), both(belief)) + 1e-9
