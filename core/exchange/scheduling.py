"""Scheduling: when the committee gets the spread report of a decision while it trades, by the clock or by its move.

The spread is that of the averages that the report says: whoever wants to set it off has to hold the prices for hours.
Nobody looks while people trade. An average moves only so fast, so each look knows when the next one is worth its while.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.announcements import lanes
from core.decisions import registry as decisions
from core.decisions import reports, schedules
from core.decisions.decision import Decision, State
from core.decisions.schedule import Schedule
from core.decisions.schedules import HOUR
from core.errors import NotAllowed
from core.exchange import reported, sending
from core.exchange.priced import WINDOW, floats
from core.exchange.sending import Occasion
from core.markets import registry, ticks
from core.markets.market import Market
from core.people import persons
from core.people.persons import Person
from core.pricing import twap
from core.pricing.twap import MILLIONTHS

__all__ = [
    "MILLIONTHS",
    "PREVIEWED",
    "Schedule",
    "look_at_spread",
    "schedule_reports",
    "send_scheduled",
    "standing",
]

PAUSE = timedelta(minutes=15)  # A spread that stands just below its step is not looked at again and again.
PREVIEWED = 3


def standing(connection: Connection, by: str, decision_id: int, now: datetime) -> Schedule:
    """When its reports come. Raises Unknown, NotOpen, NotAllowed for whoever may not change it."""
    del now
    _require_scheduler(connection, by, decisions.get(connection, decision_id))
    return schedules.get(connection, decision_id).schedule


def schedule_reports(
    connection: Connection, by: str, decision_id: int, schedule: Schedule, now: datetime
) -> None:
    """A decider or an admin says when the reports come from now on; the committee is told so.

    Raises Unknown, NotOpen, NotAllowed, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = _require_scheduler(connection, by, decision)
    schedule.check(now)
    last = reports.newest_of(connection, decision_id, Occasion.MOVE)
    schedules.change(connection, decision_id, schedule, now, max(now, last + HOUR) if last else now)
    _announce(connection, decision, person, schedule, now)


def send_scheduled(connection: Connection, decision_id: int, now: datetime) -> None:
    """The report whose time has come; times that were missed share one."""
    decision = decisions.lock(connection, decision_id)
    found = schedules.get(connection, decision_id)
    if decision.state != State.OPEN or found.next_at is None or now < found.next_at:
        return
    sending.send(connection, decision, Occasion.SCHEDULE, found.next_at.isoformat(), now)
    schedules.came(connection, decision_id, found.schedule.after(now))


def look_at_spread(connection: Connection, decision_id: int, now: datetime) -> None:
    """Sends the report if the spread has moved by a step since the newest one; at most one an hour."""
    decision = decisions.lock(connection, decision_id)
    found = schedules.get(connection, decision_id)
    step = found.schedule.step
    if decision.state != State.OPEN or step is None or found.look_at is None or now < found.look_at:
        return
    markets = list(registry.in_branches(connection, [branch.id for branch in decision.branches]).values())
    moved = _moved(connection, decision, markets, now)
    pause = PAUSE
    if moved * MILLIONTHS >= step:
        sending.send(connection, decision, Occasion.MOVE, f"move:{now.isoformat()}", now)
        pause, moved = HOUR, 0.0
    window = min(WINDOW, *(now - market.opened_at for market in markets))
    soonest = timedelta(seconds=twap.soonest(step / MILLIONTHS - moved, window.total_seconds()))
    schedules.looked(connection, decision_id, now + max(pause, soonest))


def _moved(connection: Connection, decision: Decision, markets: Sequence[Market], now: datetime) -> float:
    """How far the difference between any two options moved since the newest report, as a part of the metric's range."""
    said = reported.averages(reported.newest(connection, decision.id))
    compared = defaultdict[tuple[int, bool], list[Market]](list)
    for market in markets:
        compared[market.measure, bool(decision.is_drawn_in(market.branch_id))].append(market)
    return max(
        _widest([_gain(connection, market, said, now) for market in each]) / _range(each)
        for each in compared.values()
    )


def _gain(connection: Connection, market: Market, said: Mapping[int, float], now: datetime) -> float:
    """How far its average moved, micro-units of the metric; of what no report said yet, since it opened."""
    average = market.expected(ticks.average_prices(connection, market, now - WINDOW, now))
    before = said.get(market.id)
    if before is None:
        before = market.expected(floats(ticks.opening(connection, market).tick))
    return average - before


def _widest(gains: Sequence[float]) -> float:
    return max(gains) - min(gains)


def _range(markets: Sequence[Market]) -> int:
    return max(max(m.centres) for m in markets) - min(min(m.centres) for m in markets)


def _require_scheduler(connection: Connection, by: str, decision: Decision) -> Person:
    """Raises NotAllowed, NotOpen."""
    person = persons.find(connection, by)
    if person is None or not (person.is_admin or person.id in decision.deciders):
        raise NotAllowed("schedule", "deciders_and_admins", tuple(persons.admins(connection)))
    decision.require(State.OPEN)
    return person


def _announce(
    connection: Connection, decision: Decision, person: Person, schedule: Schedule, now: datetime
) -> None:
    facts = {
        "decision_id": decision.id,
        "question": decision.terms.question,
        "by": person.identity,
        "zone": schedule.zone,
        "times": [int(at.timestamp()) for at in schedule.times(now, PREVIEWED)],
        "cron": schedule.cron,
        "step": schedule.step,
    }
    key = f"scheduled:{decision.name}:{now.isoformat()}"
    address = decision.terms.committee_address
    lanes.announce(connection, key, "scheduled", decision.name, address, facts, now)
