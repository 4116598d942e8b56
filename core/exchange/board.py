"""The board: what decisions there are, and what each person may do about them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from core.decisions import registry as decisions
from core.decisions.decision import TAKEN, Decision, State
from core.decisions.tables import branch, decision, option
from core.exchange import declaring, measured, portfolio, reporting, valuing
from core.exchange.measured import MetricRow
from core.exchange.reporting import Report
from core.markets import metrics, registry
from core.markets.tables import market, metric
from core.people import acts as written
from core.people import persons
from core.people.acts import Act
from core.people.persons import Person

ENDED_MOST, FOUND_MOST = 5, 10
OPEN, SEALED = "open", "sealed"
_ENDED = {State.SETTLED, State.WITHDRAWN}
ACTS_MOST, ACTS_ON_PERSON_MOST = 20, 5


@dataclass(frozen=True)
class Standing:
    """What the asker is to a decision; a surface shows only what they may do, core checks it all the same."""

    is_decider: bool
    is_metric_owner: bool
    is_admin: bool
    may_trade: bool


@dataclass(frozen=True)
class Duties:
    """What the asker, who decides it, has still to say before the close; and whether ballots are open or were closed.

    Those of a decision with one measure are neither; nor are anybody's who is not to vote or to reopen them.
    """

    is_to_declare: bool
    is_to_value: bool
    ballots: str | None


@dataclass(frozen=True)
class Row:
    """One decision in a list, with its metrics by their ids."""

    decision_id: int
    question: str
    state: str
    closes_at: int
    report: Report
    standing: Standing
    record_challenge_seconds: int
    deciders: tuple[str, ...]
    metrics: Mapping[int, MetricRow]
    duties: Duties


class Found(NamedTuple):
    """The first decisions that were found, and how many there are in all."""

    rows: tuple[Row, ...]
    number: int


@dataclass(frozen=True)
class PersonRow:
    """How somebody stands, for admins, and what was last done about that.

    Micro-credits, and times in whole seconds since 1970.
    """

    identity: str
    is_known: bool
    is_admin: bool
    left_at: int | None
    balance: int
    in_decisions: int
    acts: tuple[Act, ...]
    earmarked: int | None = None


def decisions_for(connection: Connection, by: str, now: datetime) -> list[Row]:
    """Every decision that is not settled, those that close first at the top."""
    ids = decisions.ids_in(connection, State.OPEN, State.CLOSED, *TAKEN)
    return [row(connection, by, each, now) for each in ids]


def ended_for(connection: Connection, by: str, now: datetime) -> list[Row]:
    """The last few decisions that are settled or withdrawn, the newest first."""
    ids = decisions.ids_in(connection, State.SETTLED, State.WITHDRAWN)
    return [row(connection, by, each, now) for each in ids[: -ENDED_MOST - 1 : -1]]


def search(connection: Connection, by: str, words: str, now: datetime) -> Found:
    """Decisions with all these words in their question, options or metrics; those under way first, then the newest."""
    sought = words.casefold().split()
    texts = defaultdict[tuple[bool, int], list[str]](list)
    for each, state, *parts in connection.execute(_texts()):
        texts[state in _ENDED, -each if state in _ENDED else each] += parts
    said = {key: "\n".join(parts).casefold() for key, parts in texts.items()}
    found = [abs(key[1]) for key in sorted(said) if all(word in said[key] for word in sought)]
    return Found(tuple(row(connection, by, each, now) for each in found[:FOUND_MOST]), len(found))


def row(connection: Connection, by: str, decision_id: int, now: datetime) -> Row:
    """Raises Unknown if there is no such decision."""
    decision = decisions.get(connection, decision_id)
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    found = metrics.get_all(connection, [market.metric_id for market in markets.values()])
    person = persons.find(connection, by)
    owners = {metric.owner for metric in found.values()}
    return Row(
        decision_id=decision.id,
        question=decision.terms.question,
        state=decision.state,
        closes_at=int(decision.terms.closes_at.timestamp()),
        report=reporting.report(connection, by, decision_id, now),
        standing=_standing(person, decision, owners),
        record_challenge_seconds=decision.terms.record_challenge_seconds,
        deciders=persons.identities(connection, decision.deciders),
        metrics=measured.rows(connection, person, found),
        duties=_duties(connection, decision, person, len({each.measure for each in markets.values()}), now),
    )


def admins(connection: Connection) -> list[str]:
    """Identities of the admins, for whoever needs one."""
    return persons.admins(connection)


def acts(connection: Connection, by: str) -> list[Act]:
    """What admins did lately, the newest first. Raises NotAllowed."""
    persons.require_admin(connection, by, "acts")
    return written.newest(connection, ACTS_MOST)


def person(connection: Connection, by: str, who: str) -> PersonRow:
    """How somebody stands, also somebody who has not done anything yet. Raises NotAllowed."""
    persons.require_admin(connection, by, "people")
    found = persons.find(connection, who)
    held = portfolio.portfolio(connection, who)
    return PersonRow(
        identity=who,
        is_known=found is not None,
        is_admin=found is not None and found.is_admin,
        left_at=int(found.left_at.timestamp()) if found and found.left_at else None,
        balance=held.balance,
        in_decisions=held.in_decisions,
        acts=tuple(written.on(connection, who, ACTS_ON_PERSON_MOST)),
        earmarked=held.earmarked,
    )


def is_admin(connection: Connection, by: str) -> bool:
    person = persons.find(connection, by)
    return person is not None and person.is_admin


def _texts() -> Any:
    """Each decision's id and state, and whatever people called it and its parts."""
    named = (decision.c.question, option.c.name, metric.c.name, metric.c.wording)
    return (
        select(decision.c.id, decision.c.state, *named)
        .join(option, option.c.decision_id == decision.c.id)
        .join(branch, branch.c.option_id == option.c.id)
        .join(market, market.c.branch_id == branch.c.id)
        .join(metric, metric.c.id == market.c.metric_id)
        .order_by(decision.c.id, option.c.number, market.c.id)
    )


def _standing(person: Person | None, decision: Decision, owners: set[int]) -> Standing:
    if person is None:
        return Standing(is_decider=False, is_metric_owner=False, is_admin=False, may_trade=True)
    decides, owns = person.id in decision.deciders, person.id in owners
    return Standing(decides, owns, person.is_admin, may_trade=not decides and not owns)


def _duties(
    connection: Connection, decision: Decision, person: Person | None, measures: int, now: datetime
) -> Duties:
    is_decider = person is not None and person.id in decision.deciders
    is_undecided = decision.state in {State.OPEN, State.CLOSED} and decision.record is None
    if person is None or not is_undecided or not (is_decider or person.is_admin):
        return Duties(is_to_declare=False, is_to_value=False, ballots=None)
    is_open = measures > 1 and valuing.is_open(connection, decision, now)
    return Duties(
        is_to_declare=is_decider and declaring.is_wanted(connection, decision, person.id, now),
        is_to_value=is_decider and is_open and valuing.is_wanted(connection, decision, person.id),
        ballots=(OPEN if is_open else SEALED) if measures > 1 else None,
    )
