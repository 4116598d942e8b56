"""What prices say of a metric, held against metrics whose distribution is known."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from core.pricing import distribution, lmsr, payout

GAPS_MOST = 1.5  # How far a quantile or the sd may be off, in the widest gap between centres.

places = st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=12, unique=True)
shares = st.floats(0.01, 0.99)


@st.composite
def metrics(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    """Centres, and values of a metric with how often each comes: the truth that prices know through payouts only."""
    centres = draw(places)
    inside = st.integers(min(centres), max(centres))
    values = draw(st.lists(inside, min_size=1, max_size=8, unique=True))
    counts = draw(st.lists(st.integers(1, 100), min_size=len(values), max_size=len(values)))
    return centres, sorted(values), counts


def prices_of(centres: list[int], values: list[int], counts: list[int]) -> list[float]:
    """What each outcome pays on average."""
    found = [Fraction(0)] * len(centres)
    for value, count in zip(values, counts, strict=True):
        numerators, over = payout.hats(value, centres)
        found = [price + Fraction(n * count, over) for price, n in zip(found, numerators, strict=True)]
    return [float(price / sum(counts)) for price in found]


def widest(centres: list[int]) -> int:
    order = sorted(centres)
    return max(high - low for low, high in itertools.pairwise(order))


@given(metrics())
def test_the_expected_value_is_exactly_the_mean_of_the_metric(metric: tuple[list[int], list[int], list[int]]):
    centres, values, counts = metric
    mean = sum(v * c for v, c in zip(values, counts, strict=True)) / sum(counts)

    assert payout.expected(prices_of(*metric), centres) == pytest.approx(mean, abs=1e-8)


@given(metrics(), shares)
def test_a_quantile_is_within_one_and_a_half_gaps_of_the_metric_s(
    metric: tuple[list[int], list[int], list[int]], share: float
):
    centres, values, counts = metric
    found = distribution.of_hats(prices_of(*metric), centres).quantile(share)
    until = np.cumsum(counts) / sum(counts)
    exact = {values[min(np.searchsorted(until, share + slip), len(values) - 1)] for slip in (-1e-9, 1e-9)}

    assert min(abs(found - each) for each in exact) <= GAPS_MOST * widest(centres) * (1 + 1e-9)


@given(metrics())
def test_the_sd_is_within_one_and_a_half_gaps_of_the_metric_s(metric: tuple[list[int], list[int], list[int]]):
    centres, values, counts = metric
    mean = np.average(values, weights=counts)
    sd = math.sqrt(np.average(np.square(values - mean), weights=counts))

    assert abs(distribution.of_hats(prices_of(*metric), centres).sd - sd) <= GAPS_MOST * widest(centres)


def test_where_the_density_is_smooth_the_variance_is_a_quarter_of_the_gap_squared_too_large():
    """Nine centres, one sd apart: the sd is told as 1.118 of what it is; with gaps of half an sd, as 1.03."""
    for gap, count in ((1_000_000, 9), (500_000, 17)):
        centres = [gap * (number - count // 2) for number in range(count)]
        prices = distribution.hat_prices(0, 1_000_000, centres)
        found = distribution.of_hats(prices, centres)

        assert found.sd == pytest.approx(math.sqrt(1e12 + gap**2 / 4), rel=0.02)
        assert found.quantile(0.5) == pytest.approx(0, abs=gap / 100)
        assert found.quantile(0.9) == pytest.approx(1e6 * norm.ppf(0.9), abs=gap / 6)


@given(places, st.lists(st.floats(0.001, 1), min_size=12, max_size=12), shares, shares)
def test_quantiles_rise_and_stay_within_the_outer_centres(
    centres: list[int], raw: list[float], one: float, other: float
):
    masses = [each / math.fsum(raw[: len(centres)]) for each in raw[: len(centres)]]
    found = distribution.of_hats(masses, centres)
    low, high = found.quantile(min(one, other)), found.quantile(max(one, other))

    assert min(centres) <= low <= high <= max(centres)
    assert [found.quantile(0), found.quantile(1)] == pytest.approx([min(centres), max(centres)], rel=1e-9)


@given(metrics())
def test_the_order_of_the_outcomes_does_not_matter(metric: tuple[list[int], list[int], list[int]]):
    centres, prices = metric[0], prices_of(*metric)
    found = distribution.of_hats(prices, centres)
    reversed_ = distribution.of_hats(prices[::-1], centres[::-1])

    assert reversed_ == found


def test_a_quantile_skips_a_cell_that_cannot_be():
    found = distribution.Histogram([0, 1, 2, 3, 4], [0, 0.5, 0, 0.5])

    assert found.quantile(0.25) == pytest.approx(1.5)
    assert found.quantile(0.75) == pytest.approx(3.5)
    assert found.quantile(0.5) in (2, 3)


@pytest.mark.parametrize(
    ("mean", "sd", "centres"),
    [
        (16, 8, [0, 10, 20, 30]),
        (10, 20, [0, 5, 20, 60]),
        (45_000_000, 12_000_000, [100_000_000, 0]),
        (33, 6, [10, 20, 30, 40, 50]),
    ],
    ids=["even", "uneven", "scalar", "five"],
)
def test_a_hat_s_price_is_what_it_pays_on_average(mean: float, sd: float, centres: list[int]):
    """Over a hundred thousand equally likely readings; those outside pay at the outer centres."""
    readings = norm.ppf((np.arange(100_000) + 0.5) / 100_000, mean, sd)
    order = sorted(centres)
    paid = [float(np.mean(np.interp(readings, order, np.equal(order, centre)))) for centre in centres]
    found = distribution.hat_prices(mean, sd, centres)
    expected = float(np.mean(np.clip(readings, order[0], order[-1])))

    assert found == pytest.approx(paid, abs=1e-6)
    assert payout.expected(found, centres) == pytest.approx(expected, rel=1e-6)


@given(places, st.floats(-3e6, 3e6), st.floats(1, 3e6))
def test_a_market_can_open_at_any_base_rate(centres: list[int], mean: float, sd: float):
    """However far off and however sure the base rate is: prices sum to 1 and none is below the least for an opening."""
    found = distribution.hat_prices(mean, sd, centres)

    assert math.fsum(found) == pytest.approx(1, abs=1e-12)
    assert min(found) >= lmsr.OPENING_LEAST


@given(places, st.floats(-3e6, 3e6), st.floats(1, 3e6))
def test_raising_the_least_prices_keeps_the_ratios_of_the_others(centres: list[int], mean: float, sd: float):
    order = sorted(centres)
    found = distribution.hat_prices(mean, sd, centres)
    tails = [sd * (z * norm.cdf(z) + norm.pdf(z)) for z in ((c - mean) / sd for c in order)]
    risen = [0, *(np.diff(tails) / np.diff(order)), 1]
    plain = dict(zip(order, np.diff(risen), strict=True))
    kept = [
        price / plain[centre]
        for price, centre in zip(found, centres, strict=True)
        if price > lmsr.OPENING_LEAST
    ]

    assert kept == pytest.approx([kept[0]] * len(kept), rel=1e-5)
    assert kept[0] <= 1 + 1e-5


def test_a_range_buys_the_outcomes_whose_centres_lie_in_it():
    centres = [30, 0, 10, 20]

    assert distribution.within(10, 25, centres) == (2, 3)
    assert distribution.within(10, 20, centres) == (2, 3)
    assert distribution.within(-5, 0, centres) == (1,)
    assert distribution.within(11, 19, centres) == ()
    assert distribution.within(0, 30, centres) == (0, 1, 2, 3)
    assert distribution.within(20, 10, centres) == ()


@given(places, st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(-(10**7), 10**7))
def test_a_range_pays_one_inside_and_a_slope_to_the_next_centre_outside(
    centres: list[int], one: int, other: int, reading: int
):
    bought = distribution.within(min(one, other), max(one, other), centres)
    numerators, over = payout.hats(reading, centres)
    paid = Fraction(sum(numerators[number] for number in bought), over)
    reached = [centres[number] for number in bought]
    outside = [centre for centre in centres if centre not in reached]

    if reached and min(reached) <= reading <= max(reached):
        assert paid == 1
    if any(abs(reading - centre) == 0 for centre in outside):
        assert paid == 0
    below = [centre for centre in outside if reached and centre < min(reached)]
    if below and max(below) < reading < min(reached):
        assert paid == Fraction(reading - max(below), min(reached) - max(below))
