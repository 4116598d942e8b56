"""What a trader of exponential utility does, against the formulas and by trying out everything else."""

import doctest

import numpy as np
import pytest
from vectors import vector

from bot.simulating import beliefs
from bot.simulating.beliefs import Markets

ANY = np.linspace(0.001, 0.999, 2_000)


def market(price: float, liquidity: float = 100.0, *, is_yes_no: bool = True, years: float = 0.0) -> Markets:
    return Markets(np.array([price]), np.array([liquidity]), np.array([is_yes_no]), np.array([years]))


def odds(logit: float) -> float:
    return 1 / (1 + np.exp(-logit))


def test_v38_traders_who_trade_in_turns_reach_the_weighted_mean_of_beliefs():
    """Each corrects the price from what they hold, again and again."""
    inputs, outputs = vector("V38")
    price, held = odds(inputs["theta0"]), np.zeros(2)
    people = list(zip(inputs["t"], inputs["theta"], strict=True))
    for number in [0, 1] * 60:
        tolerance, theta = people[number]
        at = market(price, inputs["b"])
        found, _ = beliefs.best(at, np.array([odds(theta)]), np.zeros(1), tolerance, held[number])
        held[number] += inputs["b"] * np.log(found[0] / (1 - found[0]) * (1 - price) / price)
        price = float(found[0])

    assert price == pytest.approx(outputs["price"], abs=1e-9)


@pytest.mark.parametrize("held", [-30.0, 0.0, 25.0])
@pytest.mark.parametrize("is_yes_no", [True, False])
def test_no_other_price_gains_more(held: float, is_yes_no: bool):
    """Utility itself, of wealth before and after, over a thousand other trades."""
    belief, variance, tolerance = 0.7, 0.02, 40.0
    at = market(0.55, 80.0, is_yes_no=is_yes_no)

    price, gain = beliefs.best(at, np.array([belief]), np.array([variance]), tolerance, held)

    bought = 80 * (np.log(ANY / (1 - ANY)) - np.log(0.55 / 0.45))
    cost = 80 * np.log(0.45 / (1 - ANY))
    after = certain(held + bought, cost, belief, variance, tolerance, is_yes_no)
    gains = after - certain(held, 0.0, belief, variance, tolerance, is_yes_no)
    assert float(gain[0]) >= gains.max() > 0
    assert float(gain[0]) == pytest.approx(gains.max(), abs=1e-3)
    assert float(price[0]) == pytest.approx(ANY[gains.argmax()], abs=1e-3)


def certain(held, cost, belief: float, variance: float, tolerance: float, is_yes_no: bool):
    """The certain wealth that is worth as much as these shares, less their cost."""
    if not is_yes_no:
        return belief * held - variance * held**2 / (2 * tolerance) - cost
    utility = belief * np.exp(-(held - cost) / tolerance) + (1 - belief) * np.exp(cost / tolerance)
    return -tolerance * np.log(utility)


def test_v34_a_price_within_the_band_that_lock_up_leaves_is_let_be():
    inputs, _ = vector("V34")
    q, years = inputs["q"], inputs["r"] / beliefs.RATE * inputs["T"]
    low, high = vector("V34")[1]["no_interest"]
    for price, moves in (
        (low - 0.01, True),
        (low + 0.001, False),
        (high - 0.001, False),
        (high + 0.01, True),
    ):
        found, gain = beliefs.best(market(price, years=years), np.array([q]), np.zeros(1), 40.0, 0.0)
        assert (abs(found[0] - price) > 1e-6) == moves == (gain[0] > 1e-9)


def test_the_example_holds():
    found = doctest.testmod(beliefs)

    assert found.attempted > 0
    assert found.failed == 0
