"""Forecasts are kept as they were given, beside the market."""

import pytest
from exchange_driver import Exchange

from core.errors import Invalid, Unknown
from core.exchange import forecasting


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.ask()
    return exchange


def test_the_mean_forecast_is_that_of_all_who_gave_one(opened: Exchange):
    assert opened.read(forecasting.mean, 1) is None
    for person, price in (("ann", 0.2), ("bob", 0.5), ("cy", 1.0)):
        opened.do(forecasting.forecast, person, 1, price)

    assert opened.read(forecasting.mean, 1) == pytest.approx(1.7 / 3, abs=1e-6)


@pytest.mark.parametrize("price", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_forecast_is_a_probability(opened: Exchange, price: float):
    with pytest.raises(Invalid):
        opened.do(forecasting.forecast, "ann", 1, price)


def test_a_market_that_is_not_there_has_no_forecasts(opened: Exchange):
    with pytest.raises(Unknown):
        opened.do(forecasting.forecast, "ann", 9, 0.5)


def test_forecasts_are_scored_against_what_happened():
    found = forecasting.score([0.7, 0.4], [1, 0])

    assert (found.brier, found.mean_absolute_error) == pytest.approx((0.125, 0.35))
