"""Telling: what happened is written down for people in the same transaction, and claimed, told and marked later."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.announcements import lanes
from core.announcements.lanes import LEASE, Announcement
from core.decisions.decision import Decision
from core.markets import metrics, questions
from core.markets.market import Market, name_of
from core.markets.metrics import Metric
from core.people import persons

__all__ = [
    "LEASE",
    "Announcement",
    "backlog",
    "claim",
    "everywhere",
    "give_up",
    "postpone",
    "question",
    "receipt",
    "release",
    "renew_cards",
    "renew_questions",
    "subject",
    "told",
    "unreachable",
]


def everywhere(
    connection: Connection,
    decision: Decision,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    which: str = "",
) -> None:
    """Announces a fact about a decision in both of its channels, once, and renews its cards.

    ``which`` tells facts of one kind apart, where a decision can have several.
    """
    common = {"decision_id": decision.id, "question": decision.terms.question}
    for address in decision.addresses:
        key = f"{kind}{which}:{decision.name}:{address}"
        lanes.announce(connection, key, kind, decision.name, address, common | dict(facts), now)
    renew_cards(connection, decision, now)


def renew_cards(connection: Connection, decision: Decision, now: datetime) -> None:
    """The decision's card, wherever it stands, is to be told anew."""
    for address in decision.addresses:
        lanes.renew(connection, f"card:{decision.name}:{address}", "card", decision.name, address, now)


def question(
    connection: Connection,
    market: Market,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    which: str = "",
) -> None:
    """The same of a question that hangs on no decision, where it is told, if that is anywhere."""
    name = metrics.get(connection, market.metric_id).definition.name
    common = {"decision_id": None, "market_id": market.id, "question": name}
    for told_at in questions.told(connection, [market.id]):
        key = f"{kind}{which}:{market.name}"
        lanes.announce(connection, key, kind, market.name, told_at.address, common | dict(facts), now)
    renew_questions(connection, [market.id], now)


def renew_questions(connection: Connection, market_ids: Collection[int], now: datetime) -> None:
    """The cards of these questions are to be told anew, of those that are told anywhere."""
    for market_id, address in questions.told(connection, market_ids):
        name = name_of(market_id)
        lanes.renew(connection, f"card:{name}:{address}", "question", name, address, now)


def subject(market: Market, metric: Metric, decision: Decision | None) -> dict[str, Any]:
    """What a market is about, for one person."""
    return {
        "decision_id": decision.id if decision else None,
        "market_id": market.id,
        "question": decision.terms.question if decision else metric.definition.name,
        "metric": metric.definition.name,
    }


def claim(connection: Connection, but: Collection[str], now: datetime) -> list[Announcement]:
    """What is due in one lane other than those the caller is still telling; its alone until the lease ends."""
    return lanes.claim(connection, but, now)


def backlog(connection: Connection, now: datetime) -> int:
    """How many announcements are due and not told yet."""
    return lanes.backlog(connection, now)


def told(
    connection: Connection, claimed: Announcement, receipt: Mapping[str, Any], now: datetime
) -> datetime:
    """It stands there. Until when its lane is the caller's alone from now on."""
    return lanes.told(connection, claimed, receipt, now)


def receipt(connection: Connection, key: str) -> Mapping[str, Any] | None:
    """Where the announcement of this key stands, once it is told."""
    return lanes.receipt(connection, key)


def postpone(connection: Connection, claimed: Announcement, until: datetime, now: datetime) -> None:
    """It is tried again at that time, and its lane waits for it."""
    del now
    lanes.postpone(connection, claimed, until)


def give_up(connection: Connection, claimed: Announcement, now: datetime) -> datetime:
    """It can never be told; the lane goes on with the next, the caller's alone until the moment returned."""
    return lanes.give_up(connection, claimed, now)


def unreachable(connection: Connection, address: str, why: str, now: datetime) -> None:
    """Tells every admin, once a day, that nothing can be told at an address, and why."""
    for admin in persons.admins(connection):
        key = f"unreachable:{address}:{why}:{now.date()}:{admin}"
        facts = {"address": address, "why": why}
        lanes.announce(connection, key, "unreachable", "telling", admin, facts, now)


def release(connection: Connection, address: str, now: datetime) -> None:
    del now
    lanes.release(connection, address)
