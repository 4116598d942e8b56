"""The subsidy report says what is held, lost and bought, and draws no more than Slack takes."""

from typing import Any

import pytest
from live import read
from lives import Facts, message
from slackblocks import DataVisualizationBlock

from bot.exports.handouts import subsidies
from bot.reports import subsidy
from core.exchange.spending import Day, MarketLine, PortfolioFacts, SubsidyReport

DAY = 86_400


@pytest.fixture
def spent(facts: dict[str, Facts]) -> Facts:
    """Of the first portfolio, once its only decision is settled."""
    return facts["subsidies"]


def said(facts: Facts, **of: Any) -> str:
    return read(message("subsidy_report", facts | {"portfolio": facts["portfolio"] | of}))


def test_what_is_held_lost_and_free_is_said_with_the_budgets(spent: Facts):
    budgets = {"reserve_budget": 900_000_000, "spend_budget": 50_000_000}
    numbers = {
        "free": 1,
        "reserved": 120_000_000,
        "lost": 8_500_000,
        "spent": 4_000_000,
        "expected": 9_000_000,
    }
    made = said(spent, **budgets, **numbers)

    assert "*120 credits* of at most 900 are reserved" in made
    assert "*8.50* were lost to traders" in made
    assert "4 credits lost so far, about 9 by its end as prices stand, of 50 that it may lose." in made
    assert "*8.50* were won from traders" in said(spent, lost=-8_500_000)


def test_a_forecast_above_the_budget_is_said_to_be(spent: Facts):
    assert "more than it may" in said(spent, spend_budget=5_000_000, expected=5_000_001)
    assert "more than it may" not in said(spent, spend_budget=5_000_000, expected=5_000_000)
    assert "that it may lose" not in said(spent, spend_budget=None)


def test_settled_markets_say_what_a_bit_cost(spent: Facts):
    (line,) = [each for each in spent["markets"] if each["cost"] is not None][:1]
    bought = spent | {"bits": 2.5, "bits_cost": 10_000_000, "credits_per_bit": 4.0, "returned": 30_000_000}

    assert "2.50 bits bought for 10 credits, 4 credits a bit; 30 of its reserves came back" in said(bought)
    assert line["name"] in str(subsidy.render(bought).blocks)


def test_nothing_is_called_a_bit_s_price_where_none_was_bought(spent: Facts):
    """Prices that went away from what happened bought nothing, whatever they cost."""
    made = said(spent | {"bits": -1.5, "bits_cost": 10_000_000, "credits_per_bit": None})

    assert "moved prices by -1.50 bits, and cost 10 credits" in made
    assert "a bit;" not in made


@pytest.mark.parametrize("days", [1, 2, 20, 21, 400])
def test_the_budget_over_time_fits_slack_s_chart_and_ends_today(spent: Facts, days: int):
    points = [vars(Day(day * DAY, 3_000_000 - day, day, 0)) for day in range(days)]
    made = subsidy.render(spent | {"days": points, "markets": ()})
    charts = [block for block in made.blocks if isinstance(block, DataVisualizationBlock)]

    assert len(charts) == (1 if days > 1 else 0)
    for chart in charts:
        labels = chart._resolve()["chart"]["axis_config"]["categories"]
        assert len(labels) == len(set(labels)) <= 20


def test_the_csv_has_a_row_a_market_in_credits(spent: Facts):
    lines = tuple(MarketLine(**each) for each in spent["markets"])
    of = SubsidyReport(**spent | {"markets": lines, "portfolio": PortfolioFacts(**spent["portfolio"])})
    heading, *rows = subsidies(of).content.decode().splitlines()
    cells = dict(zip(heading.split(","), rows[0].split(","), strict=False))

    assert len(rows) == len(lines)
    assert float(cells["liquidity"]) == pytest.approx(lines[0].liquidity / 1e6)
    assert cells["journal_head"] == of.head
