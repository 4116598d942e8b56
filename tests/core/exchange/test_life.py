"""Random lives of the exchange: whatever people ask, in whatever order, the books stay right."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DECIDER, OWNER, SCORE, Exchange, plan
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from core.decisions.tables import decision
from core.errors import Refusal
from core.exchange import agenda, deciding, granting, opening, resolving, trading
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.trading import Act, Order
from core.ledger import holders
from core.ledger.tables import account, balance, unit
from core.markets.tables import market, metric
from core.units import MICRO

HOSTILE = [0, -1, 1, 2, 9_999, 10_000, 10**18, -(10**18), 2**63]
TRADERS = ["ann", "bob", "cy"]
anybody = st.sampled_from([*TRADERS, *TRADERS, DECIDER, OWNER, ADMIN, "stranger"])
amounts = st.integers(1, 300 * MICRO) | st.sampled_from(HOSTILE)
numbers = st.integers(0, 7)
LIMITS = {"sqlite": (25, 30), "postgresql": (5, 20)}


class Life(RuleBasedStateMachine):
    """People who grant, open, trade, decide and read as they like, while time passes."""

    new_engine: Callable[[], AbstractContextManager[Engine]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.exchange = Exchange(self.stack.enter_context(self.new_engine()))
        self.stack.callback(self.exchange.close)
        self.granted = 0

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def begin(self) -> None:
        for name in ("pool", *TRADERS):
            self.grant(ADMIN, name, 500 * MICRO)
        self.open_decision(ADMIN, 2, 50 * MICRO, 100 * MICRO, 1)

    @rule(by=st.sampled_from([ADMIN, "ann"]), to=anybody, amount=amounts)
    def grant(self, by: str, to: str, amount: int) -> None:
        key = self.exchange.new_key()
        if self.ask(granting.grant, by, to, amount, key, "why not") is not None:
            self.granted += amount

    @rule(
        by=st.sampled_from([ADMIN, "ann"]),
        options=st.integers(1, 4),
        rate=amounts,
        subsidy=amounts,
        challenge=st.sampled_from([0, 1, 86_400]),
    )
    def open_decision(self, by: str, options: int, rate: int, subsidy: int, challenge: int) -> None:
        wanted = plan(
            options=tuple(f"Option {number}" for number in range(options)),
            measures=(MeasurePlan((MetricPlan(SCORE, OWNER),), (BaseRate(rate),) * options),),
            closes_at=self.exchange.now + timedelta(days=2),
            decide_by=self.exchange.now + timedelta(days=3),
            freezes_at=self.exchange.now + timedelta(days=5),
            record_challenge_seconds=challenge,
            reading_challenge_seconds=challenge,
            subsidy=subsidy,
        )
        self.ask(opening.open_decision, by, wanted)

    @rule(by=anybody, which=numbers, outcome=st.integers(-1, 2), act=st.sampled_from(Act), amount=amounts)
    def trade(self, by: str, which: int, outcome: int, act: Act, amount: int) -> None:
        order = Order(self.exchange.new_key(), by, self.market(which), (outcome,), act, amount)
        self.ask(trading.execute, order)

    @rule(by=st.sampled_from(TRADERS), which=numbers, outcome=st.integers(0, 1), part=st.integers(1, 1_100))
    def sell_what_is_held(self, by: str, which: int, outcome: int, part: int) -> None:
        """Thousandths of the position, a little more than all of it included."""
        shares = self.exchange.held(
            f"person:{by}", f"share:M-{self.market(which)}:{('LONG', 'SHORT')[outcome]}"
        )
        self.trade(by, which, outcome, Act.SELL, shares * part // 1_000)

    @rule(by=st.sampled_from(TRADERS), which=numbers, outcome=st.integers(0, 1))
    def deliver_twice(self, by: str, which: int, outcome: int) -> None:
        order = Order(self.exchange.new_key(), by, self.market(which), (outcome,), Act.SPEND, 3 * MICRO)
        first = self.ask(trading.execute, order)
        before = self.exchange.digest()
        if first is not None:
            assert self.ask(trading.execute, order) == first
            assert self.exchange.digest() == before

    @rule(hours=st.sampled_from([1, 12, 24, 24, 49]))
    def pass_time(self, hours: int) -> None:
        self.exchange.advance(timedelta(hours=hours))

    @rule(which=numbers)
    def one_due_act(self, which: int) -> None:
        """Any of them, in any order: each checks for itself whether it may."""
        if found := self.exchange.read(agenda.due, self.exchange.now):
            each = found[which % len(found)]
            self.exchange.do(each.act, each.about)

    @rule()
    def everything_due(self) -> None:
        self.exchange.run_due()

    @rule(by=st.sampled_from([DECIDER, DECIDER, "ann"]), which=numbers, taken=st.integers(0, 3))
    def choose(self, by: str, which: int, taken: int) -> None:
        self.ask(deciding.record, by, self.decision(which), taken, "So it is.")

    @rule(by=st.sampled_from([DECIDER, "ann"]), which=numbers)
    def withdraw(self, by: str, which: int) -> None:
        self.ask(deciding.withdraw, by, self.decision(which), "It is moot.")

    @rule(by=st.sampled_from([OWNER, OWNER, "ann"]), which=numbers, value=amounts)
    def read_metric(self, by: str, which: int, value: int) -> None:
        self.ask(resolving.file, by, self.metric(which), value, "the dashboard")

    @invariant()
    def the_books_are_right(self) -> None:
        assert self.exchange.audit() == []

    @invariant()
    def all_credit_was_granted_and_nobody_else_owes(self) -> None:
        held = (
            select(
                balance.c.amount, account.c.name, unit.c.name.label("unit"), unit.c.issuer_id, account.c.id
            )
            .join(account, account.c.id == balance.c.account_id)
            .join(unit, unit.c.id == balance.c.unit_id)
        )
        rows = self.exchange.fetch(held)

        assert sum(row.amount for row in rows if row.unit == "credit" and row.amount > 0) == self.granted
        assert all(row.amount >= 0 or row.id == row.issuer_id for row in rows)

    def ask(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """The answer, or None if it was refused; a refusal must have changed nothing."""
        before = self.exchange.digest()
        try:
            return self.exchange.do(use_case, *args)
        except Refusal:
            assert self.exchange.digest() == before
            return None

    def market(self, which: int) -> int:
        """One of the markets, or one that does not exist."""
        ids = [row.id for row in self.exchange.fetch(select(market.c.id).order_by(market.c.id))]
        return [*ids, 999][which % (len(ids) + 1)]

    def metric(self, which: int) -> int:
        ids = [row.id for row in self.exchange.fetch(select(metric.c.id).order_by(metric.c.id))]
        return [*ids, 999][which % (len(ids) + 1)]

    def decision(self, which: int) -> int:
        ids = [row.id for row in self.exchange.fetch(select(decision.c.id).order_by(decision.c.id))]
        return [*ids, 999][which % (len(ids) + 1)]


def test_the_books_are_right_whatever_happens(
    new_engine: Callable[[], AbstractContextManager[Engine]],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
):
    """Two holders a slice, so that people trade while what a dead branch held is still being given back."""
    for module in (holders, deciding, resolving):
        monkeypatch.setattr(module, "SLICE", 2)
    machine = type("LifeOnOneDatabase", (Life,), {"new_engine": staticmethod(new_engine)})
    examples, steps = LIMITS[request.node.callspec.params["home"]]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],  # A life takes too long to be shortened step by step.
            suppress_health_check=list(HealthCheck),
        ),
    )
