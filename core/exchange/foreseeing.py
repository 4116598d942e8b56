"""Foreseeing: what would follow from an act that nobody can undo, in people and credits. Nothing is changed."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, union_all

from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN, NONE
from core.decisions.decision import Decision
from core.errors import Invalid
from core.ledger.tables import balance
from core.markets import metrics, registry, ticks
from core.markets.market import Market
from core.markets.tables import limit_order
from core.people import persons
from core.people.tables import earmark, person
from core.pricing import payout


@dataclass(frozen=True)
class IfChosen:
    """So many people have so many micro-credits back once the record is final; so many hold shares that trade on."""

    people: int
    credits: int
    holders: int


@dataclass(frozen=True)
class IfWithdrawn:
    """So many people have so many micro-credits back, all that was put into it."""

    people: int
    credits: int


@dataclass(frozen=True)
class IfVoid:
    """So many people hold shares, which are paid so many micro-credits together, not before a time."""

    holders: int
    credits: int
    paid_at: datetime


def if_chosen(connection: Connection, by: str, decision_id: int, option_number: int) -> IfChosen:
    """What recording this option would do. Raises Unknown, NotAllowed, Invalid."""
    decision = _decision(connection, by, decision_id, "record")
    chosen = {option.id for option in decision.options if option.number == option_number}
    live = [branch for branch in decision.live if branch.option_id in chosen and branch.kind == CHOSEN]
    if not live:
        raise Invalid("option", "unknown", str(option_number))
    markets = registry.in_branches(connection, [branch.id for branch in live]).values()
    back = _held(connection, [branch.unit for branch in live])
    return IfChosen(len(_people(back)), back.total(), len(_people(_shares(connection, markets))))


def if_withdrawn(connection: Connection, by: str, decision_id: int) -> IfWithdrawn:
    """What withdrawing it would do. Raises Unknown, NotAllowed."""
    decision = _decision(connection, by, decision_id, "withdraw")
    put = _held(connection, [branch.unit for branch in decision.live if branch.kind == NONE])
    return IfWithdrawn(len(_people(put)), put.total())


def if_void(connection: Connection, by: str, metric_id: int, now: datetime) -> IfVoid:
    """What it would do to file that this was never measured. Raises Unknown, NotAllowed, NotOpen."""
    metric, asker = metrics.get(connection, metric_id), persons.find(connection, by)
    if asker is None or not asker.is_admin:
        metric.require_owner(asker.id if asker else 0, "void")
    markets = list(registry.on_metric(connection, metric_id).values())
    decision = decisions.of_branch(connection, markets[0].branch_id)
    live = {branch.id for branch in decision.live} if decision else {None}
    paying = [market for market in markets if market.branch_id in live]
    for market in paying:
        market.require_void_window(now)
    shares = _shares(connection, paying)
    challenged_until = now + timedelta(seconds=metric.challenge_seconds)
    paid_at = max([challenged_until, *(market.void_until for market in paying)])
    return IfVoid(len(_people(shares)), sum(_void(connection, each, shares) for each in paying), paid_at)


def _decision(connection: Connection, by: str, decision_id: int, act: str) -> Decision:
    decision, asker = decisions.get(connection, decision_id), persons.find(connection, by)
    decision.require_decider(asker.id if asker else None, act)
    return decision


def _void(connection: Connection, market: Market, shares: Counter[tuple[int, int]]) -> int:
    """What the shares of a market would be paid by the average prices of its window, as far as that has passed."""
    sums = [sum(held for (_, unit), held in shares.items() if unit == each) for each in market.units]
    return payout.pays(sums, ticks.void_vector(connection, market))


def _shares(connection: Connection, markets: Iterable[Market]) -> Counter[tuple[int, int]]:
    return _held(connection, [unit for market in markets for unit in market.units])


def _people(held: Counter[tuple[int, int]]) -> set[int]:
    return {owner for owner, _ in held}


def _held(connection: Connection, units: Collection[int]) -> Counter[tuple[int, int]]:
    """What each person has of each unit, in their wallets and in their limit orders."""
    owned = union_all(
        select(person.c.wallet_id.label("account_id"), person.c.id.label("person_id")),
        select(earmark.c.account_id, earmark.c.person_id),
        select(limit_order.c.account_id, limit_order.c.person_id),
    ).subquery()
    amount = func.sum(balance.c.amount)
    wanted = (
        select(owned.c.person_id, balance.c.unit_id, amount)
        .join(owned, owned.c.account_id == balance.c.account_id)
        .where(balance.c.unit_id.in_(units), balance.c.amount != 0)
        .group_by(owned.c.person_id, balance.c.unit_id)
    )
    return Counter({(owner, unit): int(held) for owner, unit, held in connection.execute(wanted)})
