"""Notifying: what concerns one person alone. What asks them to act is told at once; the rest by topic, if they want it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from core.announcements import digests, lanes
from core.decisions import registry as decisions
from core.decisions.decision import Decision, State
from core.errors import Invalid
from core.exchange import declaring
from core.ledger.holders import SLICE, holders
from core.markets import metrics, questions, registry, resting
from core.markets.market import Market
from core.markets.market import State as MarketState
from core.markets.questions import Warned
from core.people import mutes, persons
from core.people.persons import Person

SOON = timedelta(hours=24)

# Each topic that can be switched off, and the kinds of announcements that belong to it.
TOPICS: Mapping[str, tuple[str, ...]] = {
    "settled": ("paid",),
    "orders": ("filled", "order_ended"),
    "returned": ("returned",),
    "closing": ("closing",),
    "moves": ("moved",),
    "credits": ("granted", "allowance"),
}
_TOPIC_OF = {kind: topic for topic, kinds in TOPICS.items() for kind in kinds}


def topic_of(kind: str) -> str | None:
    """The topic of a kind of announcement; None for what cannot be switched off."""
    return _TOPIC_OF.get(kind)


def tell(
    connection: Connection,
    key: str,
    kind: str,
    about: str,
    identity: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Tells somebody of it with their next digest, once for each key; not at all if they want nothing of its topic."""
    if _TOPIC_OF[kind] not in mutes.of(connection, identity) and not lanes.is_announced(connection, key):
        due_at = digests.next_due(connection, identity, now)
        lanes.announce(connection, key, kind, about, identity, facts, due_at)


def wishes(connection: Connection, by: str) -> dict[str, bool]:
    """For each topic whether the asker is told of it."""
    off = mutes.of(connection, by)
    return {topic: topic not in off for topic in TOPICS}


def wish(connection: Connection, by: str, topics: Mapping[str, bool], now: datetime) -> None:
    """Switches topics on and off for the asker. Raises Invalid for a topic that there is not."""
    for topic in topics:
        if topic not in TOPICS:
            raise Invalid("topic", "unknown", topic)
    person = persons.enrol(connection, by, now)
    for topic, is_on in topics.items():
        mutes.switch(connection, person.id, topic, is_on=is_on)


def warn(connection: Connection, decision_id: int, now: datetime) -> None:
    """Tells the next slice of those who hold shares or limit orders in a decision that it closes soon.

    Before the first slice its deciders are asked what they expect.
    """
    decision = decisions.lock(connection, decision_id)
    if decision.state != State.OPEN or decision.warned_at or not is_soon(decision, now):
        return
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    if decision.warned_to is None and not is_soon(decision, decision.opened_at):  # They were asked then.
        is_weighed = len({market.measure for market in markets.values()}) > 1
        declaring.ask(connection, decision, declaring.CLOSING, now, is_weighed=is_weighed)
    people, last = _next(connection, list(markets.values()), decision.warned_to or 0)
    said = {"decision_id": decision.id, "question": decision.terms.question}
    _tell_closing(connection, decision.name, said, decision.terms.closes_at, people, now)
    decisions.set_warned(connection, decision_id, last, now if last is None else None)


def warn_of_question(connection: Connection, market_id: int, now: datetime) -> None:
    """The same of a question that hangs on no decision."""
    market = registry.lock_all(connection, [market_id])[market_id]
    warned, closes_at = questions.warned(connection, market_id), market.closes_at
    if market.state != MarketState.OPEN or warned.at or not now < closes_at <= now + SOON:
        return
    people, last = _next(connection, [market], warned.to or 0)
    name = metrics.get(connection, market.metric_id).definition.name
    said = {"decision_id": None, "market_id": market_id, "question": name}
    _tell_closing(connection, market.name, said, closes_at, people, now)
    questions.set_warned(connection, market_id, Warned(now if last is None else None, last))


def _next(connection: Connection, markets: Sequence[Market], after: int) -> tuple[list[Person], int | None]:
    """The next slice of those who hold shares or limit orders there, and the last of them; None if these were all.

    In the order of their ids, in which everybody locks what is to be told to several.
    """
    units = [unit for market in markets for unit in market.units]
    found = holders(connection, units, after, but=[market.maker for market in markets])
    last = found[-1] if len(found) == SLICE else None
    waiting = resting.in_markets(connection, [market.id for market in markets]) if last is None else []
    owners = persons.by_ids(connection, (order.person for order in waiting)).values()
    people = {person.id: person for person in (*persons.by_wallets(connection, found).values(), *owners)}
    return [people[each] for each in sorted(people)], last


def is_soon(decision: Decision, now: datetime) -> bool:
    return now < decision.terms.closes_at <= now + SOON


def _tell_closing(
    connection: Connection,
    name: str,
    said: Mapping[str, Any],
    closes_at: datetime,
    people: Iterable[Person],
    now: datetime,
) -> None:
    facts = {**said, "closes_at": int(closes_at.timestamp())}
    for person in people:
        key = f"closing:{name}:{closes_at.isoformat()}:{person.id}"
        tell(connection, key, "closing", name, person.identity, facts, now)
