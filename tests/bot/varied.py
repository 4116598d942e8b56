"""A decision with everything that a simple one lacks: several measures, a metric of its own for each option, bins."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from acts import identity
from live import Live

from bot.story import cast
from core.exchange import adding, board, opening, trading
from core.exchange.adding import AddedOption
from core.exchange.board import Row
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.reporting import OptionLine
from core.exchange.trading import Act, Order
from core.units import MICRO

MONA, ESRA = identity("U0MONA"), identity("U0ESRA")
CENTRES = tuple(centre * MICRO for centre in (0, 10, 20, 30, 40))


def metric(name: str, unit: str, low: int, high: int) -> Definition:
    return Definition(name, unit, low * MICRO, high * MICRO, f"{name}, as counted a month later.")


SCORE = metric("Helpfulness score", "points", 40, 80)
TRUST, THEIRS = metric("Trust in us", "%", 0, 100), metric("Trust in them", "%", 20, 80)
INCIDENTS = metric("Incidents", "reports", 0, 40)


def rates(*values: int, sd: int = 0) -> tuple[BaseRate, ...]:
    return tuple(BaseRate(value * MICRO, sd * MICRO) for value in values)


MEASURES = (
    MeasurePlan((MetricPlan(SCORE, MONA),), rates(62, 58)),
    MeasurePlan((MetricPlan(TRUST, MONA), MetricPlan(THEIRS, ESRA)), rates(60, 50)),
    MeasurePlan((MetricPlan(INCIDENTS, MONA, CENTRES),), rates(15, 12, sd=8)),
)


def open_varied(live: Live, **changes: Any) -> None:
    """Opens it as D-2: Release and Hold, compared on a score, on trust (in us, or in them), and on incidents."""
    plan = replace(cast.plan(live.workspace.clock()), question="Do we share the weights?", measures=MEASURES)
    live.write(opening.open_decision, identity("U0ADA"), replace(plan, **changes))


def add_third(live: Live) -> None:
    """Adds Delay to it, while the others trade."""
    both = metric("Trust in both", "%", 0, 100)
    (score,), (trust,), (incidents,) = rates(60), rates(55), rates(14, sd=8)
    added = AddedOption("Delay", (score, trust, incidents), (None, MetricPlan(both, MONA), None))
    live.write(adding.add_option, identity("U0ADA"), 2, added)


def row(live: Live, decision_id: int = 2, by: str = "") -> Row:
    found: Row = live.read(board.row, by, decision_id, live.workspace.clock())
    return found


def line(live: Live, option: str, metric_name: str, decision_id: int = 2) -> OptionLine:
    """What the report says of an option's market on a metric."""
    report = row(live, decision_id).report
    return next(
        each
        for measure in report.measures
        for each in measure.options
        if (each.name, each.metric) == (option, metric_name)
    )


def ask(live: Live, question: str = "Do we ship the editor in June?") -> int:
    """Opens a question beside it that is a yes or a no, in which Erin trades; its market's id."""
    shipped = Definition(question, YES_OR_NO, 0, HUNDRED, "If it is in the store.")
    closes_at = live.workspace.clock() + timedelta(days=5)
    public = cast.plan(closes_at).public_address
    plan = opening.question(
        MetricPlan(shipped, MONA), BaseRate(60 * MICRO), 100 * MICRO, closes_at, 3600, public
    )
    (market_id,) = live.write(opening.open_question, identity("U0ADA"), plan).market_ids
    spend = Order(f"asked:{question}", identity("U0ERIN"), market_id, (0,), Act.SPEND, 20 * MICRO)
    live.write(trading.execute, spend)
    return market_id
