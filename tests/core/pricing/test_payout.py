"""What a share pays, for readings inside, at and outside the metric's range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pricing import payout

values = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [(-5, (0, 80)), (20, (0, 80)), (20 + 28, (28, 52)), (100, (80, 0)), (10**15, (80, 0))],
    ids=["below", "low", "inside", "high", "above"],
)
def test_a_scalar_pays_where_the_reading_stands_in_its_range(reading: int, expected: tuple[int, int]):
    assert payout.scalar(reading, 20, 100) == (expected, 80)


@given(values, values, values)
def test_long_and_short_together_always_pay_exactly_one(reading: int, one: int, other: int):
    low, high = min(one, other), max(one, other) + 1
    numerators, denominator = payout.scalar(reading, low, high)

    assert sum(numerators) == denominator == high - low
    assert min(numerators) >= 0


@given(st.integers(0, 10**9))
def test_the_price_of_a_value_expects_that_value(value: int):
    price = payout.price_of(value, 0, 10**9)

    assert payout.expected(price, 0, 10**9) == pytest.approx(value, abs=1e-3)
