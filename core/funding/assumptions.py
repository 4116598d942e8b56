"""What a decision is worth deciding right, as those who spend on it state it: each version is kept, the newest counts."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from core import texts
from core.database import row_ids
from core.funding.changes import REASON_MOST
from core.funding.tables import stakes
from core.pricing.twap import MILLIONTHS
from core.rows import Among, Prepared
from core.units import MICRO, positive, within

STAKE = 1_000 * MICRO  # What a decision is taken to be worth of which nobody has said it.


@dataclass(frozen=True)
class Assumption:
    """``stake`` is what a whole range of the first measure is worth, micro-credits, None where nobody has said it; the
    others are millionths.

    ``gap_sd`` is how uncertain the gap between the best two options is, in parts of that range, and ``chance`` how likely
    it is that the decision settles at all.
    """

    stake: int | None
    gap_sd: int
    chance: int = MILLIONTHS

    @property
    def worth(self) -> int:
        """The stake that plans go by."""
        return self.stake or STAKE

    def check(self) -> None:
        """Raises Invalid, naming the field."""
        positive(self.stake or 0, "stake")
        within(self.gap_sd, 1, MILLIONTHS, "gap_sd")
        within(self.chance, 1, MILLIONTHS, "chance")


def keep(
    connection: Connection, decision_id: int, of: Assumption, by: int, reason: str, now: datetime
) -> None:
    """Raises Invalid for a reason that says nothing."""
    texts.check("reason", reason, REASON_MOST)
    values = {"decision_id": decision_id, "by": by, "at": now, "reason": reason.strip()}
    connection.execute(insert(stakes).values(values | asdict(of) | {"stake": of.stake or 0}))


def newest(connection: Connection, decision_ids: Iterable[int]) -> dict[int, Assumption]:
    """By decision; those of which nothing was stated are left out."""
    rows = _NEWEST.rows(connection, ids=row_ids(decision_ids))
    return {decision_id: Assumption(stake or None, *of) for decision_id, stake, *of in rows}


_LAST = select(func.max(stakes.c.id)).where(Among(stakes.c.decision_id, "ids")).group_by(stakes.c.decision_id)
_NEWEST = Prepared(
    select(stakes.c.decision_id, stakes.c.stake, stakes.c.gap_sd, stakes.c.chance).where(
        stakes.c.id.in_(_LAST)
    )
)
