"""Declaring: before the close each decider says how likely each option is, and what they expect of each metric.

It is sealed until then: nobody else sees it, admins neither. Taking none of the options is one of the ways to decide, so
that the chances of all of them are whole percents that sum to 100. The market is never told. Where a lottery always
decides nobody chooses: then no chances are asked, and what is expected is of each option if it is drawn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from sqlalchemy import Connection

from core.announcements import lanes
from core.calibration import declarations
from core.calibration.declarations import Declaration as Kept
from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN, DRAWN
from core.decisions.decision import Decision, State
from core.errors import Invalid, NotOpen
from core.exchange.deciders import Declared, Forecast, Said
from core.markets import metrics, registry
from core.people import persons
from core.units import within

OPENED, CLOSING = "opened", "closing"  # When deciders are asked.
HUNDRED_PERCENT = 100


@dataclass(frozen=True)
class Declaration:
    """Whole percents by option in their order, and for taking none; forecasts in micro-units, by measure and option."""

    chances: Sequence[int]
    none: int
    forecasts: Sequence[Sequence[int]]

    def check_chances(self) -> None:
        """Raises Invalid, naming the field."""
        for number, chance in enumerate(self.chances, 1):
            _check_chance(chance, f"chance_{number}")
        _check_chance(self.none, "chance_none")
        if (total := sum(self.chances) + self.none) != HUNDRED_PERCENT:
            raise Invalid("chance_none", "hundred", str(total))


@dataclass(frozen=True)
class Mine:
    """What the asker declared last: percents by option number, forecasts in micro-units by market. Empty: nothing yet."""

    chances: Mapping[int, int]
    none: int | None
    forecasts: Mapping[int, int]


def declare(
    connection: Connection, by: str, decision_id: int, declaration: Declaration, now: datetime
) -> None:
    """Seals what a decider says, beside what they said before. Raises Unknown, NotAllowed, NotOpen, Invalid."""
    decision = decisions.lock(connection, decision_id)
    person = persons.enrol(connection, by, now)
    decision.require_decider(person.id, "declare")
    decision.require(State.OPEN)
    if now >= decision.terms.closes_at:
        raise NotOpen("decision", decision.name, State.CLOSED)
    forecasts = _forecasts(connection, decision, declaration)
    chances = {} if decision.is_always_drawn else _chances(decision, declaration)
    declarations.keep(connection, decision.id, person.id, chances, forecasts, now)


def mine(connection: Connection, by: str, decision_id: int) -> Mine:
    """Raises Unknown, NotAllowed."""
    decision, person = decisions.get(connection, decision_id), persons.find(connection, by)
    decision.require_decider(person.id if person else None, "declare")
    kept = declarations.find(connection, decision_id, person.id) if person else None
    if kept is None:
        return Mine({}, None, {})
    numbers = {option.id: option.number for option in decision.options}
    chances = {numbers[option]: chance for option, chance in kept.chances.items()}
    none = HUNDRED_PERCENT - sum(chances.values()) if chances else None
    return Mine(chances, none, kept.forecasts)


def is_wanted(connection: Connection, decision: Decision, person: int, now: datetime) -> bool:
    """Whether a decider has still to declare: also of an option that came after they did."""
    if decision.state != State.OPEN or now >= decision.terms.closes_at:
        return False
    kept = declarations.find(connection, decision.id, person)
    if kept is None or decision.is_always_drawn:  # To that no option can be added.
        return kept is None
    return not {option.id for option in decision.options} <= set(kept.chances)


def ask(
    connection: Connection, decision: Decision, occasion: str, now: datetime, *, is_weighed: bool
) -> None:
    """Asks each decider, once for each occasion and close; ``is_weighed`` where there are metrics to weigh."""
    done = {each.person for each in declarations.newest(connection, decision.id)}
    closes_at = int(decision.terms.closes_at.timestamp())
    for person in persons.by_ids(connection, decision.deciders).values():
        facts = {
            "decision_id": decision.id,
            "question": decision.terms.question,
            "closes_at": closes_at,
            "is_weighed": is_weighed,
            "is_drawn": decision.is_always_drawn,
            "has_declared": person.id in done,
        }
        key = f"declare:{decision.name}:{occasion}:{closes_at}:{person.id}"
        lanes.announce(connection, key, "declare", decision.name, person.identity, facts, now)


def declared(connection: Connection, decision: Decision, now: datetime) -> Declared | None:
    """What all deciders declared, once trading is closed; None before, whoever asks."""
    del now  # Not the date but the close itself unseals it: until then it can be moved.
    if decision.state == State.OPEN:
        return None
    kept = {each.person: each for each in declarations.newest(connection, decision.id)}
    people = persons.by_ids(connection, decision.deciders)
    chances = _mean_chances(decision, kept.values())
    return Declared(
        said=tuple(_said(decision, people[each].identity, kept[each]) for each in sorted(kept)),
        missing=tuple(people[each].identity for each in sorted(decision.deciders - set(kept))),
        chances=chances,
        none=None if chances is None else max(0.0, 1 - sum(chances)),
        forecasts=_gathered(kept.values()),
    )


def committee(connection: Connection, decision: Decision, market_id: int) -> float | None:
    """The mean of the deciders' forecasts for a market, once trading is closed, in micro-units of its metric."""
    if decision.state == State.OPEN:
        return None
    forecasts = _gathered(declarations.newest(connection, decision.id))
    return next((each.mean for each in forecasts if each.market_id == market_id), None)


def _forecasts(connection: Connection, decision: Decision, given: Declaration) -> dict[int, int]:
    """By market. Raises Invalid for a value outside of the metric's range, and for a form of before an option was added."""
    kind = DRAWN if decision.is_always_drawn else CHOSEN
    branches = [decision.branch_of(option.id, kind).id for option in decision.options]
    markets = registry.in_branches(connection, branches).values()
    ranges = metrics.get_all(connection, {market.metric_id for market in markets})
    numbers = sorted({market.measure for market in markets})
    if [len(each) for each in given.forecasts] != [len(branches)] * len(numbers):
        raise Invalid("chance_none", "outdated")
    found = {}
    for market in markets:
        measure, option = numbers.index(market.measure), branches.index(market.branch_id or 0)
        of = ranges[market.metric_id].definition
        field = f"forecast_{market.measure}_{option + 1}"
        found[market.id] = within(given.forecasts[measure][option], of.low, of.high, field)
    return found


def _chances(decision: Decision, given: Declaration) -> dict[int, int]:
    """By option. Raises Invalid as above."""
    options = [option.id for option in decision.options]
    if len(given.chances) != len(options):
        raise Invalid("chance_none", "outdated")
    given.check_chances()
    return dict(zip(options, given.chances, strict=True))


def _check_chance(chance: int, field: str) -> None:
    if not 0 <= chance <= HUNDRED_PERCENT:
        raise Invalid(field, "between", "0", str(HUNDRED_PERCENT))


def _said(decision: Decision, identity: str, kept: Kept) -> Said:
    chances = tuple(kept.chances.get(option.id, 0) for option in decision.options if kept.chances)
    return Said(identity, int(kept.at.timestamp()), chances, tuple(sorted(kept.forecasts.items())))


def _mean_chances(decision: Decision, kept: Collection[Kept]) -> tuple[float, ...] | None:
    if not kept or decision.is_always_drawn:
        return None
    said = ([each.chances.get(option.id, 0) for each in kept] for option in decision.options)
    return tuple(fmean(chances) / HUNDRED_PERCENT for chances in said)


def _gathered(kept: Iterable[Kept]) -> tuple[Forecast, ...]:
    """By market, in their order."""
    given = defaultdict[int, list[int]](list)
    for each in kept:
        for market_id, value in each.forecasts.items():
            given[market_id].append(value)
    return tuple(
        Forecast(market_id, len(values), fmean(values), median(values), min(values), max(values))
        for market_id, values in sorted(given.items())
    )
