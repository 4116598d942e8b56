"""Proposing: what the policy would add now to what a portfolio backs, and why; nothing is changed by it."""

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.decision import Decision
from core.decisions.decision import State as DecisionState
from core.exchange import backed, capital, dividing, promised, reserved
from core.exchange.dividing import Share
from core.exchange.proposal import Proposal, Row, Why
from core.exchange.reserved import Held
from core.exchange.weighing import Weighed, prices_of
from core.funding import assumptions, backings, lessons
from core.funding.lessons import Learned
from core.funding.portfolios import Portfolio
from core.ledger import accounts
from core.ledger.book import Book
from core.markets import liquidity, metrics, registry
from core.markets.market import Market
from core.markets.metrics import Metric
from core.units import MICRO

PARTS = ("prices", "liquidity", "budgets", "assumptions")  # Of a digest, in this order.
PRICE_STEP = 100  # Prices that differ by less than a percent make the same digest, or no busy market could be planned for.
CAPITAL_DIGITS = 2


@dataclass(frozen=True)
class Reserve:
    """What is held for the markets of a decision, or for a question, and what it takes with what still drips in."""

    rows: Sequence[Held]
    amount: int


@dataclass(frozen=True)
class Budgets:
    """Micro-credits: the reserve that there is for what can be planned for, and for all; what is lost by today's prices.

    And what may be lost on average beyond that. ``fixed`` is what of this no trade moves.
    """

    fixed: tuple[int, ...]
    free: int
    held: int
    reserve: int
    whole: int
    losing: int
    spend_left: int | None


@dataclass(frozen=True)
class Basis:
    """Everything that a plan rests on."""

    portfolio: Portfolio
    held: Sequence[Reserve]
    known: Mapping[int, Decision]
    markets: Mapping[int, Market]
    dripping: Mapping[int, int]
    metrics: Mapping[int, Metric]
    weighed: Mapping[int, Weighed]
    learned: Learned
    capital: int
    budgets: Budgets
    now: datetime


def propose(connection: Connection, portfolio: Portfolio, now: datetime, most: int | None = None) -> Proposal:
    """The plan of a portfolio; with ``most``, one that adds at most so much reserve."""
    basis = _basis(connection, portfolio, now)
    reserve = sum(each.reserved({}) for each in basis.weighed.values())
    budget = basis.budgets.reserve if most is None else min(basis.budgets.reserve, reserve + most)
    divided = dividing.divide(list(basis.weighed.values()), budget, basis.budgets.spend_left)
    shares = {each.weighed.decision.id: each for each in divided.shares}
    rows = tuple(_row(basis, each, shares) for each in basis.held)
    return Proposal(
        portfolio_id=portfolio.id,
        name=portfolio.name,
        at=int(now.timestamp()),
        digest=_digest(basis, sum(each.adds for each in rows)),
        rows=rows,
        reserved=basis.budgets.held,
        free=basis.budgets.free,
        budget=basis.budgets.whole,
        adds=sum(each.adds for each in rows),
        losing=basis.budgets.losing,
        spend_left=basis.budgets.spend_left,
        expects=divided.expects,
        beta=basis.learned.beta,
        attention=basis.learned.attention,
        capital=basis.capital,
        reserve_price=divided.reserve_price,
        spend_price=divided.spend_price,
    )


def differences(was: str, is_now: str) -> tuple[str, ...]:
    """Which parts of what a plan rests on are others now, by its digests; all of them, if the first one is no digest."""
    before, after = was.split("."), is_now.split(".")
    if len(before) != len(after):
        return PARTS
    return tuple(part for part, old, new in zip(PARTS, before, after, strict=False) if old != new)


def added(digest: str) -> int:
    """What a plan of this digest adds; 0 for what is no digest."""
    *_, amount = digest.split(".")
    return int(amount) if amount.isdecimal() and len(amount) < 20 else 0


def _basis(connection: Connection, portfolio: Portfolio, now: datetime) -> Basis:
    held = reserved.held(connection, [portfolio.id])
    found = [
        Reserve(rows, reserved.amount(rows) + more)
        for rows, more in promised.by_decision(connection, held, now)
    ]
    ids = [each.market_id for each in held]
    markets, dripping = registry.get_all(connection, ids), liquidity.remaining(connection, ids)
    known = decisions.get_all(connection, {each.decision_id or 0 for each in held})
    read = metrics.get_all(connection, {each.metric_id for each in markets.values()})
    learned, stated = lessons.newest(connection), assumptions.newest(connection, known)
    active = capital.active(connection, now)
    moving, of_long = _rounded(active.plain), _rounded(active.long)
    weighed = {
        decision_id: Weighed(
            decision=known[decision_id],
            markets=[markets[each.market_id] for each in rows],
            metrics=read,
            dripping=dripping,
            stated=stated.get(decision_id),
            known=learned,
            capital=max(of_long if markets[rows[0].market_id].is_long else moving, 1) / MICRO,
            now=now,
        )
        for decision_id, rows in _open(found, known, markets, now)
    }
    budgets = _budgets(connection, portfolio, found, weighed, now)
    return Basis(portfolio, found, known, markets, dripping, read, weighed, learned, moving, budgets, now)


def _open(
    found: Iterable[Reserve],
    known: Mapping[int, Decision],
    markets: Mapping[int, Market],
    now: datetime,
) -> Iterable[tuple[int, Sequence[Held]]]:
    """Decisions that trade, and all of their markets that can count; what is learned later can change none."""
    for rows in (each.rows for each in found):
        decision_id = rows[0].decision_id
        if decision_id is None or _stopped(
            known[decision_id], [markets[each.market_id] for each in rows], now
        ):
            continue
        yield decision_id, [each for each in rows if not known[decision_id].is_idle(each.branch_id)]


def _stopped(decision: Decision, markets: Collection[Market], now: datetime) -> Why | None:
    if decision.state != DecisionState.OPEN or now >= decision.terms.closes_at:
        return Why.CLOSED
    return Why.HALTED if any(each.halted_at for each in markets) else None


def _budgets(
    connection: Connection,
    portfolio: Portfolio,
    found: Sequence[Reserve],
    weighed: Mapping[int, Weighed],
    now: datetime,
) -> Budgets:
    """What still drips in counts as held: it was promised."""
    credit, every = accounts.CREDIT, [row for each in found for row in each.rows]
    pool = Book.load(connection, [portfolio.pool], [credit], lock=False).balance(portfolio.pool, credit)
    held, reserved_now = sum(each.amount for each in found), reserved.total(every)
    whole = pool + reserved_now
    free = whole - held
    if portfolio.reserve_budget is not None:
        whole = min(whole, portfolio.reserve_budget)
    others = sum(each.amount for each in found if each.rows[0].decision_id not in weighed)
    backs = backed.by_portfolio(connection, every).get(portfolio.id, [])
    begun, _ = portfolio.period(now)
    spent, left = backings.costs(connection, portfolio.id, begun), None
    if portfolio.spend_budget is not None:
        left = max(0, portfolio.spend_budget - backed.expected(spent, portfolio, backs, now))
    fixed = (pool, reserved_now, spent, int(begun.timestamp()))
    return Budgets(fixed, free, held, whole - others, whole, sum(each.losing for each in backs), left)


def _row(basis: Basis, of: Reserve, shares: Mapping[int, Share]) -> Row:
    decision_id, here = of.rows[0].decision_id, [basis.markets[each.market_id] for each in of.rows]
    if decision_id is None:
        question = basis.metrics[here[0].metric_id].definition.name
        return Row(None, here[0].id, here[0].name, question, Why.QUESTION, of.amount)
    decision = basis.known[decision_id]
    if decision_id in shares:
        return dividing.row(shares[decision_id], of.amount)
    why = _stopped(decision, here, basis.now) or Why.CLOSED
    return Row(decision_id, None, decision.name, decision.terms.question, why, of.amount)


def _digest(basis: Basis, adds: int) -> str:
    """A short hash of each part that the plan rests on, and what it adds."""
    portfolio, budgets = basis.portfolio, basis.budgets
    parts: list[object] = [
        [[each.id, [round(p * PRICE_STEP) for p in prices_of(each)]] for each in basis.markets.values()],
        [[each.id, each.liquidity, basis.dripping.get(each.id)] for each in basis.markets.values()],
        [portfolio.reserve_budget, portfolio.spend_budget, *budgets.fixed],
        [
            [
                [each, of.stake, of.gap_sd if of.stated else None, of.chance]
                for each, of in basis.weighed.items()
            ],
            [
                basis.learned.beta,
                basis.learned.attention,
                sorted({of.capital for of in basis.weighed.values()}),
                sorted(basis.known),
            ],
        ],
    ]
    hashes = [hashlib.sha256(orjson.dumps(each)).hexdigest()[:8] for each in parts]
    return ".".join([*hashes, str(adds)])


def _rounded(amount: int) -> int:
    """To its first two digits, so that not every trade makes another plan of it."""
    if amount <= 0:
        return 0
    step: int = 10 ** max(0, math.floor(math.log10(amount)) + 1 - CAPITAL_DIGITS)
    return amount // step * step
