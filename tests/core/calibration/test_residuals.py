"""Residuals: those of one decision count as one, and what people chose is kept apart from what was drawn."""

import numpy as np
import pytest
from exchange_driver import Exchange, measure

from core.calibration import residuals
from core.calibration.residuals import Kind, Summary
from core.pricing import intervals


@pytest.fixture
def decisions(exchange: Exchange) -> Exchange:
    """Three decisions of two measures each: markets 1 to 4, 5 to 8, 9 to 12."""
    exchange.grant("pool", 10_000)
    for _ in range(3):
        exchange.open(measures=(measure(50, 40), measure(50, 40)))
    return exchange


def keep(exchange: Exchange, market_id: int, residual: int, kind: Kind = Kind.CHOSEN) -> None:
    """A market of which something came to so many millionths above its price."""
    decision_id = (market_id - 1) // 4 + 1
    exchange.do(residuals.keep, market_id, decision_id, 1, kind, 500_000, 500_000 + residual)


def summary(exchange: Exchange, kind: Kind = Kind.CHOSEN) -> Summary:
    return exchange.read(residuals.summary)[kind]


def test_measures_of_one_decision_count_as_one(decisions: Exchange):
    for market_id, residual in ((1, 100_000), (3, 300_000), (5, -40_000), (9, 90_000)):
        keep(decisions, market_id, residual)
    found, by_decision = summary(decisions), np.array([0.2, -0.04, 0.09])

    assert (found.markets, found.decisions) == (4, 3)
    assert found.mean == pytest.approx(by_decision.mean())
    assert found.interval == pytest.approx(intervals.of_mean(3, by_decision.mean(), by_decision.std(ddof=1)))


def test_of_one_decision_nothing_follows(decisions: Exchange):
    """However many measures it has."""
    keep(decisions, 1, 100_000)
    keep(decisions, 3, 300_000)

    assert summary(decisions) == Summary(2, 1, pytest.approx(0.2), None)
    assert summary(decisions, Kind.DRAWN) == Summary(0, 0, None, None)


def test_what_was_drawn_is_kept_apart_from_what_was_chosen(decisions: Exchange):
    keep(decisions, 1, 100_000)
    keep(decisions, 5, -200_000, Kind.DRAWN)

    assert summary(decisions).mean == pytest.approx(0.1)
    assert summary(decisions, Kind.DRAWN).mean == pytest.approx(-0.2)


def test_alike_residuals_have_an_interval_of_no_width(decisions: Exchange):
    """Also where sums of floats leave less than nothing."""
    for market_id in (1, 5, 9):
        keep(decisions, market_id, 123_457)

    assert summary(decisions).interval == pytest.approx((0.123457, 0.123457), abs=1e-8)
