"""Valuing: deciders vote what metrics are worth, each by a sealed ballot, and the medians weigh them into one spread.

Weights are in units of the first measure, one for each measure: its options may have metrics of their own, in one unit. The
first measure's own weight says only whether more of it is better or worse. Ballots are counted without names, for good.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core import texts
from core.announcements import lanes
from core.decisions import ballots
from core.decisions import registry as decisions
from core.decisions.ballots import Ballot, Reopening
from core.decisions.decision import Decision, State
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import trust
from core.exchange.deciders import Ballots, Weighed, Weight, Welfare
from core.exchange.facts import Measure, Spread
from core.exchange.trust import Basis
from core.markets import registry
from core.markets.market import Market
from core.people import persons
from core.people.persons import Person
from core.pricing import welfare
from core.units import MICRO, within

WORTH_MOST = 1_000_000 * MICRO
LEVEL = (
    0.001  # Of a metric's range: what its prices could show at the very best, where nobody asked for more.
)
REASON_MOST = 1000


def cast(connection: Connection, by: str, decision_id: int, weights: Sequence[int], now: datetime) -> None:
    """Seals a decider's ballot in place of their last: micro-units of the first measure's that one unit of each is worth.

    Raises Unknown, NotAllowed, NotOpen, Invalid.
    """
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    decision.require_decider(person.id, "value")
    ballots.require_open(connection, decision, now)
    numbers = _measures(connection, decision)
    if len(weights) != len(numbers):
        raise Invalid("worth_1", "unknown", str(len(weights)))
    first, *others = weights
    if abs(first) != MICRO:
        raise Invalid("worth_1", "unknown", str(first))
    for number, weight in zip(numbers[1:], others, strict=True):
        within(weight, -WORTH_MOST, WORTH_MOST, f"worth_{number}")
    ballots.cast(connection, decision_id, person.id, weights, now)


def mine(connection: Connection, by: str, decision_id: int) -> tuple[int, ...]:
    """The weights of the asker's own ballot; none yet, if it is empty. Raises Unknown, NotAllowed."""
    decision, person = decisions.get(connection, decision_id), persons.find(connection, by)
    decision.require_decider(person.id if person else None, "value")
    found = ballots.find(connection, decision_id, person.id) if person else None
    return tuple(found.weights) if found else ()


def reopen(connection: Connection, by: str, decision_id: int, reason: str, now: datetime) -> None:
    """Ballots can be cast anew after the close; the committee reads who wants it and why.

    Raises Unknown, NotAllowed, NotOpen, Invalid.
    """
    decision, person = _officer(connection, by, decision_id, now)
    decision.require(State.CLOSED)
    if decision.record is not None:
        raise NotOpen("decision", decision.name, "recorded")
    _measures(connection, decision)
    texts.check("reason", reason, REASON_MOST)
    ballots.reopen(connection, decision, person.id, reason.strip(), now)
    _tell(connection, decision, "ballots_reopened", person, now, reason.strip())


def close(connection: Connection, by: str, decision_id: int, now: datetime) -> None:
    """What was cast anew counts from now on. Raises Unknown, NotAllowed, NotOpen."""
    decision, person = _officer(connection, by, decision_id, now)
    ballots.close(connection, decision, person.id, now)
    _tell(connection, decision, "ballots_closed", person, now)


def is_open(connection: Connection, decision: Decision, now: datetime) -> bool:
    """Whether ballots can be cast."""
    return ballots.is_open(decision, _reopened(connection, decision), now)


def is_wanted(connection: Connection, decision: Decision, person: int) -> bool:
    """Whether a decider has no ballot, or none since ballots were reopened; asked where they are open."""
    reopened = _reopened(connection, decision)
    found = ballots.find(connection, decision.id, person)
    return found is None or bool(reopened and found.at < reopened[-1].at)


def counted(
    connection: Connection,
    decision: Decision,
    measures: Sequence[Measure],
    markets: Mapping[int, Market],
    basis: Basis | None,
    now: datetime,
) -> Ballots | None:
    """The votes as the report says them: None before the close, and where there is nothing to weigh.

    While ballots are reopened, those count that were cast before. Trust in them rests on what trust in measures rests on.
    """
    if decision.state == State.OPEN or len(measures) == 1:
        return None
    reopened = ballots.reopenings(connection, decision.id)
    last = reopened[-1] if reopened else None
    is_open = ballots.is_open(decision, reopened, now)
    cast_by = ballots.newest(connection, decision.id, last.at if last and is_open else None)
    return Ballots(
        welfare=_welfare(decision, measures, cast_by, markets, basis) if cast_by else None,
        reopened_at=int(last.at.timestamp()) if last else None,
        reason=last.reason if last else None,
        is_open=is_open,
    )


def _reopened(connection: Connection, decision: Decision) -> Sequence[Reopening]:
    """Nothing is reopened that was not closed."""
    return [] if decision.state == State.OPEN else ballots.reopenings(connection, decision.id)


def _welfare(
    decision: Decision,
    measures: Sequence[Measure],
    cast_by: Sequence[Ballot],
    markets: Mapping[int, Market],
    basis: Basis | None,
) -> Welfare:
    votes = [[weight / MICRO for weight in each.weights] for each in cast_by]
    weights = welfare.median_weights(votes)
    lines = measures[0].options
    expected = [[measure.options[option].average for measure in measures] for option in range(len(lines))]
    values = welfare.welfare(weights, expected)
    first, second = welfare.by_rank(values)[:2]
    alone = [welfare.welfare(each, expected) for each in votes]
    gap = welfare.gap(values, first, second)
    # Of these two options in each measure, whichever two are priced highest there.
    spreads = [trust.spread((m.options[first], m.options[second]), markets, basis) for m in measures]
    level = sum(abs(w) * _shown(m, s) for m, s, w in zip(measures, spreads, weights, strict=True))
    return Welfare(
        unit=measures[0].unit,
        weights=tuple(Weight(m.metric, m.unit, w) for m, w in zip(measures, weights, strict=True)),
        options=tuple(Weighed(each.number, each.name, v) for each, v in zip(lines, values, strict=True)),
        leader=lines[first].name,
        follower=lines[second].name,
        gap=gap,
        level=level,
        spreads=tuple(sorted(welfare.gap(each, first, second) for each in alone)),
        others=sum(welfare.by_rank(each)[0] != first for each in alone),
        missing=len(decision.deciders) - len(cast_by),
        ranked=_is_ranked([s for s, w in zip(spreads, weights, strict=True) if w], gap, level),
    )


def _is_ranked(weighed: Sequence[Spread], gap: float, level: float) -> bool | None:
    """As single spreads are: never on the word of one person, nor of the opener alone; None where that is not known."""
    if any(each.ranked is None for each in weighed):
        return None
    return trust.is_ranked(gap, level, 0.0, max((each.people or 0 for each in weighed), default=0))


def _shown(measure: Measure, spread: Spread) -> float:
    """The least gap that a measure's prices can show between two options, as the ranking of a spread has it."""
    if spread.resolvable is None or spread.error is None:
        return LEVEL * (measure.high - measure.low)
    return max(spread.resolvable, spread.error)


def _measures(connection: Connection, decision: Decision) -> list[int]:
    """Their numbers. Raises NotOpen where there is only one: then there is nothing to weigh."""
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    found = sorted({market.measure for market in markets.values()})
    if len(found) == 1:
        raise NotOpen("decision", decision.name, "one_measure")
    return found


def _officer(connection: Connection, by: str, decision_id: int, now: datetime) -> tuple[Decision, Person]:
    """Raises NotAllowed unless the asker decides it, or is an admin."""
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    if person.id not in decision.deciders and not person.is_admin:
        raise NotAllowed("value", "deciders_and_admins")
    return decision, person


def _tell(
    connection: Connection, decision: Decision, kind: str, by: Person, now: datetime, reason: str = ""
) -> None:
    """Tells the committee."""
    facts = {
        "decision_id": decision.id,
        "question": decision.terms.question,
        "by": by.identity,
        "reason": reason,
    }
    key = f"{kind}:{decision.name}:{now.isoformat()}"
    lanes.announce(connection, key, kind, decision.name, decision.terms.committee_address, facts, now)
