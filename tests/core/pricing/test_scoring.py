"""Scores of forecasts, by hand and on real markets."""

import csv
from pathlib import Path

import pytest

from core.pricing import lmsr, scoring
from core.pricing.lmsr import State

DATA = Path(__file__).parents[2] / "data" / "replication-markets"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_certain_and_right_forecast_scores_zero_and_a_wrong_one_scores_one():
    assert scoring.brier([1.0, 0.0], [1, 0]) == 0
    assert scoring.brier([1.0, 0.0], [0, 1]) == 1
    assert scoring.mean_absolute_error([1.0, 0.0], [0, 1]) == 1


def test_scores_are_means_over_questions():
    assert scoring.brier([0.7, 0.4], [1, 0]) == pytest.approx((0.09 + 0.16) / 2)
    assert scoring.mean_absolute_error([0.7, 0.4], [1, 0]) == pytest.approx((0.3 + 0.4) / 2)


def test_forty_real_markets_score_as_was_published():
    """The last prices of the replication markets against what replicated."""
    outcomes = {row["market"]: float(row["outcome"]) for row in rows("outcomes.csv")}
    last = {row["market"]: float(row["price_after"]) for row in rows("trades.csv")}
    forecasts, happened = zip(*((last[market], outcomes[market]) for market in outcomes), strict=True)

    assert scoring.brier(forecasts, happened) == pytest.approx(0.227546, abs=1e-6)
    assert scoring.mean_absolute_error(forecasts, happened) == pytest.approx(0.430708, abs=1e-6)


def test_our_maker_gives_every_recorded_price_of_the_real_markets():
    """2,288 trades of a binary market maker with b = 100 that opened at one half."""
    b = 100_000_000
    markets: dict[str, State] = {}
    for row in rows("trades.csv"):
        state = markets.get(row["market"], State(b, (0, 0), lmsr.weights(b, [0.5, 0.5])))
        state = state.after((round(float(row["yes_shares"]) * 1_000_000), 0))
        markets[row["market"]] = state

        assert state.prices[0] == pytest.approx(float(row["price_after"]), abs=2e-6)
