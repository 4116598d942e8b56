"""A decision of a few hours, whose metric is defined anew, read from a source, and waited for."""

from datetime import timedelta

from acts import identity
from live import COMMITTEE, MARKETS, Live
from sqlalchemy import select

from core.exchange import deciding, opening
from core.exchange.opening import BaseRate, DecisionPlan, Definition, MeasurePlan, MetricPlan, Opened
from core.markets.reading_tables import source
from core.units import MICRO

HOURS = {"closes_at": 2, "decide_by": 4, "freezes_at": 5}
PAUSES = (0, 1, 5, 15, 60, 180)  # Minutes between one attempt at a source and the next.


def open_short(live: Live, metric: str = "Latency", question: str = "Do we move the cluster?") -> Opened:
    """Carol and Chen decide within two hours, and Mona reads it three hours later."""
    said = Definition(metric, "ms", 0, 100 * MICRO, "As the dashboard shows it.")
    now = live.workspace.clock()
    plan = DecisionPlan(
        question=question,
        options=("Move", "Stay"),
        deciders=(identity("U0CAROL"), identity("U0CHEN")),
        measures=(
            MeasurePlan(
                (MetricPlan(said, identity("U0MONA")),), (BaseRate(40 * MICRO), BaseRate(50 * MICRO))
            ),
        ),
        **{name: now + timedelta(hours=hours) for name, hours in HOURS.items()},
        record_challenge_seconds=0,
        reading_challenge_seconds=86_400,
        subsidy=50 * MICRO,
        public_address=identity(MARKETS),
        committee_address=identity(COMMITTEE),
    )
    opened: Opened = live.write(opening.open_decision, identity("U0ADA"), plan)
    return opened


def choose(live: Live, decision_id: int) -> None:
    """What the deciders do once they are reminded."""
    live.write(deciding.record, identity("U0CAROL"), decision_id, 1, "It is faster.")


def fail_all(live: Live, metric_id: int) -> None:
    """Lets the time pass in which the source is tried again and again."""
    for number, minutes in enumerate(PAUSES, 1):
        live.advance(minutes=minutes)
        live.wait_until(lambda most=number: _attempts(live, metric_id) >= most)


def _attempts(live: Live, metric_id: int) -> int:
    """So many have come to nothing."""
    wanted = select(source.c.attempts, source.c.error).where(source.c.metric_id == metric_id)
    row = live.read(lambda connection: connection.execute(wanted).one())
    return int(row.attempts) - (row.error is None)
