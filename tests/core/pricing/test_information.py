"""What a subsidy bought, in bits."""

import math

import pytest
from makers import opened
from vectors import vector

from core.pricing import information, lmsr
from core.pricing.information import Purchase
from core.units import MICRO


def test_v10_bits_and_credits_a_bit_are_as_published():
    given, expected = vector("V10")
    after = [
        math.exp(x / given["b"]) * p for x, p in zip(vector("V08")[1]["shares"], given["p0"], strict=True)
    ]
    found = information.bits(given["p0"], [each / sum(after) for each in after], given["y"])

    assert found == pytest.approx(expected["bits"])
    assert Purchase(expected["loss"], found).credits_per_bit == pytest.approx(expected["credits_per_bit"])


@pytest.mark.parametrize("payout", [(1.0, 0.0), (0.3, 0.7)])
def test_the_maker_s_loss_is_b_ln_2_a_bit_by_its_own_arithmetic(payout: tuple[float, float]):
    """Whatever was paid out: all of one outcome, or some of each."""
    state = opened(100, (0.4, 0.6))
    bought = (35 * MICRO, -10 * MICRO)
    paid = sum(y * x for y, x in zip(payout, bought, strict=True)) - lmsr.cost(state, bought)
    bits = information.bits(state.prices, state.after(bought).prices, payout)

    assert paid / MICRO == pytest.approx(100 * math.log(2) * bits, abs=1e-5)


@pytest.mark.parametrize(("paid", "bits"), [(-5.0, 0.2), (5.0, -0.2), (0.0, 0.0), (5.0, 0.0)])
def test_there_is_no_price_of_what_was_not_bought(paid: float, bits: float):
    assert Purchase(paid, bits).credits_per_bit is None
