"""Liquidity that changes while a market trades: prices stay, and a drip comes in small pieces at times of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_driver import START, Exchange
from hypothesis import assume, given
from hypothesis import strategies as st
from paper import B, market, state_of

from core.database import milliseconds, writing
from core.markets import liquidity
from core.markets.liquidity import DAY, Drip
from core.markets.market import Market
from core.pricing import lmsr
from core.pricing.twap import Tick, millionths
from core.units import MICRO

HOUR = timedelta(hours=1)
MILLIONTH = 1e-6
outcomes = st.lists(st.integers(0, 300 * MICRO), min_size=2, max_size=6)
changes = st.integers(-B + MICRO, 20 * B).filter(bool)


@given(outcomes, changes, st.none() | st.integers(1, 10 * B))
def test_a_market_that_is_deepened_keeps_its_prices_and_its_reserve_is_its_largest_weight(
    shares: Sequence[int], change: int, cap: int | None
):
    of = market(*[1 / len(shares)] * len(shares), width_cap=cap)
    before = state_of(of, shares)
    assume(min(before.prices) >= lmsr.PRICE_LEAST)
    after = liquidity.deepened(of, before, change)

    assert state_of(after, shares).prices == pytest.approx(before.prices, abs=MILLIONTH)
    assert after.liquidity == of.liquidity + change
    assert after.reserve == max(each.weight for each in after.outcomes)
    assert after.width_cap == (cap and cap * after.liquidity // of.liquidity)


@given(st.integers(MICRO, 10**14), st.integers(1, 10**14))
def test_four_pieces_one_upon_the_other_are_less_than_a_tenth(size: int, remaining: int):
    of = replace(market(), liquidity=size)
    for _ in range(4):
        added = liquidity.piece(of, Drip(1, remaining, START, 1))
        assert 0 < added <= remaining
        of, remaining = replace(of, liquidity=of.liquidity + added), max(1, remaining - added)

    assert of.liquidity - size < size / 10


@given(st.floats(0, 1, exclude_max=True))
def test_the_next_piece_comes_after_a_quarter_to_half_a_day(chance: float):
    assert DAY / 4 <= liquidity.next_time(START, lambda: chance) - START <= DAY / 2


@pytest.mark.parametrize(
    ("prices", "averages", "is_calm"),
    [
        ((0.5, 0.5), (0.5, 0.5), True),
        ((0.519, 0.481), (0.5, 0.5), True),
        ((0.52, 0.48), (0.5, 0.5), False),
        ((0.4, 0.6), (0.5, 0.5), False),
        ((0.25, 0.25, 0.25, 0.25), (0.25, 0.25, 0.25, 0.25), True),
        ((0.26, 0.24, 0.26, 0.24), (0.25, 0.25, 0.25, 0.25), False),
        ((0.1, 0.4, 0.4, 0.1), (0.25, 0.25, 0.25, 0.25), False),
    ],
)
def test_prices_are_calm_while_they_stand_where_they_are_on_average(
    prices: Sequence[float], averages: Sequence[float], is_calm: bool
):
    """All of them: those of bins can move far, and their mean not at all."""
    assert liquidity.is_calm(standing_at(prices), averages, START) == is_calm


@pytest.mark.parametrize(("trades", "rested", "is_calm"), [(0, 0, True), (1, 59, False), (1, 60, True)])
def test_prices_are_not_calm_within_an_hour_of_a_trade(trades: int, rested: int, is_calm: bool):
    now = START + timedelta(minutes=rested)

    assert liquidity.is_calm(standing_at((0.5, 0.5), trades), (0.5, 0.5), now) == is_calm


def standing_at(prices: Sequence[float], trades: int = 0) -> Market:
    """A market whose newest tick, at the start, is at these prices."""
    of = market(*prices)
    tick = Tick(milliseconds(START), millionths(prices), (0,) * len(prices))
    return replace(of, trades=trades, newest=of.newest._replace(tick=tick))


def test_a_drip_is_kept_until_it_is_used_up(exchange: Exchange):
    exchange.grant("pool", 1_000)
    (market_id,) = exchange.ask().market_ids
    asked = [Drip(market_id, 5, START, 1), Drip(market_id, 3, START + HOUR, 1), Drip(market_id, 0, START, 1)]
    found = [exchange.read(liquidity.find_drip, market_id)]
    for each in asked:
        with writing(exchange.engine) as connection:
            liquidity.keep_drip(connection, each)
        found.append(exchange.read(liquidity.find_drip, market_id))

    assert found == [None, *asked[:2], None]
