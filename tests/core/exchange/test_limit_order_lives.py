"""Random lives of limit orders, in a question and in a decision, up to their settlement: after every act all holds."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from exchange_driver import DECIDER, OWNER, START, Exchange
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
from sqlalchemy import Engine, select

from core.errors import Refusal
from core.exchange import cancelling, deciding, resolving, trading
from core.exchange.trading import Act, Fill, Order
from core.ledger.tables import balance
from core.markets.resting import Resting, State
from core.markets.tables import market, trade
from core.people.tables import person
from core.units import MICRO

TRADERS = ["ann", "bob", "cy", "di"]
QUESTION, RELEASE, HOLD = 1, 2, 3
CAPS = {QUESTION: 110 * MICRO, RELEASE: 110 * MICRO, HOLD: 110 * MICRO}
HOUR = timedelta(hours=1)
LIMITS = {"sqlite": (8, 30), "postgresql": (2, 20)}
people, markets, sides = (
    st.sampled_from(TRADERS),
    st.sampled_from([QUESTION, QUESTION, QUESTION, RELEASE, RELEASE, HOLD]),
    st.integers(0, 1),
)
prices = st.integers(6, 14).map(lambda step: step * 50_000) | st.integers(200_000, 800_000)
few, many = st.integers(1, 10).map(lambda whole: whole * MICRO), st.integers(5 * MICRO, 60 * MICRO)
hours = st.none() | st.integers(1, 30)
parts = st.sampled_from([1_000, 1_000, 500, 333])


class Orders(RuleBasedStateMachine):
    """Four people on both sides of three markets, whose limit orders meet, expire and are cancelled."""

    new_engine: Callable[[], AbstractContextManager[Engine]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.exchange = Exchange(self.stack.enter_context(self.new_engine()))
        self.stack.callback(self.exchange.close)
        self.people: dict[int, str] = {}
        self.answered: list[tuple[Order, Fill]] = []

    @initialize(first=st.lists(st.tuples(people, markets, st.integers(0, 1), prices), min_size=6, max_size=9))
    def begin(self, first: Sequence[tuple[str, int, int, int]]) -> None:
        """With some orders that wait already, and makers so small that a trade moves the price to some of them."""
        self.exchange.grant("pool", 1_000)
        for each in TRADERS:
            self.exchange.grant(each, 150)
        self.people = {row.id: row.identity for row in self.exchange.fetch(select(person))}
        self.exchange.ask(liquidity=20 * MICRO, width_cap=CAPS[QUESTION])
        self.exchange.open(subsidy=91_629_073)  # Of which a market opened at 40 has a liquidity of 100.
        for by, market_id, outcome, price in first:
            self.place(by, market_id, outcome, 5 * MICRO, price, None)

    def teardown(self) -> None:
        """Whatever was done before, the life goes on to its end."""
        try:
            if self.exchange.orders() or self.answered:
                self.go_to_the_end()
        finally:
            self.stack.close()

    def go_to_the_end(self) -> None:
        """Everything is cancelled at the close; orders of the live market stay while it trades, to its freeze."""
        self.exchange.now = max(self.exchange.now, START + timedelta(days=7))
        assert self.exchange.run_due()[0] == "close"
        assert self.waiting(RELEASE, HOLD, QUESTION) == []
        self.exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
        self.exchange.advance(timedelta(days=2))
        self.exchange.run_due()
        for by, price in zip(TRADERS, (300_000, 400_000, 600_000, 700_000), strict=True):
            self.place(by, RELEASE, 0, 10 * MICRO, price, None)
        self.exchange.do(resolving.file, OWNER, 2, 37 * MICRO, "the dashboard")
        self.exchange.do(resolving.file, OWNER, 1, 1, "the dashboard")
        self.exchange.advance(timedelta(days=2))
        self.exchange.run_due()
        self.all_holds()
        assert self.waiting(RELEASE, HOLD, QUESTION) == []
        assert self.exchange.fetch(select(market.c.state).where(market.c.state.in_(("open", "frozen")))) == []

    @rule(by=people, market_id=markets, outcome=sides, amount=few, price=prices, until=hours)
    def place(
        self, by: str, market_id: int, outcome: int, amount: int, price: int, until: int | None
    ) -> None:
        self.trade(by, market_id, (outcome,), Act.SPEND, amount, price, until)

    @rule(by=people, market_id=markets, part=parts, price=prices, until=hours)
    def offer(self, by: str, market_id: int, part: int, price: int, until: int | None) -> None:
        """Thousandths of what they hold."""
        held = self.exchange.shares(by, market_id)
        if max(held):
            outcome = held.index(max(held))
            self.trade(by, market_id, (outcome,), Act.SELL, max(held) * part // 1_000, price, until)

    @rule(
        by=people,
        market_id=markets,
        outcome=sides,
        act=st.sampled_from([Act.SPEND, Act.BUY]),
        amount=many,
    )
    def take(self, by: str, market_id: int, outcome: int, act: Act, amount: int) -> None:
        self.trade(by, market_id, (outcome,), act, amount)

    @rule(by=people, market_id=markets, value=st.integers(0, 100))
    def move(self, by: str, market_id: int, value: int) -> None:
        of = MICRO if market_id == QUESTION else 100 * MICRO
        self.trade(by, market_id, (), Act.MOVE, 60 * MICRO, estimate=of * value // 100)

    @rule(by=people, market_id=markets)
    def sell_out(self, by: str, market_id: int) -> None:
        held = self.exchange.shares(by, market_id)
        self.trade(by, market_id, (held.index(max(held)),), Act.SELL_ALL, 0)

    @precondition(lambda self: self.waiting(QUESTION, RELEASE, HOLD))
    @rule(which=st.integers(0, 20))
    def cancel(self, which: int) -> None:
        """What it reserved is its owner's again, to the micro."""
        found = self.waiting(QUESTION, RELEASE, HOLD)
        order = found[which % len(found)]
        ended = self.exchange.do(cancelling.cancel, self.owner(order), order.id)

        assert ended.back == order.left
        assert order.id not in {each.id for each in self.waiting(QUESTION, RELEASE, HOLD)}

    @precondition(lambda self: len(self.waiting(QUESTION, RELEASE, HOLD)) > 6)
    @rule(by=people)
    def cancel_all(self, by: str) -> None:
        own = [order for order in self.waiting(QUESTION, RELEASE, HOLD) if self.owner(order) == by]

        assert [each.name for each in self.exchange.do(cancelling.cancel_all, by)] == [
            order.name for order in own
        ]

    @rule(spent=st.sampled_from([1, 2, 5]), is_run=st.booleans())
    def pass_time(self, spent: int, is_run: bool) -> None:
        self.exchange.advance(spent * HOUR)
        if is_run:
            self.exchange.run_due()
            assert all(order.is_live(self.exchange.now) for order in self.waiting(QUESTION, RELEASE, HOLD))

    @precondition(lambda self: self.answered)
    @rule(which=st.integers(0, 20))
    def deliver_again(self, which: int) -> None:
        """Whatever became of the order meanwhile: the first answer, and nothing happens."""
        order, first = self.answered[which % len(self.answered)]
        before = self.exchange.digest()

        assert self.exchange.do(trading.execute, order) == first
        assert self.exchange.digest() == before

    @invariant()
    def all_holds(self) -> None:
        assert self.exchange.audit() == []
        held = self.exchange.fetch(
            select(balance.c.account_id, balance.c.amount).where(balance.c.amount != 0)
        )
        for order in self.exchange.orders():
            left = order.left if order.state == State.RESTING else 0

            assert sum(row.amount for row in held if row.account_id == order.account) == left
        for market_id, cap in CAPS.items():
            self.best_bid_price_and_best_ask_are_in_order(market_id)
            assert all(self.widest(each, market_id) <= cap for each in TRADERS)

    def best_bid_price_and_best_ask_are_in_order(self, market_id: int) -> None:
        price = self.exchange.fetch(select(market.c.prices).where(market.c.id == market_id))
        live = [order for order in self.waiting(market_id) if order.is_live(self.exchange.now)]
        bids = [order.price for order in live if order.is_bid]
        asks = [order.price for order in live if not order.is_bid]

        assert max(bids, default=0) - 1 <= price[0].prices[0] <= min(asks, default=MICRO) + 1
        assert max(bids, default=0) < min(asks, default=MICRO)

    def trade(
        self,
        by: str,
        market_id: int,
        outcomes: tuple[int, ...],
        act: Act,
        amount: int,
        price: int | None = None,
        until: int | None = None,
        estimate: int | None = None,
    ) -> None:
        expires_at = None if until is None else self.exchange.now + until * HOUR
        more = {"price": price, "expires_at": expires_at, "estimate": estimate}
        order = Order(self.exchange.new_key(), by, market_id, outcomes, act, amount, **more)
        before, digest = self.waiting(market_id), self.exchange.digest()
        try:
            quoted = self.exchange.read(trading.quote, by, order, self.exchange.now)
            fill = self.exchange.do(trading.execute, order)
        except Refusal:
            assert self.exchange.digest() == digest
            return
        assert fill._replace(trade=0) == quoted
        self.answered.append((order, fill))
        self.it_went_as_it_should(order, fill, [each for each in before if each.is_live(self.exchange.now)])

    def it_went_as_it_should(self, order: Order, fill: Fill, live: Sequence[Resting]) -> None:
        """Price-time priority, no own order matched, and what was not reached is as it was."""
        rising = _rising(order, fill)
        facing = sorted(
            (each for each in live if each.is_bid != (rising == 0) and self.owner(each) != order.by),
            key=lambda each: (each.price_of(rising), each.id),
        )
        matched = self.matched(order.market_id) if fill.trade else []
        after = {each.id: each for each in self.exchange.orders()}
        met, others = facing[: len(matched)], facing[len(matched) :]

        assert [number for number, _ in matched] == [each.id for each in met]
        for each, (_, shares) in zip(met, matched, strict=True):
            _was_filled(each, after[each.id], shares)
        assert all(after[each.id].state == State.FILLED for each in met[:-1])
        behind = [each for each in live if each.is_bid == (rising == 0)]
        assert all(after[each.id] == each for each in [*others, *behind])
        own = [(each, after[each.id]) for each in live if self.owner(each) == order.by]
        self.own_orders_gave_way(own, order.market_id, rising)
        if order.price is not None:
            assert fill.cost < order.price * fill.shares / MICRO + 2 * (len(matched) + 1)

    def own_orders_gave_way(
        self, own: Sequence[tuple[Resting, Resting]], market_id: int, rising: int
    ) -> None:
        """They end where the price has passed them, unfilled, and stay where it has not."""
        price = self.exchange.fetch(select(market.c.prices).where(market.c.id == market_id))[0].prices[rising]
        for before, after in own:
            is_passed = before.is_bid != (rising == 0) and before.price_of(rising) <= price + 1

            assert after == before or (is_passed and after == replace(before, state=State.CANCELLED))

    def matched(self, market_id: int) -> list[list[int]]:
        """Limit orders that the newest trade met, and how many shares of each."""
        newest = select(trade.c.matched).where(trade.c.market_id == market_id).order_by(trade.c.number.desc())
        return self.exchange.fetch(newest.limit(1))[0].matched

    def widest(self, of: str, market_id: int) -> int:
        """Most minus fewest shares, by trying which of the person's orders are filled and which come back."""
        held = self.exchange.shares(of, market_id)
        own = [order for order in self.waiting(market_id) if self.owner(order) == of]
        endings = [(False, True) if order.is_live(self.exchange.now) else (False,) for order in own]
        return max(_width(held, list(zip(own, filled, strict=True))) for filled in product(*endings))

    def waiting(self, *market_ids: int) -> list[Resting]:
        waiting = (order for order in self.exchange.orders() if order.state == State.RESTING)
        return [order for order in waiting if order.market_id in market_ids]

    def owner(self, order: Resting) -> str:
        return self.people[order.person]


def _rising(order: Order, fill: Fill) -> int:
    """The outcome whose price the order raised, or would have."""
    if order.act == Act.MOVE:
        return 0 if fill.bought[0] > 0 else 1
    return 1 - order.outcomes[0] if order.is_sale else order.outcomes[0]


def _was_filled(before: Resting, after: Resting, shares: int) -> None:
    """At its own price, and rounded by less than a micro."""
    exact = before.price_of(before.outcome) * shares / MICRO
    moved = after.credits - before.credits

    assert after.shares == before.shares + shares
    assert (exact - 1 < moved <= exact) if before.is_sale else (exact <= moved < exact + 1)
    assert (after.state == State.FILLED) == (after.capacity == 0)


def _width(held: Sequence[int], endings: Sequence[tuple[Resting, bool]]) -> int:
    after = list(held)
    for order, is_filled in endings:
        if order.is_sale != is_filled:  # A purchase that was filled, or a sale that comes back.
            after[order.outcome] += order.capacity
    return max(after) - min(after)


def test_all_holds_after_every_act(
    new_engine: Callable[[], AbstractContextManager[Engine]], request: pytest.FixtureRequest
):
    machine = type("OrdersOnOneDatabase", (Orders,), {"new_engine": staticmethod(new_engine)})
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
