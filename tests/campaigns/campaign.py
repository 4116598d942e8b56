"""What every campaign shares: the trial it is given, the promise it may find broken, and the figures it ends with.

The promise under test: what the writer acknowledged is in the database for ever, exactly once, with the same answer;
what was not acknowledged happened whole or not at all; a key that was executed is never executed again; and the books
are right to the micro afterwards. A campaign provokes one kind of trouble many times, and insists after each.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ENGINES = ("sqlite", "postgresql")

Figures = Mapping[str, object]


class Broken(AssertionError):  # noqa: N818 - a promise is broken, not the campaign
    """A promise was not kept; the message says which, and of what."""


def insist(holds: bool, otherwise: str) -> None:
    """Raises Broken, which says ``otherwise``, unless it holds."""
    if not holds:
        raise Broken(otherwise)


@dataclass(frozen=True)
class Trial:
    """One run of a campaign: on which engine, how often, from which seed, and the folder for all that it writes.

    The seed fixes what is asked and when trouble comes; what the machine makes of it is its own.
    """

    engine: str
    times: int
    seed: int
    folder: Path
    step: Callable[[int], None]

    def chance(self, *of: object) -> random.Random:
        """A source of chance of its own for each purpose, the same for the same seed."""
        return random.Random(f"{self.seed}:{of}")


def conduct(
    campaign: Callable[[Trial], Figures],
    engine: str,
    times: int,
    seed: int,
    step: Callable[[int], None] = lambda _: None,
) -> Figures:
    """Runs the campaign in a fresh folder, which is kept, and named with the seed, if anything goes wrong."""
    folder = Path(tempfile.mkdtemp(prefix="campaign-"))
    try:
        figures = campaign(Trial(engine, times, seed, folder, step))
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except BaseException as problem:
        again = f"python tests/campaigns {campaign.__name__} --engine {engine} --times {times} --seed {seed}"
        problem.add_note(f"Run it again: {again}\nIts databases are kept in {folder}")
        raise
    shutil.rmtree(folder)
    return figures


def spread(seconds: list[float]) -> str:
    """The middle and the largest of some spans, in milliseconds."""
    if not seconds:
        return "none"
    return f"p50 {sorted(seconds)[len(seconds) // 2] * 1000:.0f} ms, max {max(seconds) * 1000:.0f} ms"
