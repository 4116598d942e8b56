"""Opening: a decision with its markets, an option that comes later, or a question that hangs on no decision.

What is opened is funded whole at once, by a portfolio.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product

from sqlalchemy import Connection

from core import texts
from core.database import milliseconds, moment
from core.decisions import lotteries, schedules
from core.decisions import registry as decisions
from core.decisions.branches import CHOSEN, DRAWN
from core.decisions.decision import Decision
from core.decisions.decision import Terms as DecisionTerms
from core.errors import Invalid, KeyReused
from core.exchange import assuming, declaring, reserving, statements, telling
from core.exchange.lottery_plan import LotteryPlan
from core.exchange.plans import (
    LEAST_LIQUIDITY,
    LEAST_ORDER,
    BaseRate,
    DecisionPlan,
    MeasurePlan,
    MetricPlan,
    QuestionPlan,
    check_measures,
    check_question,
    question,
    width_cap,
    yes_no,
)
from core.funding import backings, portfolios
from core.ledger import accounts
from core.ledger.book import Book
from core.ledger.entries import Entry, posting
from core.markets import horizons, metrics, questions, registry, ticks
from core.markets.market import Market
from core.markets.metrics import Definition
from core.markets.outcomes import Slot
from core.people import persons
from core.people.persons import Person
from core.pricing import lmsr
from core.pricing.lottery import scaled, scaled_up

__all__ = [
    "BaseRate",
    "DecisionPlan",
    "Definition",
    "LotteryPlan",
    "MeasurePlan",
    "MetricPlan",
    "Opened",
    "QuestionPlan",
    "Slot",
    "check_measures",
    "check_question",
    "open_decision",
    "open_question",
    "question",
    "yes_no",
]

KEY_MOST = 200
VOID_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Opened:
    """Ids of what was opened, and what its portfolio set aside for it, micro-credits."""

    decision_id: int | None
    name: str
    market_ids: tuple[int, ...]
    metric_ids: tuple[int, ...]
    reserve: int


def open_decision(
    connection: Connection, by: str, plan: DecisionPlan, now: datetime, key: str | None = None
) -> Opened:
    """Opens the decision and its markets, funds them from its portfolio and announces the card.

    All markets have the same liquidity, the most that the subsidy backs in the dearest branch; where a lottery may
    decide, that of an option's markets is divided by its chance. A key that was used before gives what it opened.
    Raises NotAllowed, Invalid, Unknown, NotOpen, OverBudget, OverSpent, InsufficientFunds, KeyReused.
    """
    admin = _require_opener(connection, by, plan.portfolio)
    if key:
        texts.check("key", key, KEY_MOST)
    if key and (before := decisions.find(connection, key)):
        if before.terms != _terms(plan):
            raise KeyReused(key)
        return _opened(connection, before)
    plan.check(now)
    liquidity = _liquidity(plan)
    people = persons.enrol_all(connection, [*plan.deciders, *plan.owners()], now)
    deciders, names = {people[each].id for each in plan.deciders}, [name.strip() for name in plan.options]
    drawn_by = plan.lottery.chances if plan.lottery else None
    decision = decisions.create(connection, _terms(plan), names, deciders, admin.id, key, now, drawn_by)
    schedules.create(connection, decision.id, plan.reports, now)
    backings.back_decision(connection, plan.portfolio, decision.id)
    markets = _open_markets(connection, decision, plan, people, liquidity, admin.id, now)
    fund(connection, decision, markets, f"fund:{decision.name}", admin.id, now)
    assuming.keep_opened(connection, decision, plan.measures[0], admin, now)
    telling.renew_cards(connection, decision, now)
    if plan.lottery:
        _commit(connection, decision, plan.lottery, now)
    declaring.ask(connection, decision, declaring.OPENED, now, is_weighed=len(plan.measures) > 1)
    return _opened(connection, decision)


def _require_opener(connection: Connection, by: str, portfolio_id: int) -> Person:
    """Admins open things, and pay for them from a portfolio that they may spend. Raises NotAllowed, Unknown."""
    admin = persons.require_admin(connection, by, "open")
    reserving.require_spender(connection, by, portfolios.get(connection, portfolio_id), "open")
    return admin


def _commit(connection: Connection, decision: Decision, plan: LotteryPlan, now: datetime) -> None:
    """Keeps the seed, and publishes what binds it before anybody trades."""
    lotteries.create(connection, decision.id, plan.beacon, plan.seed)
    closes_at = int(decision.terms.closes_at.timestamp())
    facts = statements.public(connection, decision) | {"closes_at": closes_at}
    telling.everywhere(connection, decision, "lottery_opened", facts, now)


def open_question(
    connection: Connection, by: str, plan: QuestionPlan, now: datetime, key: str | None = None
) -> Opened:
    """Opens a market in plain credit and announces its card. A key that was used before gives what it opened.

    Raises NotAllowed, Invalid, Unknown, NotOpen, OverBudget, OverSpent, InsufficientFunds, KeyReused.
    """
    admin = _require_opener(connection, by, plan.portfolio)
    if key:
        texts.check("key", key, KEY_MOST)
        if plan.public_address is None:  # It is kept with the address.
            raise Invalid("public_address", "empty")
    if key and (before := questions.find(connection, key)):
        return _asked(connection, before, plan, key)
    plan.check(now)
    owner = persons.enrol(connection, plan.metric_owner, now)
    metric = metrics.create(connection, plan.metric, owner.id, plan.reading_challenge_seconds, admin.id, now)
    terms = replace(_question_terms(plan), is_long=horizons.is_long(connection, now, plan.closes_at))
    market = registry.create(connection, metric.id, None, accounts.CREDIT, terms, now)
    backings.back_question(connection, plan.portfolio, market.id)
    _fund_question(connection, market, admin.id, now)
    if plan.public_address is not None:
        questions.create(connection, market.id, key, plan.public_address)
        telling.renew_questions(connection, [market.id], now)
    return Opened(None, market.name, (market.id,), (metric.id,), market.reserve)


def _asked(connection: Connection, market_id: int, plan: QuestionPlan, key: str) -> Opened:
    """What the key opened. Raises KeyReused if that was another question."""
    market = registry.get(connection, market_id)
    metric = metrics.get(connection, market.metric_id)
    owner = persons.find(connection, plan.metric_owner)
    ((_, address),) = questions.told(connection, [market_id])
    first, closed_at = ticks.tranches(connection, market_id)[0], moment(milliseconds(plan.closes_at))
    opened = (metric.definition, metric.owner, address, first.liquidity, market.void_until)
    if opened != (plan.metric, owner.id if owner else 0, plan.public_address, plan.liquidity, closed_at):
        raise KeyReused(key)
    return Opened(None, market.name, (market.id,), (metric.id,), market.reserve)


def _question_terms(plan: QuestionPlan) -> registry.Terms:
    return registry.Terms(
        outcomes=plan.outcomes,
        liquidity=plan.liquidity,
        closes_at=plan.closes_at,
        void_from=plan.closes_at - VOID_WINDOW,
        void_until=plan.closes_at,
        least_order=plan.least_order,
        width_cap=plan.width_cap,
    )


def _fund_question(connection: Connection, market: Market, by: int, now: datetime) -> None:
    source, credit = backings.of_question(connection, market.id), accounts.CREDIT
    book = Book.load(connection, [source.pool, market.maker], [credit])
    moves = posting(source.pool, market.maker, market.reserve, credit)
    entry = Entry("fund", f"fund:{market.name}", now, tuple(moves), by)
    reserving.reserve(connection, source.id, book, entry, [market.id])
    book.save(connection)


def _terms(plan: DecisionPlan) -> DecisionTerms:
    """As they are kept, so that a key asked again compares equal: times in whole milliseconds."""
    fixed = {name: getattr(plan, name) for name in DecisionTerms.__dataclass_fields__}
    dates = {name: moment(milliseconds(at)) for name, at in fixed.items() if isinstance(at, datetime)}
    return DecisionTerms(**fixed | dates)


def _opened(connection: Connection, decision: Decision) -> Opened:
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    return opened_with(decision, markets.values())


def opened_with(decision: Decision, markets: Collection[Market]) -> Opened:
    """What was opened of a decision."""
    read = tuple(sorted({market.metric_id for market in markets}))
    ids = tuple(market.id for market in markets)
    return Opened(decision.id, decision.name, ids, read, _dearest(markets))


def _dearest(markets: Iterable[Market]) -> int:
    """The largest sum of reserves in one branch: only one comes true, so one deposit of it backs them all."""
    sums = Counter[int | None]()
    for market in markets:
        sums[market.branch_id] += market.reserve
    return max(sums.values())


def _liquidity(plan: DecisionPlan) -> list[int]:
    """The most that the subsidy backs, for the markets of each option. Raises Invalid if that is too little."""
    branches = [
        [
            [slot.price for slot in measure.slots(option, number)]
            for number, measure in enumerate(plan.measures)
        ]
        for option in range(len(plan.options))
    ]
    chances = plan.lottery.chances.chances if plan.lottery else [Fraction(1)] * len(branches)
    liquidity = scaled([lmsr.liquidity_for(plan.subsidy, *markets) for markets in branches], chances)
    if min(liquidity) < LEAST_LIQUIDITY:
        least = scaled_up(LEAST_LIQUIDITY, chances)
        needed = max(lmsr.reserve(each, *markets) for each, markets in zip(least, branches, strict=True))
        raise Invalid("subsidy", "least_subsidy", str(needed))
    return liquidity


def _open_markets(
    connection: Connection,
    decision: Decision,
    plan: DecisionPlan,
    people: Mapping[str, Person],
    liquidity: Sequence[int],
    by: int,
    now: datetime,
) -> list[Market]:
    """Measure by measure, and where a lottery may decide its twins after all that people may choose."""
    kinds = [CHOSEN, DRAWN] if plan.lottery else [CHOSEN]
    is_long = horizons.is_long(connection, now, decision.terms.freezes_at)
    markets, seconds = [], plan.reading_challenge_seconds
    for number, measure in enumerate(plan.measures):
        made = [
            metrics.create(connection, each.definition, people[each.owner].id, seconds, by, now)
            for each in measure.metrics
        ]
        for kind, (index, option) in product(kinds, enumerate(decision.options)):
            metric = made[index if len(made) > 1 else 0]
            slots, branch = measure.slots(index, number), decision.branch_of(option.id, kind)
            terms = market_terms(decision, slots, liquidity[index], number + 1, is_long=is_long)
            markets.append(registry.create(connection, metric.id, branch.id, branch.unit, terms, now))
    return markets


def market_terms(
    decision: Decision, slots: Sequence[Slot], liquidity: int, measure: int, *, is_long: bool
) -> registry.Terms:
    """The terms of a decision's market; if its metric is never measured, the day before the close settles it."""
    return registry.Terms(
        outcomes=tuple(slots),
        liquidity=liquidity,
        closes_at=decision.terms.closes_at,
        void_from=decision.terms.closes_at - VOID_WINDOW,
        void_until=decision.terms.closes_at,
        least_order=LEAST_ORDER,
        width_cap=width_cap(liquidity),
        measure=measure,
        is_long=is_long,
    )


def fund(
    connection: Connection, decision: Decision, markets: Collection[Market], key: str, by: int, now: datetime
) -> None:
    """Its portfolio gives each maker its reserve in its branch; a split covers the largest sum in one branch, no more.

    Raises NotOpen while the portfolio is paused, OverBudget, OverSpent, InsufficientFunds.
    """
    portfolio, credit = backings.of_decision(connection, decision.id), accounts.CREDIT
    source = portfolio.pool
    units = [credit, *(branch.unit for branch in decision.branches)]
    book = Book.load(connection, [source, decision.escrow, *(m.maker for m in markets)], units)
    moves = [each for m in markets for each in posting(source, m.maker, m.reserve, m.unit)]
    collateral = decision.collateral(credit)
    moves = collateral.normal_form(book, source, moves)
    new = [market.id for market in markets]
    reserving.reserve(connection, portfolio.id, book, Entry("fund", key, now, tuple(moves), by), new)
    collateral.prove(book, source)
    book.save(connection)
