"""A tour of every surface there is: a workspace is lived in, and at each sight somebody looks at what is shown."""

from collections.abc import Iterator

from tour.deciding import answers, decides, ends, reads
from tour.drawing import draws, raffles
from tour.far import looks_far
from tour.looking import asks, asks_a_question, begins, opens
from tour.people import PLAIN, ROUGH, Sight, Tour
from tour.resolving import defines, waits_for_it
from tour.running import allows, grants, steers
from tour.saying import says
from tour.subsidies import spends
from tour.trading import trades, waits

__all__ = ["PLAIN", "ROUGH", "Sight", "Tour", "sights"]


def sights(tour: Tour) -> Iterator[Sight]:
    """All of them, in the order of one long life."""
    for scene in (
        begins,
        asks,
        opens,
        asks_a_question,
        trades,
        waits,
        allows,
        grants,
        steers,
        spends,
        says,
        decides,
        reads,
        answers,
        ends,
        defines,
        waits_for_it,
        raffles,
        draws,
        looks_far,
    ):
        yield from scene(tour)
