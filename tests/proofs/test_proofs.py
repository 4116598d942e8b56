"""The proofs by simulation, small: by fixed seeds, with claims that hold for nearly every seed."""

import math
from pathlib import Path

import numpy as np
import pytest
from proofs import coin, lottery
from vectors import vector

from core.calibration.residuals import Kind

CERTAIN = 4.0  # Standard errors: chance passes it once in ten thousand seeds or less.


def test_v27_the_worse_coin_is_priced_first_from_the_published_threshold_on():
    """The formula that the traders of the coins know."""
    threshold = vector("V27")[1]["r_star"]

    assert threshold == pytest.approx(coin.THRESHOLD)
    assert coin.price_if_taken(threshold) == pytest.approx(coin.A_HEADS)
    assert coin.price_if_taken(0.0) == coin.B_HEADS


@pytest.mark.parametrize(("shown", "leader"), [(0.03, "A"), (0.05, "B")])
def test_the_report_ranks_the_worse_coin_first_above_the_threshold_and_not_below(
    tmp_path: Path, shown: float, leader: str
):
    """By the average that the committee sees at the close; B is the worse one in both."""
    found = coin.coins(tmp_path, shown, 1, seed=27)

    assert found.leader == leader
    assert found.priced_b == pytest.approx(100 * coin.price_if_taken(shown), abs=0.02)


def test_the_price_of_the_worse_coin_is_right_if_it_is_taken_and_no_effect(tmp_path: Path):
    """Heads came as often as it was priced, which is oftener than the coin comes up heads."""
    found = coin.coins(tmp_path, 0.8, 30, seed=27)

    assert abs(found.heads_if_taken - found.priced_b) < CERTAIN * found.error
    assert found.heads_if_taken - found.effect_of_b > 2 * found.error
    assert found.b_taken < found.decisions
    assert found.earned_by_knowing > 0 < found.lost_by_the_effect


@pytest.fixture(scope="module")
def lots(tmp_path_factory: pytest.TempPathFactory) -> lottery.Lots:
    return lottery.lots(tmp_path_factory.mktemp("lots"), 40, seed=6)


def test_the_drawn_spread_is_unbiased_and_the_chosen_one_is_not(lots: lottery.Lots):
    """Paired, decision by decision: choosers who love the first option make the other one look better than it is."""
    drawn, gap = (
        [each.drawn - each.effect for each in lots.seen],
        [each.chosen - each.drawn for each in lots.seen],
    )
    above = lottery.chosen_above(lottery.PUBLIC[0] - lottery.PUBLIC[1])

    assert abs(np.mean(drawn)) < CERTAIN * error(drawn)
    assert np.mean(gap) < -CERTAIN * error(gap)
    assert np.mean(gap) == pytest.approx(above[0] - above[1], abs=CERTAIN * error(gap) + 0.3)


def error(values: list[float]) -> float:
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))


def test_both_kinds_of_prices_are_right_about_what_comes_to_pass(lots: lottery.Lots):
    """What was chosen came to what was priced if chosen: only as an effect it was wrong."""
    for kind in Kind:
        found = lots.residuals[kind.value]
        low, high = found.interval
        assert abs(found.mean) < high - low  # Twice the half of a 95% interval: four standard errors.
        assert found.decisions == sum(each.is_drawn == (kind == Kind.DRAWN) for each in lots.seen)


def test_who_knows_something_earns_from_who_knows_nothing(lots: lottery.Lots):
    assert lots.earned > 0
