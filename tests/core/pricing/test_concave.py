"""Reserve by what information is worth at the margin: against trying out every split, and against the straight line."""

from dataclasses import replace

import numpy as np
import pytest

from core.pricing import allocation, concave, evsi
from core.pricing.concave import Stakes
from core.pricing.problem import Problem, Why

LN2 = np.log(2)


def alike(groups: int, budget: float) -> Problem:
    one = np.ones(groups)
    return Problem(one, LN2 * one, 60 * one, LN2 * one, np.arange(groups), budget=budget)


def stakes(stake: list[float], gap: list[float], sd: float = 0.3) -> Stakes:
    one = np.ones(len(stake))
    return Stakes(np.array(stake), np.array(gap), sd * one, one)


@pytest.mark.parametrize(
    ("stake", "gap"), [([1000, 1000], [0.01, 0.1]), ([300, 2000], [0.05, 0.2]), ([4000, 150], [0.002, 0.05])]
)
def test_no_other_split_between_two_decisions_is_worth_more(stake: list[float], gap: list[float]):
    problem, hang = alike(2, 200.0), stakes(stake, gap)
    found = concave.allocate(problem, hang)

    splits = np.linspace(0.5, 199.5, 800)
    worth = [hang.worth(problem.whole().nats_at(np.array([each, 200 - each]))).sum() for each in splits]
    got = hang.worth(problem.whole().nats_at(found.reserves)).sum()
    assert got >= max(worth) * (1 - 1e-3)


def test_the_last_credit_buys_as_much_in_each_decision_that_is_funded():
    problem, hang = alike(4, 500.0), stakes([800, 500, 2000, 1000], [0.02, 0.05, 0.1, 0.001])
    found = concave.allocate(problem, hang)
    whole = problem.whole()

    def worth(reserves):
        return hang.worth(whole.nats_at(reserves))

    bought = (worth(found.reserves + 0.01) - worth(found.reserves - 0.01)) / 0.02
    assert set(found.why) == {Why.FUNDED}
    assert bought == pytest.approx(bought.mean(), rel=0.02)


def test_a_close_call_does_not_take_all_as_it_does_if_every_nat_is_worth_what_the_first_is():
    """The value of the steepest nat has no bound as the gap closes, full information about it has."""
    problem, hang = alike(3, 200.0), stakes([1000, 1000, 1000], [0.001, 0.1, 0.1])
    nats, each = evsi.steepest(hang.gap, hang.sd)
    line = replace(problem, value=hang.stake * each, least=hang.stake * each * nats)

    assert allocation.allocate(line).reserves[0] == pytest.approx(200)
    found = concave.allocate(problem, hang)
    assert found.reserves.min() > 40
    assert (
        hang.worth(problem.whole().nats_at(found.reserves)).sum()
        > 1.2 * hang.worth(problem.whole().nats_at(allocation.allocate(line).reserves)).sum()
    )


def test_what_cannot_learn_enough_gets_nothing():
    """Of a gap of two sds more would have to be known than there is to know."""
    found = concave.allocate(alike(2, 100.0), stakes([1000, 5000], [0.05, 0.6]))

    assert found.reserves == pytest.approx([100, 0], abs=1e-6)
    assert found.why[1] == Why.BELOW
