"""Opening: a decision with a market for each option, or a question that hangs on no decision; funded whole at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.decisions import registry as decisions
from core.decisions.registry import Decision
from core.errors import Invalid, KeyReused
from core.exchange import telling
from core.funding import pool
from core.funding.pool import Backing
from core.ledger import accounts
from core.ledger.book import Book, Entry
from core.markets import metrics, registry
from core.markets.metrics import Definition
from core.markets.registry import Market
from core.people import persons
from core.pricing import lmsr, payout
from core.units import MICRO, MOST, positive, to_credits

__all__ = [
    "DecisionPlan",
    "Definition",
    "Opened",
    "OptionPlan",
    "QuestionPlan",
    "open_decision",
    "open_question",
]

LEAST_ORDER = 10_000
LEAST_LIQUIDITY = MICRO  # Below it the micro-units themselves would bend the opening prices.
WIDTH_CAP_OF_LIQUIDITY = (11, 10)
OPTIONS_MOST, DECIDERS_MOST = 5, 20
CHALLENGE_MOST_SECONDS = 30 * 86_400


@dataclass(frozen=True)
class OptionPlan:
    """An option, and the metric's expected value if it is taken, in micro-units: the stated base rate."""

    name: str
    base_rate: int


@dataclass(frozen=True)
class DecisionPlan:
    """Everything that is fixed at opening. People are identities; ``subsidy`` is the pool's greatest loss."""

    question: str
    options: tuple[OptionPlan, ...]
    deciders: tuple[str, ...]
    metric: Definition
    metric_owner: str
    closes_at: datetime
    decide_by: datetime
    freezes_at: datetime
    record_challenge_seconds: int
    reading_challenge_seconds: int
    subsidy: int
    public_address: str
    committee_address: str

    def check(self, now: datetime) -> None:
        """Raises Invalid, naming the field, for what cannot be opened."""
        check_question(self.question, [option.name for option in self.options], self.deciders)
        check_base_rates(self.metric, self.options)
        for field in ("record_challenge_seconds", "reading_challenge_seconds"):
            _challenge(field, getattr(self, field))
        final_by = self.decide_by + timedelta(seconds=self.record_challenge_seconds)
        check_dates(now, self.closes_at, self.decide_by, final_by, self.freezes_at)
        positive(self.subsidy, "subsidy")
        _text("public", self.public_address, 200)
        _text("committee", self.committee_address, 200)


def check_question(question: str, options: Sequence[str], deciders: Sequence[str]) -> None:
    """Raises Invalid for a question, options or deciders that no decision can have."""
    _text("question", question, 300)
    if not 2 <= len(options) <= OPTIONS_MOST:
        raise Invalid("options", "count", str(OPTIONS_MOST))
    for name in options:
        _text("options", name, 75)
    if len({name.strip().casefold() for name in options}) < len(options):
        raise Invalid("options", "distinct")
    if not deciders:
        raise Invalid("deciders", "empty")
    if len(deciders) > DECIDERS_MOST:
        raise Invalid("deciders", "too_many", str(DECIDERS_MOST))


def check_base_rates(metric: Definition, options: Sequence[OptionPlan]) -> None:
    """Raises Invalid, naming ``base_rate_1`` and so on, for one too near the ends of the range, or outside it."""
    for number, option in enumerate(options, 1):
        price = payout.price_of(option.base_rate, metric.low, metric.high)
        if not lmsr.OPENING_LEAST <= price <= 1 - lmsr.OPENING_LEAST:
            step = (metric.high - metric.low) // 1000 + 1
            least, most = to_credits(metric.low + step), to_credits(metric.high - step)
            raise Invalid(f"base_rate_{number}", "between", f"{least:f}", f"{most:f}")


def check_dates(
    now: datetime, closes_at: datetime, decide_by: datetime, final_by: datetime, freezes_at: datetime
) -> None:
    """Raises Invalid unless the dates lie ahead and follow one another."""
    if closes_at <= now:
        raise Invalid("closes_at", "future")
    if decide_by <= closes_at:
        raise Invalid("decide_by", "after_close")
    if freezes_at < final_by:
        raise Invalid("freezes_at", "after_decide_by")


@dataclass(frozen=True)
class QuestionPlan:
    """A question quoted in plain credit, opened at ``price`` with the liquidity stated in micro-credits."""

    metric: Definition
    metric_owner: str
    price: float
    liquidity: int
    closes_at: datetime
    reading_challenge_seconds: int
    outcomes: tuple[str, str] = ("YES", "NO")
    least_order: int = LEAST_ORDER
    width_cap: int | None = None

    def check(self, now: datetime) -> None:
        """Raises Invalid, naming the field, for what cannot be opened."""
        if self.closes_at <= now:
            raise Invalid("closes_at", "future")
        _challenge("reading_challenge_seconds", self.reading_challenge_seconds)
        if not LEAST_LIQUIDITY <= self.liquidity <= MOST:
            raise Invalid("liquidity", "between", str(LEAST_LIQUIDITY), str(MOST))
        if self.least_order < 0 or (self.width_cap is not None and self.width_cap <= 0):
            raise Invalid("least_order" if self.least_order < 0 else "width_cap", "positive")
        for label in self.outcomes:
            _text("outcomes", label, 32)


@dataclass(frozen=True)
class Opened:
    """Ids of what was opened, and what the pool set aside for it, micro-credits."""

    decision_id: int | None
    name: str
    market_ids: tuple[int, ...]
    reserve: int


def open_decision(
    connection: Connection, by: str, plan: DecisionPlan, now: datetime, key: str | None = None
) -> Opened:
    """Opens the decision and its markets, funds them from the pool and announces the card.

    All markets have the same liquidity, the most that the subsidy backs in the dearest of them. A key that was used
    before gives the decision that it opened.
    Raises NotAllowed, Invalid, InsufficientFunds.
    """
    admin = persons.require_admin(connection, by, "open")
    if key and (before := decisions.find(connection, key)):
        if before.terms != _terms(plan):
            raise KeyReused(key)
        return _opened(connection, before)
    plan.check(now)
    people = persons.enrol_all(connection, [*plan.deciders, plan.metric_owner], now)
    terms = _terms(plan)
    deciders = {people[identity].id for identity in plan.deciders}
    names = [option.name.strip() for option in plan.options]
    decision = decisions.create(connection, terms, names, deciders, admin.id, key, now)
    owner, challenge = people[plan.metric_owner].id, plan.reading_challenge_seconds
    metric = metrics.create(connection, plan.metric, owner, challenge)
    markets = _open_markets(connection, decision, metric.id, plan, now)
    _fund(connection, decision, markets, admin.id, now)
    telling.renew_cards(connection, decision, now)
    return _opened(connection, decision)


def open_question(connection: Connection, by: str, plan: QuestionPlan, now: datetime) -> Opened:
    """Opens a market in plain credit. Raises NotAllowed, Invalid, InsufficientFunds."""
    admin = persons.require_admin(connection, by, "open")
    plan.check(now)
    owner = persons.enrol(connection, plan.metric_owner, now)
    metric = metrics.create(connection, plan.metric, owner.id, plan.reading_challenge_seconds)
    credit = accounts.credit(connection)
    terms = registry.Terms(
        plan.liquidity, plan.price, plan.outcomes, plan.closes_at, plan.least_order, plan.width_cap
    )
    market = registry.create(connection, metric.id, None, credit, terms, now)
    source = pool.open_pool(connection)
    book = Book.load(connection, [source, market.maker], [credit])
    moves = pool.fund_question(source, Backing(market.maker, credit, market.reserve))
    book.post(Entry("fund", f"fund:{market.name}", now, tuple(moves), admin.id))
    book.save(connection)
    return Opened(None, market.name, (market.id,), market.reserve)


def _terms(plan: DecisionPlan) -> decisions.Terms:
    return decisions.Terms(**{name: getattr(plan, name) for name in decisions.Terms.__dataclass_fields__})


def _opened(connection: Connection, decision: Decision) -> Opened:
    markets = registry.in_branches(connection, [branch.id for branch in decision.branches])
    reserve = max(market.reserve for market in markets.values())
    return Opened(decision.id, decision.name, tuple(markets), reserve)


def _open_markets(
    connection: Connection, decision: Decision, metric_id: int, plan: DecisionPlan, now: datetime
) -> list[Market]:
    low, high = plan.metric.low, plan.metric.high
    prices = [payout.price_of(option.base_rate, low, high) for option in plan.options]
    liquidity = min(lmsr.liquidity_for(plan.subsidy, [p, 1 - p]) for p in prices)
    if liquidity < LEAST_LIQUIDITY:
        needed = max(max(lmsr.weights(LEAST_LIQUIDITY, [p, 1 - p])) for p in prices)
        raise Invalid("subsidy", "least_subsidy", str(needed))
    times, over = WIDTH_CAP_OF_LIQUIDITY
    markets = []
    for option, price in zip(decision.options, prices, strict=True):
        branch = next(each for each in decision.branches if each.option_id == option.id)
        cap = liquidity * times // over
        terms = registry.Terms(liquidity, price, ("LONG", "SHORT"), plan.closes_at, LEAST_ORDER, cap)
        markets.append(registry.create(connection, metric_id, branch.id, branch.unit, terms, now))
    return markets


def _fund(
    connection: Connection, decision: Decision, markets: Sequence[Market], by: int, now: datetime
) -> None:
    source, credit = pool.open_pool(connection), accounts.credit(connection)
    units = [branch.unit for branch in decision.branches]
    backings = [Backing(market.maker, market.unit, market.reserve) for market in markets]
    book = Book.load(connection, [source, decision.escrow, *(b.maker for b in backings)], [credit, *units])
    moves = pool.fund_decision(source, decision.escrow, credit, units, backings)
    book.post(Entry("fund", f"fund:{decision.name}", now, tuple(moves), by))
    book.save(connection)


def _challenge(field: str, seconds: int) -> None:
    if not 0 <= seconds <= CHALLENGE_MOST_SECONDS:
        raise Invalid(field, "challenge")


def _text(field: str, text: str, most: int) -> None:
    if not text.strip():
        raise Invalid(field, "empty")
    if len(text) > most:
        raise Invalid(field, "too_long", text[:20], str(most))
