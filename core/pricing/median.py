"""Time-weighted medians of a level: to move one, a push must last for half of the window (THEORY 10)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain

POINT = 10_000  # Millionths.


def median(spent: Iterable[tuple[int, int]]) -> float:
    """The median of (level, milliseconds spent at it), weighted by time; of no time at all there is none.

    Where exactly half of the time was spent at or below a level, it is midway to the next one, so that the median of
    1 - p is 1 less the median of p. Source: THEORY 10; vector V35.

    >>> median([(500_000, 30), (580_000, 26), (950_000, 4), (600_000, 12)])
    580000.0
    """
    ordered = sorted(spent)
    until = list(accumulate(time for _, time in ordered))
    half = until[-1] / 2
    lower, upper = ordered[bisect_left(until, half)], ordered[bisect_right(until, half)]
    return (lower[0] + upper[0]) / 2


@dataclass(frozen=True)
class Dwell:
    """How long a level stayed at each whole point, 0 to 100: enough for medians of windows put together from hours.

    A level counts at the point nearest to it. Rounding keeps the order of levels, so the median is within half a point
    of the exact one, and a level that stays at a whole point has exactly that median.

    Parameters
    ----------
    spent
        Milliseconds by point; points without any are left out.

    """

    spent: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Milliseconds, over all points."""
        return sum(self.spent.values())

    def add(self, level: int, time: int) -> "Dwell":
        """With so many milliseconds more at a level in millionths.

        >>> Dwell().add(504_999, 30).add(505_000, 40).spent
        {50: 30, 51: 40}
        """
        if not time:
            return self
        point = (level + POINT // 2) // POINT
        return Dwell({**self.spent, point: self.spent.get(point, 0) + time})

    def merge(self, other: "Dwell") -> "Dwell":
        """The time of both together."""
        return Dwell(dict(Counter(self.spent) + Counter(other.spent)))

    def part(self, time: int) -> "Dwell":
        """As if only so many of its milliseconds counted, the same share of them at each point."""
        parts = {point: spent * time // self.total for point, spent in self.spent.items()}
        return Dwell({point: part for point, part in parts.items() if part})

    def median(self) -> float:
        """Millionths."""
        return median((point * POINT, time) for point, time in self.spent.items())

    def to_list(self) -> list[int]:
        """Each point followed by its milliseconds, for JSON.

        >>> Dwell({50: 30, 51: 40}).to_list()
        [50, 30, 51, 40]
        """
        return list(chain.from_iterable(sorted(self.spent.items())))

    @staticmethod
    def from_list(numbers: Sequence[int]) -> "Dwell":
        """What ``to_list`` made."""
        return Dwell(dict(zip(numbers[::2], numbers[1::2], strict=True)))


def over(dwells: Iterable[tuple[int, Dwell]], start: int, end: int) -> Dwell:
    """The time spent in [start, end], from dwells that each began at a moment and do not overlap.

    Of a dwell that the window cuts, a proportional part counts. That puts at most a quarter of its time at wrong points,
    and none where the level stayed: so an hour with trades is one dwell, and a quiet stretch of any length may be one.

    >>> over([(0, Dwell({50: 60})), (60, Dwell({60: 60}))], 30, 120).spent
    {50: 30, 60: 60}
    """
    found = Dwell()
    for began_at, dwell in dwells:
        inside = min(end, began_at + dwell.total) - max(start, began_at)
        if inside > 0:
            found = found.merge(dwell.part(inside))
    return found
