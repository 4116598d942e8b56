"""A running exchange for tests: the real engine and writer, and a clock that stands until it is moved."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from core.database import reading
from core.errors import Busy
from core.exchange import (
    agenda,
    deciding,
    granting,
    opening,
    resolving,
    scheduling,
    spending_sent,
    trading,
    watching,
)
from core.exchange.audit import Proof, audit
from core.exchange.lottery_plan import Beacon, LotteryPlan
from core.exchange.opening import BaseRate, DecisionPlan, MeasurePlan, MetricPlan, Opened, QuestionPlan
from core.exchange.trading import Act, Fill, Order
from core.ledger.tables import account, balance, entry, unit
from core.markets import resting
from core.markets.metrics import Definition
from core.markets.resting import Resting
from core.markets.tables import outcome, trade
from core.units import MICRO
from core.writer import Writer

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADMIN, DECIDER, OWNER = "root", "dee", "own"
ACTS_MOST = 200
BUSY_MOST = 10
LOOKS = {watching.look, scheduling.look_at_spread, spending_sent.keep_day, spending_sent.send}


SCORE = Definition("Score", "points", 0, 100 * MICRO, "The score a month later.")


def measure(*base_rates: int, metric: Definition = SCORE, **changes: Any) -> MeasurePlan:
    """One metric for all options, with a base rate for each in the metric's whole units."""
    rates = tuple(BaseRate(each * MICRO, 10 * MICRO) for each in base_rates)
    return MeasurePlan((MetricPlan(metric, OWNER, **changes),), rates)


def plan(**changes: Any) -> DecisionPlan:
    """A decision that can be opened: two options, a week of trading, two days to decide, a month to the reading."""
    usual = DecisionPlan(
        question="Release?",
        options=("Release", "Hold"),
        deciders=(DECIDER,),
        measures=(measure(50, 40),),
        closes_at=START + 7 * DAY,
        decide_by=START + 9 * DAY,
        freezes_at=START + 30 * DAY,
        record_challenge_seconds=86_400,
        reading_challenge_seconds=86_400,
        subsidy=200 * MICRO,
        public_address="public",
        committee_address="committee",
    )
    return replace(usual, **changes)


def lottery(probability: float, *weights: int, seed: bytes = b"s" * 32, **changes: str) -> LotteryPlan:
    """A lottery that decides with this probability; its beacon's value is pasted, unless a URL is given."""
    beacon = Beacon("The city's lottery", "the draw of 8 January", **changes)
    return LotteryPlan(round(probability * MICRO), weights, beacon, seed)


def question(**changes: Any) -> QuestionPlan:
    """A yes-or-no question that hangs on no decision."""
    usual = QuestionPlan(
        metric=Definition("Shipped", "yes", 0, MICRO, "1 if it was shipped in time."),
        metric_owner=OWNER,
        outcomes=opening.yes_no(0.5),
        liquidity=100 * MICRO,
        closes_at=START + 7 * DAY,
        reading_challenge_seconds=86_400,
    )
    return replace(usual, **changes)


class Exchange:
    """Runs use cases as the program would: writes through the writer, reads in one state of the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self.writer = Writer(engine, lambda: self.now, batched={trading.execute})
        self.keys_used = 0
        self.do(granting.appoint_first_admins, [ADMIN])

    def do(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        """As often as it takes: where another process writes, or the machine stands still, nothing was done."""
        for _ in range(BUSY_MOST):
            with suppress(Busy):
                return self.writer.submit(use_case, *args, **inputs).result(timeout=60)
        raise AssertionError("it is always busy")

    def read(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        with reading(self.engine) as connection:
            return use_case(connection, *args, **inputs)

    def fetch(self, statement: Any) -> list[Any]:
        """The rows of any SELECT, as the database holds them now."""
        return list(self.read(lambda connection: connection.execute(statement).all()))

    def held(self, account_name: str, unit_name: str) -> int:
        """What the account of this name holds of the unit of that name, micro-units."""
        wanted = (
            select(balance.c.amount)
            .join(account, account.c.id == balance.c.account_id)
            .join(unit, unit.c.id == balance.c.unit_id)
            .where(account.c.name == account_name, unit.c.name == unit_name)
        )
        return sum(row.amount for row in self.fetch(wanted))

    def shares(self, person: str, market_id: int) -> list[int]:
        """What a person's wallet holds of each outcome."""
        names = select(unit.c.name).join(outcome, outcome.c.unit_id == unit.c.id)
        of_market = names.where(outcome.c.market_id == market_id).order_by(outcome.c.number)
        return [self.held(f"person:{person}", row.name) for row in self.fetch(of_market)]

    def account(self, name: str) -> int:
        return self.fetch(select(account.c.id).where(account.c.name == name))[0].id

    def unit(self, name: str) -> int:
        return self.fetch(select(unit.c.id).where(unit.c.name == name))[0].id

    def advance(self, span: timedelta) -> None:
        self.now += span

    def due(self) -> list[tuple[Any, int]]:
        """Acts, and what each is about; but those of looks, as below."""
        found = self.read(agenda.due, self.now)
        return [(each.act, each.about) for each in found if each.act not in LOOKS]

    def run_due(self) -> list[str]:
        """Runs what is due until nothing is; then the books are proved.

        Returns the acts' names, but those of looks, at spreads and at what portfolios have: they are due now and then.
        """
        done: list[Any] = []
        while found := self.read(agenda.due, self.now):
            for each in found:
                self.do(each.act, each.about)
                done.append(each.act)
            assert len(done) < ACTS_MOST, f"the agenda never empties: {done[-5:]}"
        assert self.audit() == []
        return [act.__name__ for act in done if act not in LOOKS]

    def settle_by_reading(self, value: int) -> None:
        """The first decision, taken to its end: its first option chosen, and read at this value."""
        self.now = START + 7 * DAY
        self.do(deciding.record, DECIDER, 1, 1, "Because.")
        self.advance(2 * DAY)
        self.run_due()
        self.do(resolving.file, OWNER, 1, value, "the dashboard")
        self.advance(2 * DAY)
        self.run_due()

    def audit(self) -> list[Proof]:
        """The proofs that fail."""
        return [proof for proof in self.read(audit) if not proof.holds]

    def digest(self) -> str:
        """A fingerprint of every balance and limit order, and of how many entries and trades there are."""
        held = self.fetch(select(balance).order_by(balance.c.account_id, balance.c.unit_id))
        orders = self.orders()
        counts = [self.fetch(select(func.count()).select_from(table))[0][0] for table in (entry, trade)]
        return hashlib.sha256(repr(([tuple(row) for row in held], orders, counts)).encode()).hexdigest()

    def orders(self, market_id: int | None = None) -> list[Resting]:
        """All limit orders there ever were, oldest first."""
        return self.read(resting.all_orders, market_id)

    def grant(self, to: str, credits_given: int) -> int:
        """Whole credits to a person or the pool; what they then hold free, micro-credits."""
        return self.do(granting.grant, ADMIN, to, credits_given * MICRO, self.new_key(), "for the test")

    def open(self, **changes: Any) -> Opened:
        return self.do(opening.open_decision, ADMIN, plan(**changes))

    def ask(self, **changes: Any) -> Opened:
        return self.do(opening.open_question, ADMIN, question(**changes))

    def trade(
        self,
        by: str,
        market_id: int,
        outcomes: int | tuple[int, ...],
        act: Act,
        amount: int,
        **more: Any,
    ) -> Fill:
        named = outcomes if isinstance(outcomes, tuple) else (outcomes,)
        order = Order(self.new_key(), by, market_id, named, act, amount, **more)
        return self.do(trading.execute, order)

    def new_key(self) -> str:
        self.keys_used += 1
        return f"key-{self.keys_used}"

    def close(self) -> None:
        self.writer.close()
