"""What is to be allocated, and how it was: markets in groups that share a reserve, and the budgets (THEORY 8)."""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Why(StrEnum):
    """What decided how much a group gets."""

    FUNDED = "funded"  # As much as the prices of the budgets allow.
    LEAST = "least"  # Just so much that it is worth anything at all.
    BELOW = "below"  # What it would have to get at least is worth less than it costs, or more than there is.
    NOTHING = "nothing"  # Nothing can be learned there, or nothing hangs on it.
    CAPPED = "capped"  # The most that it may get.
    HELD = "held"  # It has more already than it would get now.


@dataclass(frozen=True, eq=False)
class Problem:
    """Markets as columns, groups of markets that share a reserve, and the budgets.

    Of each market: ``value`` v, ``learnable`` H, ``cost`` beta, ``reserve`` c, the ``group`` (0, 1, ...), the ``chance``
    that it settles, and ``liquidity`` which it has at a group's reserve of ``backed``: b = liquidity + (R_g - backed) / c.
    Of each group: ``held``, the reserve that it cannot go below; ``most``; and ``least``, the value (credits, of v I)
    from which on it is worth anything at all. ``budget`` is the reserve of all groups together, ``spend`` what they may
    lose on average; something must limit each group.
    """

    value: Numbers
    learnable: Numbers
    cost: Numbers
    reserve: Numbers
    group: NDArray[np.int64]
    budget: float = math.inf
    spend: float = math.inf
    chance: Numbers = field(default_factory=lambda: np.ones(1))
    liquidity: Numbers = field(default_factory=lambda: np.zeros(1))
    backed: Numbers = field(default_factory=lambda: np.zeros(1))
    held: Numbers = field(default_factory=lambda: np.zeros(1))
    most: Numbers = field(default_factory=lambda: np.full(1, np.inf))
    least: Numbers = field(default_factory=lambda: np.zeros(1))

    @cached_property
    def groups(self) -> int:
        return int(self.group.max()) + 1 if len(self.group) else 0

    def whole(self) -> "Problem":
        """The same, with a value for each market and each group where one stood for all."""
        markets: dict[str, Any] = {
            name: _spread(getattr(self, name), len(self.group)) for name in _OF_MARKETS
        }
        groups: dict[str, Any] = {name: _spread(getattr(self, name), self.groups) for name in _OF_GROUPS}
        return replace(self, **markets, **groups)

    def liquidity_at(self, reserves: Numbers) -> Numbers:
        """Liquidity of each market at these reserves of the groups."""
        return self.liquidity + (reserves[self.group] - self.backed) / self.reserve

    def nats_at(self, reserves: Numbers) -> Numbers:
        """I of each market."""
        depth = self.liquidity_at(reserves)
        return self.learnable * depth / (depth + self.cost)

    def value_at(self, reserves: Numbers) -> Numbers:
        """What each group learns is worth, v I, credits."""
        return self.sum(self.value * self.nats_at(reserves))

    def spend_at(self, reserves: Numbers) -> Numbers:
        """What each group is expected to lose, h b I, credits."""
        return self.sum(self.chance * self.liquidity_at(reserves) * self.nats_at(reserves))

    def sum(self, column: Numbers) -> Numbers:
        """Of the markets of each group."""
        return np.bincount(self.group, column, self.groups).astype(float)


_OF_MARKETS = ("value", "learnable", "cost", "reserve", "chance", "liquidity", "backed")
_OF_GROUPS = ("held", "most", "least")


@dataclass(frozen=True, eq=False)
class Allocation:
    """The reserve of each group and why, and what the last credit of each budget buys.

    ``needed`` is the reserve of each group that it would have to get at least; infinite where none is enough.
    """

    reserves: Numbers
    reserve_price: float
    spend_price: float
    why: tuple[Why, ...]
    needed: Numbers


def _spread(column: Numbers, number: int) -> Numbers:
    return np.broadcast_to(np.asarray(column, dtype=float), number)
