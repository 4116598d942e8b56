"""Random lives of the exchange: whatever people ask, in whatever order, the books stay right."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DECIDER, OWNER, SCORE, Exchange, plan, question
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, Table, select

from core.decisions.tables import branch, decision
from core.errors import Refusal
from core.exchange import agenda, cancelling, deciding, granting, opening, resolving, trading
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan
from core.exchange.trading import Act, Order
from core.ledger.tables import account, balance, unit
from core.markets import outcomes
from core.markets.tables import limit_order, market, metric, objection, reading
from core.units import MICRO

HOSTILE = [0, -1, 1, 2, 9_999, 10_000, 10**18, -(10**18), 2**63]
TRADERS = ["ann", "bob", "cy"]
CENTRES = tuple(25 * MICRO * number for number in range(5))
SCALAR, BINS = MetricPlan(SCORE, OWNER), MetricPlan(SCORE, OWNER, CENTRES)
PAIR = MetricPlan(SCORE, ADMIN, (0, 100 * MICRO))
KINDS = [("scalar",), ("bins",), ("scalar", "bins"), ("own",), ("own", "scalar")]
LIMITS = {"sqlite": (40, 40), "postgresql": (5, 20)}
anybody = st.sampled_from([*TRADERS, *TRADERS, DECIDER, OWNER, ADMIN, "stranger"])
admins = st.sampled_from([*[ADMIN] * 7, "ann"])
hostile = st.sampled_from(HOSTILE)


def mostly(usual: st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    return st.integers(0, 5).flatmap(lambda roll: usual if roll else hostile)


amounts = mostly(st.integers(MICRO, 300 * MICRO))
rates = mostly(st.integers(5, 95).map(lambda value: value * MICRO))
numbers = st.integers(0, 20)
NOT_THERE = 20
baskets = st.sampled_from([(0,), (1,)]) | st.lists(st.integers(-1, 5), max_size=3).map(tuple)
prices = st.none() | mostly(st.integers(250_000, 750_000))
spans = st.sampled_from([1, 12, 24, 24, 49])


class Life(RuleBasedStateMachine):
    """People who grant, open, trade, place orders, decide, read and object as they like, while time passes."""

    new_engine: Callable[[], AbstractContextManager[Engine]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.exchange = Exchange(self.stack.enter_context(self.new_engine()))
        self.stack.callback(self.exchange.close)
        self.granted: dict[str, int] = {}
        self.first_grants = 0

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def begin(self) -> None:
        for name in ("pool", *TRADERS):
            self.grant(ADMIN, name, 500 * MICRO)
        self.first_grants = len(self.granted)
        self.open_decision(ADMIN, 2, ("scalar",), 50 * MICRO, 100 * MICRO, 1)

    @precondition(lambda self: len(self.granted) < 12)
    @rule(by=admins, to=anybody, amount=amounts)
    def grant(self, by: str, to: str, amount: int) -> None:
        key = self.exchange.new_key()
        if self.ask(granting.grant, by, to, amount, key, "why not") is not None:
            self.granted[key] = amount

    @precondition(lambda self: len(self.granted) > self.first_grants)
    @rule(by=admins, which=st.integers(0, 50))
    def reverse(self, by: str, which: int) -> None:
        """One of the later ones, so that people have something to trade with."""
        later = [*self.granted][self.first_grants :]
        key = [*later, "no such key"][which % (len(later) + 1)]
        if self.ask(granting.reverse, by, key, "a mistake") is not None:
            self.granted[key] = 0

    @precondition(lambda self: len(self.decisions("open")) < 2)
    @rule(
        by=admins,
        options=st.integers(1, 4),
        kinds=st.sampled_from(KINDS),
        rate=rates,
        subsidy=amounts,
        challenge=st.sampled_from([0, 1, 86_400]),
    )
    def open_decision(
        self, by: str, options: int, kinds: Sequence[str], rate: int, subsidy: int, challenge: int
    ) -> None:
        wanted = plan(
            options=tuple(f"Option {number}" for number in range(options)),
            measures=tuple(_measure(kind, options, rate) for kind in kinds),
            closes_at=self.exchange.now + timedelta(days=2),
            decide_by=self.exchange.now + timedelta(days=3),
            freezes_at=self.exchange.now + timedelta(days=5),
            record_challenge_seconds=challenge,
            reading_challenge_seconds=challenge,
            subsidy=subsidy,
        )
        self.ask(opening.open_decision, by, wanted)

    @precondition(lambda self: len(self.exchange.fetch(select(market))) < 8)
    @rule(by=admins, size=st.integers(2, 5), cap=st.none() | amounts, liquidity=amounts)
    def open_question(self, by: str, size: int, cap: int | None, liquidity: int) -> None:
        centres = [100 * number for number in range(size)]
        wanted = question(
            metric=Definition("Count", "pieces", 0, centres[-1], "How many."),
            outcomes=tuple(outcomes.bins(centres, [1 / size] * size)),
            closes_at=self.exchange.now + timedelta(days=2),
            width_cap=cap,
            liquidity=liquidity,
        )
        self.ask(opening.open_question, by, wanted)

    @rule(
        by=anybody,
        which=numbers,
        basket=baskets,
        act=st.sampled_from(Act),
        amount=amounts,
        price=prices,
        hours=st.none() | st.integers(0, 30),
        estimate=st.none() | rates,
    )
    def trade(
        self,
        by: str,
        which: int,
        basket: tuple[int, ...],
        act: Act,
        amount: int,
        price: int | None = None,
        hours: int | None = None,
        estimate: int | None = None,
    ) -> None:
        until = None if hours is None else self.exchange.now + timedelta(hours=hours)
        more = {"price": price, "expires_at": until, "estimate": estimate}
        order = Order(self.exchange.new_key(), by, self.one_of(market, which), basket, act, amount, **more)
        self.ask(trading.execute, order)

    @rule(
        by=st.sampled_from(TRADERS),
        which=numbers,
        outcome=st.integers(0, 1),
        amount=st.integers(1, 40),
        price=st.none() | st.integers(350_000, 650_000),
        hours=st.none() | st.integers(1, 30),
    )
    def buy_something(
        self, by: str, which: int, outcome: int, amount: int, price: int | None, hours: int | None
    ) -> None:
        """With nothing hostile about it, or few orders would ever meet."""
        self.trade(by, which, (outcome,), Act.SPEND, amount * MICRO, price, hours)

    @rule(by=st.sampled_from(TRADERS), which=numbers, estimate=st.integers(0, 100))
    def move_somewhere(self, by: str, which: int, estimate: int) -> None:
        self.trade(by, which, (), Act.MOVE, 30 * MICRO, estimate=estimate * MICRO)

    @rule(
        by=st.sampled_from(TRADERS),
        which=numbers,
        outcome=st.integers(0, 4),
        part=st.integers(1, 1_100),
        price=prices,
    )
    def sell_what_is_held(self, by: str, which: int, outcome: int, part: int, price: int | None) -> None:
        """Thousandths of the position, a little more than all of it included."""
        market_id = self.one_of(market, which)
        held = self.exchange.shares(by, market_id)
        if outcome < len(held):
            self.trade(by, which, (outcome,), Act.SELL, held[outcome] * part // 1_000, price)

    @rule(by=st.sampled_from(TRADERS), which=numbers, outcome=st.integers(0, 1), price=prices)
    def deliver_twice(self, by: str, which: int, outcome: int, price: int | None) -> None:
        key, market_id = self.exchange.new_key(), self.one_of(market, which)
        order = Order(key, by, market_id, (outcome,), Act.SPEND, 3 * MICRO, price=price)
        first = self.ask(trading.execute, order)
        before = self.exchange.digest()
        if first is not None:
            assert self.ask(trading.execute, order) == first
            assert self.exchange.digest() == before

    @rule(
        orders=st.lists(
            st.tuples(st.sampled_from(TRADERS), st.integers(0, 1), prices), min_size=2, max_size=5
        )
    )
    def deliver_together(self, orders: Sequence[tuple[str, int, int | None]]) -> None:
        """In one batch, so that an order may meet one that is not written yet."""
        batch = [
            Order(self.exchange.new_key(), by, 1, (outcome,), Act.SPEND, 20 * MICRO, price=price)
            for by, outcome, price in orders
        ]
        self.exchange.do(lambda connection, now: trading.execute(connection, batch, now))

    @precondition(lambda self: self.exchange.orders())
    @rule(by=anybody, which=numbers)
    def cancel(self, by: str, which: int) -> None:
        self.ask(cancelling.cancel, by, self.one_of(limit_order, which))

    @precondition(lambda self: self.exchange.orders())
    @rule(by=anybody)
    def cancel_all(self, by: str) -> None:
        self.ask(cancelling.cancel_all, by)

    @rule(hours=spans)
    def pass_time(self, hours: int) -> None:
        self.exchange.advance(timedelta(hours=hours))

    @precondition(lambda self: self.due())
    @rule(which=numbers)
    def one_due_act(self, which: int) -> None:
        """Any of them, in any order: each checks for itself whether it may."""
        found = self.due()
        self.exchange.do(found[which % len(found)].act, found[which % len(found)].about)

    @precondition(lambda self: self.due())
    @rule()
    def everything_due(self) -> None:
        self.exchange.run_due()

    @precondition(lambda self: self.decisions("open"))
    @rule(taken=st.integers(1, 3), is_run=st.booleans())
    def reach_the_next_close(self, taken: int, is_run: bool) -> None:
        """And choose, whether or not the scheduler has noticed."""
        first = min(self.decisions("open"), key=lambda row: row.closes_at)
        self.exchange.now = max(self.exchange.now, first.closes_at)
        if is_run:
            self.exchange.run_due()
        self.ask(deciding.record, DECIDER, first.id, taken, "So it is.")

    @precondition(lambda self: self.decisions("closed"))
    @rule(by=st.sampled_from([DECIDER, DECIDER, "ann"]), which=numbers, taken=st.integers(0, 3))
    def choose(self, by: str, which: int, taken: int) -> None:
        self.ask(deciding.record, by, self.one_of(decision, which), taken, "So it is.")

    @precondition(lambda self: self.decisions("open", "closed"))
    @rule(by=st.sampled_from([DECIDER, "ann"]), which=numbers)
    def withdraw(self, by: str, which: int) -> None:
        self.ask(deciding.withdraw, by, self.one_of(decision, which), "It is moot.")

    @precondition(lambda self: self.metrics())
    @rule(by=st.sampled_from([*[OWNER] * 4, ADMIN, "ann"]), which=numbers, value=rates)
    def read_metric(self, by: str, which: int, value: int) -> None:
        self.ask(resolving.file, by, self.a_metric(which), value, "the dashboard")

    @precondition(lambda self: self.metrics())
    @rule(by=st.sampled_from([OWNER, ADMIN, "ann"]), which=numbers)
    def void(self, by: str, which: int) -> None:
        self.ask(resolving.void, by, self.a_metric(which), "It was never measured.")

    @precondition(lambda self: self.exchange.fetch(select(reading)))
    @rule(by=anybody, which=numbers)
    def challenge(self, by: str, which: int) -> None:
        self.ask(resolving.challenge, by, self.a_metric(which), "That is not what I see.")

    @precondition(lambda self: self.exchange.fetch(select(objection)))
    @rule(by=st.sampled_from([ADMIN, ADMIN, OWNER]), which=numbers, is_upheld=st.booleans())
    def rule_on_it(self, by: str, which: int, is_upheld: bool) -> None:
        self.ask(resolving.rule, by, self.a_metric(which), is_upheld=is_upheld, ruling="So be it.")

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
        granted = sum(self.granted.values())

        assert sum(row.amount for row in rows if row.unit == "credit" and row.amount > 0) == granted
        assert all(row.amount >= 0 or row.id == row.issuer_id for row in rows)

    @invariant()
    def no_order_stands_on_the_wrong_side_of_the_price(self) -> None:
        for row in self.exchange.fetch(select(market.c.id, market.c.prices)):
            live = [order for order in self.exchange.orders(row.id) if order.is_live(self.exchange.now)]

            assert all(order.price <= row.prices[0] + 1 for order in live if order.is_bid)
            assert all(order.price >= row.prices[0] - 1 for order in live if not order.is_bid)

    def ask(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        """The answer, or None if it was refused; a refusal must have changed nothing."""
        before = self.exchange.digest()
        try:
            return self.exchange.do(use_case, *args, **inputs)
        except Refusal:
            assert self.exchange.digest() == before
            return None

    def due(self) -> list[agenda.Due]:
        return self.exchange.read(agenda.due, self.exchange.now)

    def decisions(self, *states: str) -> list[Any]:
        return self.exchange.fetch(select(decision).where(decision.c.state.in_(states)))

    def metrics(self) -> list[int]:
        """Those that may be read now, or were read and not settled."""
        wanted = (
            select(market.c.metric_id)
            .distinct()
            .outerjoin(branch, branch.c.id == market.c.branch_id)
            .outerjoin(decision, decision.c.id == branch.c.decision_id)
            .where(market.c.state.in_(("open", "frozen")), decision.c.state.is_distinct_from("open"))
        )
        return sorted(row.metric_id for row in self.exchange.fetch(wanted))

    def a_metric(self, which: int) -> int:
        found = self.metrics()
        return found[which % len(found)] if found and which != NOT_THERE else self.one_of(metric, which)

    def one_of(self, table: Table, which: int) -> int:
        """The id of one that there is, or now and then of one that is not."""
        ids = [row.id for row in self.exchange.fetch(select(table.c.id).order_by(table.c.id))]
        return ids[which % len(ids)] if ids and which != NOT_THERE else 999


def _measure(kind: str, options: int, rate: int) -> MeasurePlan:
    """Options compared on one metric, traded as LONG and SHORT or in bins, or each on a metric of its own."""
    of = {"scalar": (SCALAR,), "bins": (BINS,), "own": (SCALAR, BINS, PAIR, SCALAR)[:options]}[kind]
    return MeasurePlan(of, (BaseRate(rate, 20 * MICRO),) * options)


@pytest.mark.usefixtures("slices_of_two")
def test_the_books_are_right_whatever_happens(
    new_engine: Callable[[], AbstractContextManager[Engine]], request: pytest.FixtureRequest
):
    """Two holders a slice, so that people trade while what a dead branch held is still being given back."""
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
