"""What a share pays, for readings inside, at and outside the metric's range."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pricing import payout

values = st.integers(-(10**15), 10**15)
places = st.lists(values, min_size=2, max_size=12, unique=True)  # Centres, in any order.


@pytest.mark.parametrize(
    ("reading", "expected"),
    [(-5, (0, 80)), (20, (0, 80)), (20 + 28, (28, 52)), (100, (80, 0)), (10**15, (80, 0))],
    ids=["below", "low", "inside", "high", "above"],
)
def test_a_scalar_pays_where_the_reading_stands_in_its_range(reading: int, expected: tuple[int, int]):
    """LONG and SHORT are the hats at the range's two ends."""
    assert payout.hats(reading, [100, 20]) == (expected, 80)


@pytest.mark.parametrize(("reading", "expected"), [(1, (1, 0)), (0, (0, 1))], ids=["yes", "no"])
def test_yes_or_no_pays_all_to_one(reading: int, expected: tuple[int, int]):
    assert payout.hats(reading, [1, 0]) == (expected, 1)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (-3, (1, 0, 0, 0)),
        (0, (1, 0, 0, 0)),
        (4, (0.6, 0.4, 0, 0)),
        (10, (0, 1, 0, 0)),
        (25, (0, 0.5, 0.5, 0)),
        (70, (0, 0, 0, 1)),
    ],
)
def test_a_hat_pays_by_nearness_to_its_centre(reading: int, expected: tuple[float, ...]):
    numerators, over = payout.hats(reading, [0, 10, 40, 70])

    assert tuple(numerator / over for numerator in numerators) == expected


@given(values, places)
def test_all_outcomes_together_always_pay_exactly_one(reading: int, centres: list[int]):
    numerators, denominator = payout.hats(reading, centres)

    assert sum(numerators) == denominator
    assert min(numerators) >= 0
    assert sum(numerator > 0 for numerator in numerators) <= 2


@given(values, places)
def test_the_payouts_mean_of_the_centres_is_exactly_the_clipped_reading(reading: int, centres: list[int]):
    numerators, denominator = payout.hats(reading, centres)
    mean = sum(Fraction(n, denominator) * centre for n, centre in zip(numerators, centres, strict=True))

    assert mean == min(max(reading, min(centres)), max(centres))


@given(values, places, st.randoms(use_true_random=False))
def test_the_order_of_the_outcomes_does_not_matter(reading: int, centres: list[int], draw):
    shuffled = draw.sample(centres, len(centres))
    one, other = payout.hats(reading, centres), payout.hats(reading, shuffled)

    assert one[1] == other[1]
    assert dict(zip(centres, one[0], strict=True)) == dict(zip(shuffled, other[0], strict=True))


@given(values, places)
def test_no_payout_jumps_where_a_reading_passes_an_edge(reading: int, centres: list[int]):
    """One more in the reading moves no payout by more than one part of the narrowest gap: nothing to nudge over a line."""
    order = sorted(centres)
    narrowest = min(high - low for low, high in itertools.pairwise(order))
    shares = [
        [Fraction(numerator, over) for numerator in numerators]
        for numerators, over in (payout.hats(reading + more, centres) for more in (0, 1))
    ]

    assert max(abs(after - before) for before, after in zip(*shares, strict=True)) <= Fraction(1, narrowest)


@given(values, places, st.lists(st.integers(0, 10**14), min_size=12, max_size=12))
def test_what_is_paid_never_exceeds_the_exact_value_nor_falls_a_micro_an_outcome_short(
    reading: int, centres: list[int], held: list[int]
):
    numerators, denominator = vector = payout.hats(reading, centres)
    shares = held[: len(centres)]
    exact = sum(Fraction(n * each, denominator) for n, each in zip(numerators, shares, strict=True))

    assert exact - len(centres) < payout.pays(shares, vector) <= exact
    assert payout.pays([7] * len(centres), vector) <= 7


@given(st.integers(0, 10**9))
def test_the_price_of_a_value_expects_that_value(value: int):
    price = payout.price_of(value, 0, 10**9)

    assert payout.expected([price, 1 - price], [10**9, 0]) == pytest.approx(value, abs=1e-3)
