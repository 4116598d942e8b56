"""Averages and medians of any window are what a recomputation from every tick gives."""

import random
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import history
import pytest
from exchange_driver import DAY, OWNER, START, Exchange
from history import Ticks
from sqlalchemy import select

from core.database import milliseconds, moment
from core.exchange import resolving
from core.exchange.opening import Definition, Slot
from core.exchange.trading import Act
from core.markets import registry, ticks
from core.markets.market import Market
from core.markets.tables import trade
from core.units import MICRO

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)
MILLIONTHS = 1_000_000
HALF_A_POINT = 5_000
CENTRES = (0, 10 * MICRO, 40 * MICRO, 100 * MICRO)
FREEZE = START + 6 * DAY


@pytest.fixture
def market(exchange: Exchange) -> Market:
    """Bins that were traded in bursts for five days: also twice in a millisecond, on whole hours, and not for days."""
    chance = random.Random(7)
    exchange.grant("pool", 10_000)
    exchange.grant("ann", 100_000)
    count = Definition("Count", "pieces", CENTRES[0], CENTRES[-1], "How many there are.")
    slots = (Slot(f"{c}", c, price) for c, price in zip(CENTRES, (0.1, 0.2, 0.3, 0.4), strict=True))
    opened = exchange.ask(metric=count, outcomes=tuple(slots), closes_at=FREEZE)
    for hours in (0, 1, 2.5, 20, 21, 22.3, 23, 96, 97, 120):
        exchange.now = max(exchange.now, START + hours * HOUR)
        for _ in range(12):
            act, amount = chance.choice([(Act.SPEND, 40 * MICRO), (Act.SPEND, MICRO), (Act.SELL_ALL, 0)])
            outcome = chance.randrange(4)
            if act == Act.SPEND or exchange.held("person:ann", f"share:M-1:{CENTRES[outcome]}"):
                exchange.trade("ann", 1, outcome, act, amount)
            exchange.advance(chance.choice([timedelta(0), MILLISECOND, 7 * MILLISECOND, HOUR / 9, HOUR / 4]))
    exchange.now = FREEZE
    exchange.do(resolving.file, OWNER, opened.metric_ids[0], 0, "the count")
    return exchange.read(registry.get, 1)


def path(exchange: Exchange, of: Market) -> Ticks:
    """Every tick of the market, as its trades tell it."""
    opening = exchange.read(ticks.opening, of).tick
    rows = exchange.fetch(select(trade.c.at, trade.c.prices).order_by(trade.c.number))
    return [(opening.at, opening.prices), *((milliseconds(row.at), row.prices) for row in rows)]


def windows(of: Ticks) -> list[tuple[datetime, datetime]]:
    """Of every kind, and many more at random."""
    chance = random.Random(8)
    inside, quiet = moment(of[40][0]), START + 60 * HOUR
    special = [
        (START - 2 * DAY, START - DAY),
        (START - DAY, START + 5 * HOUR),
        (START, START),
        (inside, inside),
        (inside, inside + MILLISECOND),
        (inside - MILLISECOND, inside),
        (quiet, quiet + HOUR),
        (quiet, quiet + DAY),
        (START, FREEZE),
        (FREEZE - HOUR, FREEZE + 9 * DAY),
        (FREEZE + DAY, FREEZE + 9 * DAY),
        (inside + HOUR, inside),
    ]
    spread = (sorted(chance.choices(range(-(10**7), 8 * 86_400_000), k=2)) for _ in range(60))
    return special + [(START + a * MILLISECOND, START + b * MILLISECOND) for a, b in spread]


def test_an_average_is_that_of_every_tick(exchange: Exchange, market: Market):
    of = path(exchange, market)
    for start, end in windows(of):
        due = history.average(of, milliseconds(start), milliseconds(end))

        assert exchange.read(ticks.average_prices, market, start, end) == pytest.approx(
            [float(each) for each in due], abs=1e-15
        )


def test_averages_between_many_bounds_are_the_averages_of_each_window(exchange: Exchange, market: Market):
    """Bounds before the opening and after the last trade too."""
    bounds = [START - DAY + n * 11 * HOUR for n in range(24)]
    found = exchange.read(ticks.averages, market, bounds)

    assert found == [exchange.read(ticks.average_prices, market, *window) for window in pairwise(bounds)]


def test_a_lagged_average_follows_every_interval(exchange: Exchange, market: Market):
    of = path(exchange, market)
    for start, end in windows(of):
        due = history.average_lagged(of, market.level, milliseconds(start), milliseconds(end))
        found = exchange.read(ticks.average_lagged, market, start, end)

        assert found == pytest.approx(market.value_at(float(due) / MILLIONTHS), abs=1e-6)


def test_a_median_is_that_of_every_tick(exchange: Exchange, market: Market):
    of = path(exchange, market)
    for start, end in windows(of):
        found = exchange.read(ticks.median_value, market, start, end)

        assert found == pytest.approx(market.value_at(median(of, market, start, end) / MILLIONTHS), abs=1e-6)


def level_of(value: float) -> float:
    """Where in the range a value lies, millionths."""
    return value / CENTRES[-1] * MILLIONTHS


def median(of: Ticks, market: Market, start: datetime, end: datetime) -> float:
    """In millionths; of a window without any time, the level at its end."""
    first, last = milliseconds(max(start, START)), milliseconds(max(end, START))
    if last <= first:
        return market.level(history.in_force(of, last))
    return float(history.quantile(of, market.level, first, last, Fraction(1, 2)))


def test_a_median_from_hours_is_within_half_a_point_for_whole_hours(
    exchange: Exchange, market: Market, monkeypatch: pytest.MonkeyPatch
):
    of = path(exchange, market)
    monkeypatch.setattr(ticks, "EXACT_TICKS", 0)
    for first in range(0, 150, 7):
        for hours in (1, 3, 24, 200):
            start, end = START + first * HOUR, START + (first + hours) * HOUR
            found = level_of(exchange.read(ticks.median_value, market, start, end))

            assert abs(found - median(of, market, start, end)) <= HALF_A_POINT


def test_a_median_from_hours_counts_those_that_the_window_cuts_in_proportion(
    exchange: Exchange, market: Market, monkeypatch: pytest.MonkeyPatch
):
    """At most a quarter of the time of each of the two is at wrong points; less than an hour is read tick by tick."""
    of = path(exchange, market)
    monkeypatch.setattr(ticks, "EXACT_TICKS", 0)
    for start, end in windows(of):
        first, last = milliseconds(max(start, START)), milliseconds(max(end, START))
        found = level_of(exchange.read(ticks.median_value, market, start, end))
        if (
            last - first < HOUR // MILLISECOND
        ):  # That could be too short for any point of an hour's to keep time.
            assert found == pytest.approx(median(of, market, start, end))
            continue
        off = Fraction(HOUR // MILLISECOND, 2 * (last - first))
        low, high = (
            history.quantile(of, market.level, first, last, share)
            for share in (Fraction(1, 2) - off, Fraction(1, 2) + off)
        )

        assert low - HALF_A_POINT <= found <= high + HALF_A_POINT


def test_the_hours_of_a_market_hold_the_time_of_their_ticks(exchange: Exchange, market: Market):
    """So the other tests read what they think they read."""
    of = path(exchange, market)

    assert len(of) > 60
    assert len({at // 3_600_000 for at, _ in of}) > 12
    assert len({at for at, _ in of}) < len(of)
    assert max(b - a for (a, _), (b, _) in pairwise(of)) > 2 * 86_400_000


def test_a_void_metric_pays_by_the_average_of_the_window_that_was_fixed_at_opening(
    exchange: Exchange, market: Market
):
    of = path(exchange, market)
    numerators, denominator = exchange.read(ticks.void_vector, market)
    due = history.average(of, milliseconds(market.void_from), milliseconds(market.void_until))

    assert (market.void_from, market.void_until) == (FREEZE - DAY, FREEZE)
    assert [Fraction(each, denominator) for each in numerators] == due
    assert sum(numerators) == denominator
