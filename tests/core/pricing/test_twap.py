"""Averages over time from a running integral."""

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from vectors import VECTORS

from core.pricing import twap
from core.pricing.twap import Tick

HOUR = 3_600_000
OPENING = Tick(1_000, (500_000, 500_000), (0, 0))
masses = st.lists(st.floats(1e-4, 1), min_size=12, max_size=12)
walks = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=20)


def test_a_window_without_trades_has_the_price_that_was_in_force():
    assert twap.average(OPENING, 2_000, OPENING, 9_000) == [0.5, 0.5]


def test_a_window_of_no_length_has_the_price_at_its_end():
    after = twap.follow(OPENING, 1_500, [0.9, 0.1])

    assert twap.average(OPENING, 1_500, after, 1_500) == [0.9, 0.1]
    assert twap.average(OPENING, 2_000, after, 1_500) == [0.9, 0.1]


def test_time_never_runs_back_within_a_market():
    """A trade at an earlier reading of the clock counts from the last tick on."""
    late = twap.follow(OPENING, 5_000, [0.9, 0.1])
    after = twap.follow(late, 3_000, [0.2, 0.8])

    assert after.at == 5_000
    assert after.integrals == late.integrals


def test_v35_an_average_weighs_prices_by_their_time():
    """30 hours at 0.50, 26 at 0.58, 4 at 0.95 and 12 at 0.60: the push to 0.95 moves the average by 2 points."""
    segments = [(float(price), int(span.split()[0])) for price, span in VECTORS["V35"]["inputs"]["segments"]]
    first = last = Tick(0, twap.millionths([segments[0][0], 1 - segments[0][0]]), (0, 0))
    at = 0
    for price, hours in segments:
        last = twap.follow(last, at, [price, 1 - price])
        at += hours * HOUR

    assert twap.average(first, 0, last, at)[0] == pytest.approx(float(VECTORS["V35"]["outputs"]["twap"]))


def test_v35_a_quarter_of_an_hour_at_ten_times_the_price_adds_three_per_cent():
    opening = Tick(0, (50_000, 950_000), (0, 0))
    pushed = twap.follow(opening, 72 * HOUR, [0.5, 0.5])
    found = twap.average(opening, 0, pushed, 72 * HOUR + HOUR // 4)[0]

    assert found * 2_000 == pytest.approx(float(VECTORS["V35"]["outputs"]["metadao_twap"]))


@given(st.lists(st.floats(1e-4, 1), min_size=2, max_size=12))
def test_millionths_sum_to_a_million_and_the_largest_remainders_are_rounded_up(raw: list[float]):
    prices = [each / math.fsum(raw) for each in raw]
    found = twap.millionths(prices)
    off = [whole - price * twap.MILLIONTHS for whole, price in zip(found, prices, strict=True)]

    assert sum(found) == twap.MILLIONTHS
    assert max(map(abs, off)) < 1
    assert max(off) - min(off) <= 1 + 1e-9  # Nobody is rounded up by more than another would have been.


@given(st.lists(st.integers(1, 10**5), min_size=2, max_size=12))
def test_whole_millionths_stay_as_they_are(parts: list[int]):
    """So the ticks of a replay are the ticks that were."""
    first = twap.MILLIONTHS - sum(parts[1:])
    assume(first > 0)
    whole = (first, *parts[1:])

    assert twap.millionths([part / twap.MILLIONTHS for part in whole]) == whole


@given(st.lists(st.tuples(st.integers(0, 10**9), masses), min_size=1, max_size=10), st.integers(1, 10**10))
def test_a_time_weighted_price_vector_sums_to_one(walk: list[tuple[int, list[float]]], length: int):
    """So a market whose metric was never measured settles by it, and nothing is left over."""
    first = last = Tick(0, twap.millionths([1 / 12] * 12), (0,) * 12)
    for wait, raw in walk:
        last = twap.follow(last, last.at + wait, [each / math.fsum(raw) for each in raw])
    end = last.at + length

    assert sum(twap.integrals(last, end)) == end * twap.MILLIONTHS
    assert math.fsum(twap.average(first, 0, last, end)) == pytest.approx(1, abs=1e-15)


@given(walks, st.data())
def test_any_window_is_the_time_weighted_mean_of_its_steps(walk: list[tuple[int, int]], data: st.DataObject):
    ticks = [OPENING]
    for wait, price in walk:
        ticks.append(twap.follow(ticks[-1], ticks[-1].at + wait, [price / 1e6, 1 - price / 1e6]))
    end_of_all = ticks[-1].at + 1_000
    start = data.draw(st.integers(OPENING.at, end_of_all - 1))
    end = data.draw(st.integers(start + 1, end_of_all))
    spans = [*itertools.pairwise([tick.at for tick in ticks]), (ticks[-1].at, end_of_all)]
    total = sum(
        tick.prices[0] * max(0, min(stop, end) - max(begin, start))
        for tick, (begin, stop) in zip(ticks, spans, strict=True)
    )
    first, last = ([tick for tick in ticks if tick.at <= at][-1] for at in (start, end))

    assert twap.average(first, start, last, end)[0] == pytest.approx(total / (end - start) / 1e6, abs=1e-12)
