"""Intervals of means: they hold the truth as often as they say."""

import numpy as np
import pytest
from scipy import stats

from core.pricing import intervals


def test_it_is_student_s_interval():
    values = [0.3, -0.1, 0.7, 0.2]
    found = intervals.of_mean(4, float(np.mean(values)), float(np.std(values, ddof=1)))

    expected = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    assert found == pytest.approx(tuple(map(float, expected)))


def test_it_holds_the_truth_as_often_as_it_says():
    """Nineteen times in twenty, also of few values."""
    draws = np.random.default_rng(7).normal(2.0, 3.0, size=(4000, 5))
    found = [intervals.of_mean(5, draw.mean(), draw.std(ddof=1)) for draw in draws]
    held = np.mean([low <= 2.0 <= high for low, high in found])

    assert held == pytest.approx(0.95, abs=0.012)  # Three and a half standard errors.


@pytest.mark.parametrize("count", [0, 1])
def test_of_less_than_two_values_nothing_follows(count: int):
    assert intervals.of_mean(count, 0.4, 0.0) is None
