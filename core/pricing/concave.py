"""An allocation by the value of deciding right, which grows ever more slowly once it is worth anything at all."""

from dataclasses import dataclass, replace

import numpy as np

from core.pricing import allocation, evsi
from core.pricing.problem import Allocation, Numbers, Problem

ROUNDS = 16


@dataclass(frozen=True, eq=False)
class Stakes:
    """What hangs on each group: the stake in credits, the prior gap of the best two options and its sd, in parts of the
    range; and of each market the ``part`` of that gap's uncertainty that is about it, which sum to 1 in a group.
    """

    stake: Numbers
    gap: Numbers
    sd: Numbers
    part: Numbers

    def worth(self, nats: Numbers) -> Numbers:
        """EVSI of each group, credits."""
        return self.stake * evsi.evsi(self.gap, self.sd, np.maximum(nats, evsi.NATS_LEAST))


def allocate(problem: Problem, stakes: Stakes) -> Allocation:
    """The reserve of each group by what its nats are worth at the margin; ``value`` and ``least`` of the problem are made here.

    EVSI / I at the steepest is what a nat is worth up to I*, and beyond it far less: EVSI ends at what full information
    is worth, while a close call's first nats are priced as if it never did. So nats are valued at EVSI'(I) of what is
    bought, allocated anew, and so on by halves of the logarithm; of all rounds the one that is worth most is taken.

    Examples
    --------
    >>> one = np.ones(2)
    >>> alike = Problem(one, 0.69 * one, 60 * one, 0.7 * one, np.array([0, 1]), budget=200)
    >>> near = Stakes(np.array([1000.0, 1000.0]), np.array([0.001, 0.1]), 0.3 * one, one)
    >>> allocate(alike, near).reserves.round()
    array([103.,  97.])

    """
    nats, each = evsi.steepest(stakes.gap, stakes.sd)
    value = _marginal(stakes, np.maximum(nats, 0.1))
    found: list[tuple[float, Allocation]] = []
    for _ in range(ROUNDS):
        of = replace(problem, value=value[problem.group] * stakes.part, least=value * nats)
        got = allocation.allocate(of)
        bought = of.sum(stakes.part * of.whole().nats_at(got.reserves))
        found.append((float(stakes.worth(bought).sum()), got))
        at_margin = np.where(bought > nats, _marginal(stakes, np.maximum(bought, nats)), stakes.stake * each)
        value = np.sqrt(value * at_margin)
    return max(found, key=lambda one: one[0])[1]


def _marginal(stakes: Stakes, nats: Numbers) -> Numbers:
    """EVSI'(I), credits a nat."""
    step = 1e-3 * nats
    found: Numbers = (stakes.worth(nats + step) - stakes.worth(nats - step)) / (2 * step)
    return found
