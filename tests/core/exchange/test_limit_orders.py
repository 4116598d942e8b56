"""Limit orders: what cannot be had at the price waits, is met by those who come later, and ends once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import (
    InsufficientFunds,
    Invalid,
    KeyReused,
    NotAllowed,
    NotOpen,
    PriceMoved,
    Unknown,
    WidthCap,
)
from core.exchange import cancelling, deciding, portfolio, resolving, settling, trading
from core.exchange.trading import Act, Fill, Order
from core.markets.resting import State
from core.markets.tables import market, trade
from core.units import MICRO

HOUR = timedelta(hours=1)
FORTY, SIXTY = 400_000, 600_000
LONG, SHORT = 0, 1


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """A question at one half, with liquidity 100, and three people who have 200 each."""
    return opened_with(exchange)


@pytest.fixture
def capped(exchange: Exchange) -> Exchange:
    """The same, and nobody may be wider than 110."""
    return opened_with(exchange, width_cap=110 * MICRO)


def opened_with(exchange: Exchange, **terms: Any) -> Exchange:
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cy"):
        exchange.grant(person, 200)
    exchange.ask(**terms)
    return exchange


@pytest.fixture
def decided(exchange: Exchange) -> Exchange:
    """A decision of two options at 50 and 40, and two people who have 200 each."""
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 200)
    exchange.open()
    return exchange


def bid(
    exchange: Exchange, by: str, credits_given: float, price: int = FORTY, outcome: int = LONG, **more: Any
) -> Fill:
    return exchange.trade(by, 1, outcome, Act.SPEND, round(credits_given * MICRO), price=price, **more)


def ask(
    exchange: Exchange, by: str, shares: float, price: int = SIXTY, outcome: int = LONG, **more: Any
) -> Fill:
    return exchange.trade(by, 1, outcome, Act.SELL, round(shares * MICRO), price=price, **more)


def states(exchange: Exchange) -> list[State]:
    return [order.state for order in exchange.orders()]


def credit(exchange: Exchange, person: str) -> int:
    return exchange.held(f"person:{person}", "credit")


def told(exchange: Exchange, kind: str) -> list[Any]:
    return exchange.fetch(select(announcement).where(announcement.c.kind == kind).order_by(announcement.c.id))


def test_what_cannot_be_had_at_the_price_waits_in_an_account_of_its_own(opened: Exchange):
    """Nothing is traded: the price stays, and the credit is out of reach but not gone."""
    fill = bid(opened, "ann", 20)
    (order,) = opened.orders()

    assert (fill.bought, fill.cost, fill.waits, fill.trade) == ((0, 0), 0, 20 * MICRO, 0)
    assert (order.left, order.capacity, order.state) == (20 * MICRO, 50 * MICRO, State.RESTING)
    assert credit(opened, "ann") == 180 * MICRO
    assert opened.fetch(select(trade)) == []
    with pytest.raises(InsufficientFunds):
        opened.trade("ann", 1, SHORT, Act.SPEND, 180 * MICRO + 1)
    assert opened.audit() == []


def test_what_can_be_had_at_the_price_is_traded_and_only_the_rest_waits(opened: Exchange):
    fill = bid(opened, "ann", 60, SIXTY)
    (order,) = opened.orders()

    assert fill.price_after == pytest.approx(0.6, abs=1e-6)
    assert (fill.cost, fill.trade) == (22_314_355, 1)  # 100 ln(0.5 / 0.4), what moves the price to 0.60.
    assert fill.waits == order.left == 60 * MICRO - fill.cost
    assert opened.held("person:ann", "share:M-1:YES") == fill.shares


def test_a_limit_order_that_is_filled_at_once_leaves_nothing_behind(opened: Exchange):
    fill = bid(opened, "ann", 10, SIXTY)

    assert (fill.waits, opened.orders()) == (0, [])
    assert fill.cost in {10 * MICRO - 1, 10 * MICRO}


def test_an_order_that_waits_is_met_at_its_own_price_when_the_price_comes_to_it(opened: Exchange):
    """Ann bids 0.40 for 50 shares; Bob sells down to 0.40, and there to Ann, and on."""
    bid(opened, "ann", 20)
    opened.trade("bob", 1, LONG, Act.BUY, 100 * MICRO)
    fill = opened.trade("bob", 1, LONG, Act.SELL, 100 * MICRO)
    below = opened.trade("bob", 1, SHORT, Act.BUY, 60 * MICRO)

    assert fill.price_after == pytest.approx(0.5)
    assert below.price_after == pytest.approx(0.6, abs=1e-6)
    (order,) = opened.orders()
    assert order.shares == 60 * MICRO - 40_546_510  # 100 ln(0.6 / 0.4) is what the maker sells on the way.
    assert order.credits == -(-order.shares * 4 // 10)
    assert opened.held("person:ann", "share:M-1:YES") == order.shares
    assert opened.audit() == []


@pytest.mark.parametrize("is_sale", [False, True])
def test_a_filled_order_gives_its_owner_what_it_asked_for_and_what_is_left_over(
    opened: Exchange, is_sale: bool
):
    if is_sale:
        opened.trade("ann", 1, LONG, Act.BUY, 10 * MICRO)
        opened.trade("bob", 1, SHORT, Act.BUY, 10 * MICRO)
        before = credit(opened, "ann")
        ask(opened, "ann", 10)
    else:
        before = credit(opened, "ann")
        bid(opened, "ann", 6.000001, SIXTY - 200_001, outcome=LONG)
    opened.trade("bob", 1, LONG if is_sale else SHORT, Act.BUY, 100 * MICRO)
    (order,) = opened.orders()

    assert order.state == State.FILLED
    if is_sale:
        assert credit(opened, "ann") == before + 6 * MICRO
        assert opened.held("person:ann", "share:M-1:YES") == 0
    else:
        assert credit(opened, "ann") == before - order.credits
        assert order.credits <= 6_000_001
        assert opened.held("person:ann", "share:M-1:YES") == order.shares
    assert opened.audit() == []


def test_both_sides_of_a_purchase_are_told(opened: Exchange):
    """The taker by the answer, the owner of the order by an announcement for each fill."""
    bid(opened, "ann", 20)
    for _ in range(2):
        opened.trade("bob", 1, SHORT, Act.BUY, 45 * MICRO)
        opened.trade("cy", 1, LONG, Act.BUY, 40_546_510)
    facts = [row.facts for row in told(opened, "filled")]

    assert {row.address for row in told(opened, "filled")} == {"ann"}
    assert facts[0]["shares"] == 45 * MICRO - 40_546_510
    assert sum(each["credits"] for each in facts) == 20 * MICRO - facts[-1]["left"]
    assert {(each["order"], each["price"], each["is_sale"]) for each in facts} == {("O-1", FORTY, False)}


def test_a_fill_takes_the_maker_no_money_and_its_price_stays(opened: Exchange):
    bid(opened, "ann", 20)
    opened.trade("bob", 1, SHORT, Act.BUY, 40_546_510)
    before = opened.held("maker:M-1", "credit")
    fill = opened.trade("bob", 1, SHORT, Act.BUY, 10 * MICRO)

    assert fill.cost == 6 * MICRO
    assert fill.price_after == pytest.approx(fill.price_before, abs=1e-9)
    assert opened.held("maker:M-1", "credit") == before + 10 * MICRO  # A set of each for 1.


def test_the_same_key_is_answered_with_the_first_fill(opened: Exchange):
    """Whether it only rested, was filled in part, or whole; and whatever became of it since."""
    orders = [
        Order("rests", "ann", 1, (LONG,), Act.SPEND, 20 * MICRO, price=FORTY),
        Order("part", "bob", 1, (LONG,), Act.SPEND, 60 * MICRO, price=SIXTY, expires_at=START + DAY),
        Order("whole", "cy", 1, (LONG,), Act.SPEND, 10 * MICRO, price=2 * SIXTY // 3 + 390_000),
    ]
    first = [opened.do(trading.execute, order) for order in orders]
    assert [bool(fill.trade) for fill in first] == [False, True, True]
    assert [bool(fill.waits) for fill in first] == [True, True, False]
    opened.do(cancelling.cancel, "ann", 1)
    before = opened.digest()

    assert [opened.do(trading.execute, order) for order in orders] == first
    batch = [*orders, *orders]
    assert opened.do(lambda connection, now: trading.execute(connection, batch, now)) == first * 2
    for order in orders:
        with pytest.raises(KeyReused):
            opened.do(trading.execute, Order(order.key, order.by, 1, (LONG,), Act.SPEND, order.amount))
    assert opened.digest() == before


def test_one_key_twice_in_a_batch_is_placed_once(opened: Exchange):
    order = Order("k", "ann", 1, (LONG,), Act.SPEND, 60 * MICRO, price=SIXTY)
    first, again = opened.do(lambda connection, now: trading.execute(connection, [order, order], now))

    assert first == again
    assert len(opened.orders()) == 1
    assert opened.audit() == []


def test_an_order_placed_and_met_in_one_batch_is_one_that_waited(opened: Exchange):
    """Also when it is met, passed by its owner, and met again, before anything was written."""
    batch = [
        Order("a", "ann", 1, (LONG,), Act.SPEND, 20 * MICRO, price=FORTY),
        Order("b", "bob", 1, (SHORT,), Act.BUY, 45 * MICRO),
        Order("c", "bob", 1, (LONG,), Act.SPEND, 4 * MICRO, price=FORTY - 100_000),
        Order("d", "cy", 1, (SHORT,), Act.BUY, 10 * MICRO),
        Order("e", "ann", 1, (SHORT,), Act.BUY, 5 * MICRO),
    ]
    answers = opened.do(lambda connection, now: trading.execute(connection, batch, now))

    assert all(isinstance(answer, Fill) for answer in answers)
    ann, bob = opened.orders()
    assert (ann.state, ann.shares) == (State.CANCELLED, 45 * MICRO - 40_546_510 + 10 * MICRO)
    assert bob.state == State.RESTING
    assert opened.audit() == []


def test_a_quote_says_what_a_limit_order_does_and_does_nothing(opened: Exchange):
    bid(opened, "ann", 20)
    before = opened.digest()
    order = Order("k", "bob", 1, (SHORT,), Act.SPEND, 70 * MICRO, price=650_000)
    quoted = opened.read(trading.quote, "bob", order, opened.now)
    assert opened.digest() == before
    fill = opened.do(trading.execute, order)

    assert fill._replace(trade=0) == quoted
    assert quoted.waits > 0
    assert credit(opened, "bob") == 200 * MICRO - quoted.newly_locked


def test_a_limit_order_uses_the_credit_of_its_branch_first_also_for_what_waits(decided: Exchange):
    decided.trade("ann", 1, LONG, Act.SPEND, 30 * MICRO)
    asked = Order("k", "ann", 2, (LONG,), Act.SPEND, 80 * MICRO, price=450_000)
    quoted = decided.read(trading.quote, "ann", asked, decided.now)

    assert 0 < quoted.cost < 30 * MICRO < quoted.cost + quoted.waits
    assert (quoted.newly_locked, quoted.already_conditional) == (50 * MICRO, 30 * MICRO)
    assert decided.do(trading.execute, asked)._replace(trade=0) == quoted
    assert credit(decided, "ann") == 120 * MICRO


def test_a_limit_order_costs_what_it_reserves_as_well(opened: Exchange):
    """Who has less than both together is refused, and told what both would take."""
    with pytest.raises(InsufficientFunds) as refused:
        bid(opened, "ann", 200.000001, 500_001, expires_at=None)

    assert refused.value.needed == pytest.approx(200_000_001, abs=1)
    assert refused.value.available == 200 * MICRO
    assert opened.orders() == []


def test_a_limit_order_may_have_a_limit_of_its_own_for_what_is_filled_at_once(opened: Exchange):
    with pytest.raises(PriceMoved):
        bid(opened, "ann", 60, SIXTY, limit=50 * MICRO)
    assert bid(opened, "ann", 60, SIXTY, limit=40 * MICRO).waits > 0


def test_a_limit_order_below_the_least_order_is_refused(opened: Exchange):
    with pytest.raises(Invalid) as refused:
        bid(opened, "ann", 0.009999)

    assert (refused.value.field, refused.value.rule) == ("amount", "least_order")
    assert bid(opened, "ann", 0.01).waits == 10_000


def test_only_its_owner_cancels_an_order_and_only_once(opened: Exchange):
    bid(opened, "ann", 20)
    for by in ("bob", "root", "stranger"):
        with pytest.raises(NotAllowed):
            opened.do(cancelling.cancel, by, 1)
    ended = opened.do(cancelling.cancel, "ann", 1)

    assert (ended.name, ended.market_id, ended.is_sale, ended.back) == ("O-1", 1, False, 20 * MICRO)
    assert (states(opened), credit(opened, "ann")) == ([State.CANCELLED], 200 * MICRO)
    with pytest.raises(NotOpen) as refused:
        opened.do(cancelling.cancel, "ann", 1)
    assert refused.value.state == "cancelled"
    with pytest.raises(Unknown):
        opened.do(cancelling.cancel, "ann", 2)
    assert told(opened, "order_ended") == []
    assert opened.audit() == []


def test_all_of_one_s_orders_are_cancelled_in_every_market_and_nobody_else_s(decided: Exchange):
    for market_id in (1, 2):
        for person in ("ann", "bob"):
            decided.trade(person, market_id, LONG, Act.SPEND, 20 * MICRO, price=100_000)
    ended = decided.do(cancelling.cancel_all, "ann")

    assert sorted(each.name for each in ended) == ["O-1", "O-3"]
    assert [(order.person, order.state == State.RESTING) for order in decided.orders()] == [
        (order.person, number % 2 == 1) for number, order in enumerate(decided.orders())
    ]
    assert credit(decided, "ann") == 200 * MICRO
    assert decided.do(cancelling.cancel_all, "ann") == decided.do(cancelling.cancel_all, "stranger") == []
    assert decided.audit() == []


def test_what_is_left_of_a_partly_filled_order_comes_back(opened: Exchange):
    opened.trade("ann", 1, LONG, Act.BUY, 20 * MICRO)
    ask(opened, "ann", 20)
    opened.trade("bob", 1, LONG, Act.BUY, 30 * MICRO)
    (order,) = opened.orders()
    assert 0 < order.shares < 20 * MICRO
    ended = opened.do(cancelling.cancel, "ann", 1)

    assert (ended.is_sale, ended.back) == (True, 20 * MICRO - order.shares)
    assert opened.held("person:ann", "share:M-1:YES") == ended.back


def test_an_order_whose_time_is_over_is_not_met_even_before_the_scheduler_notices(opened: Exchange):
    bid(opened, "ann", 20, expires_at=START + HOUR)
    opened.now = START + HOUR - timedelta(milliseconds=1)
    opened.trade("bob", 1, SHORT, Act.BUY, 45 * MICRO)
    shares = opened.orders()[0].shares
    assert shares > 0
    opened.advance(timedelta(milliseconds=1))
    fill = opened.trade("bob", 1, SHORT, Act.BUY, 5 * MICRO)

    assert fill.price_after > SIXTY / MICRO
    assert opened.orders()[0].shares == shares
    assert opened.run_due() == ["expire"]
    assert states(opened) == [State.EXPIRED]
    assert credit(opened, "ann") == 200 * MICRO - opened.orders()[0].credits
    (row,) = told(opened, "order_ended")
    assert (row.address, row.facts["why"], row.facts["left"]) == ("ann", "expired", opened.orders()[0].left)


def test_an_expired_order_can_be_cancelled_before_the_scheduler_comes(opened: Exchange):
    bid(opened, "ann", 20, expires_at=START + HOUR)
    opened.now = START + HOUR

    assert opened.do(cancelling.cancel, "ann", 1).back == 20 * MICRO
    assert opened.run_due() == []


def test_own_orders_are_not_met_but_cancelled_where_the_price_passes_them(opened: Exchange):
    """Ann's purchase goes through her own order and Bob's behind it, which is met; she is told why hers is gone."""
    for person in ("ann", "bob"):
        opened.trade(person, 1, LONG, Act.BUY, 10 * MICRO)
    ask(opened, "ann", 10, 560_000)
    ask(opened, "bob", 10, 570_000)
    opened.trade("ann", 1, LONG, Act.SPEND, 40 * MICRO)

    assert states(opened) == [State.CANCELLED, State.FILLED]
    assert opened.orders()[0].shares == 0
    assert opened.held("person:ann", "share:M-1:YES") > 10 * MICRO
    (told,) = opened.fetch(select(announcement).where(announcement.c.kind == "order_ended"))
    assert (told.address, told.facts["why"], told.facts["left"]) == ("ann", "passed", 10 * MICRO)
    assert opened.audit() == []


def test_crossing_one_s_own_order_replaces_it(opened: Exchange):
    """Bid and ask of one person never stand on the wrong sides of each other."""
    opened.trade("ann", 1, LONG, Act.BUY, 10 * MICRO)
    ask(opened, "ann", 10, SIXTY)
    bid(opened, "ann", 60, SIXTY)

    assert states(opened) == [State.CANCELLED, State.RESTING]
    assert opened.orders()[1].price == SIXTY


def test_waiting_orders_count_toward_the_width_cap(capped: Exchange):
    """A bid for 50 shares leaves room for 60; its end gives the room back, filling it does not."""
    bid(capped, "ann", 20)
    with pytest.raises(WidthCap):
        capped.trade("ann", 1, LONG, Act.BUY, 60 * MICRO + 1)
    with pytest.raises(WidthCap) as refused:
        bid(capped, "ann", 30, 300_000)
    assert refused.value.most == 18 * MICRO - 1  # 60 shares at 0.30.
    capped.trade("ann", 1, LONG, Act.BUY, 60 * MICRO)
    capped.trade("bob", 1, SHORT, Act.BUY, 110 * MICRO)
    with pytest.raises(WidthCap):
        capped.trade("ann", 1, LONG, Act.BUY, MICRO)
    capped.do(cancelling.cancel_all, "ann")

    room = 110 * MICRO - capped.held("person:ann", "share:M-1:YES")
    with pytest.raises(WidthCap):
        capped.trade("ann", 1, LONG, Act.BUY, room + 1)
    capped.trade("ann", 1, LONG, Act.BUY, room)


@pytest.mark.parametrize("expires_at", [None, START + HOUR])
def test_shares_that_are_for_sale_are_still_held_until_they_are_sold_or_back(
    capped: Exchange, expires_at: Any
):
    """Even when the time to sell them is over and the scheduler has not noticed."""
    capped.trade("ann", 1, LONG, Act.BUY, 110 * MICRO)
    ask(capped, "ann", 110, 990_000, expires_at=expires_at)
    capped.now = START + 2 * HOUR
    with pytest.raises(WidthCap):
        capped.trade("ann", 1, LONG, Act.BUY, MICRO)
    capped.do(cancelling.cancel_all, "ann")

    assert capped.held("person:ann", "share:M-1:YES") == 110 * MICRO


def withdraw(exchange: Exchange) -> None:
    exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")


def close(exchange: Exchange) -> None:
    exchange.now = START + 7 * DAY


def file(exchange: Exchange) -> None:
    exchange.do(resolving.file, OWNER, 1, 60 * MICRO, "the dashboard")


def freeze(exchange: Exchange) -> None:
    exchange.advance(60 * DAY)


@pytest.mark.parametrize(
    ("stops", "is_chosen", "why"),
    [
        (close, False, "closed"),
        (withdraw, False, "withdrawn"),
        (freeze, True, "frozen"),
        (file, True, "read"),
    ],
)
def test_the_owner_of_an_order_that_ends_is_told_why(
    decided: Exchange, stops: Callable[[Exchange], None], is_chosen: bool, why: str
):
    if is_chosen:
        decided.now = START + 7 * DAY
        decided.do(deciding.record, DECIDER, 1, 1, "It is better.")
        decided.advance(DAY)
        decided.run_due()
    bid(decided, "ann", 20)
    stops(decided)
    decided.run_due()

    assert [(row.address, row.facts["why"]) for row in told(decided, "order_ended")] == [("ann", why)]


def test_the_owner_of_an_order_on_a_question_is_told_that_it_is_to_be_read(opened: Exchange):
    bid(opened, "ann", 20)
    opened.advance(90 * DAY)
    opened.run_due()

    assert [row.facts["why"] for row in told(opened, "order_ended")] == ["frozen"]


def test_all_orders_end_when_trading_stops(decided: Exchange):
    """Their owners are told, and the decision takes effect only afterwards."""
    for person in ("ann", "bob"):
        decided.trade(person, 1, LONG, Act.SPEND, 20 * MICRO, price=FORTY)
    decided.now = START + 7 * DAY
    assert decided.run_due() == ["close", "clear", "send_scheduled"]

    assert states(decided) == [State.CANCELLED] * 2
    assert [row.address for row in told(decided, "order_ended")] == ["ann", "bob"]
    assert credit(decided, "ann") == 200 * MICRO
    with pytest.raises(NotOpen):
        bid(decided, "ann", 20)


@pytest.mark.usefixtures("slices_of_two")
def test_no_branch_dies_before_the_orders_in_it_have_ended(decided: Exchange):
    """Slice by slice, and whoever asks too early changes nothing."""
    for number in range(5):
        decided.grant(f"p{number}", 10)
        decided.trade(f"p{number}", 1, LONG, Act.SPEND, MICRO, price=FORTY)
    decided.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    decided.advance(DAY)
    before = decided.digest()
    decided.do(deciding.take_effect, 1)
    assert decided.digest() == before

    for left in (3, 1, 0):
        decided.do(cancelling.clear, 1)
        assert states(decided).count(State.RESTING) == left
    decided.run_due()
    assert [credit(decided, f"p{number}") for number in range(5)] == [10 * MICRO] * 5


def test_orders_in_a_market_that_trades_are_not_cleared(decided: Exchange):
    decided.trade("ann", 1, LONG, Act.SPEND, 20 * MICRO, price=FORTY)
    before = decided.digest()
    decided.do(cancelling.clear, 1)
    decided.do(cancelling.expire, 1)

    assert decided.digest() == before


def test_orders_placed_after_the_choice_end_at_the_freeze_and_pay_nothing(decided: Exchange):
    """What they reserved is plain credit again, and not a part of the settlement."""
    decided.now = START + 7 * DAY
    decided.do(deciding.record, DECIDER, 1, 1, "It is better.")
    decided.advance(DAY)
    decided.run_due()
    decided.trade("ann", 1, LONG, Act.BUY, 30 * MICRO)
    ask(decided, "ann", 30, 900_000)
    bid(decided, "bob", 50)
    decided.do(resolving.file, OWNER, 1, 64 * MICRO, "the dashboard")
    decided.advance(DAY)
    before = decided.digest()
    decided.do(settling.settle, 1)
    assert decided.digest() == before

    assert decided.run_due() == ["clear", "settle"]
    assert states(decided) == [State.CANCELLED] * 2
    assert credit(decided, "bob") == 200 * MICRO


def test_an_order_in_one_branch_reserves_credit_of_that_branch_only(decided: Exchange):
    """The same eighty back a purchase in the other branch; if that branch comes true, the order died with its own."""
    decided.trade("ann", 1, LONG, Act.SPEND, 80 * MICRO, price=FORTY)
    decided.trade("ann", 2, LONG, Act.SPEND, 80 * MICRO)

    assert credit(decided, "ann") == 120 * MICRO
    assert decided.read(portfolio.portfolio, "ann").in_decisions == 80 * MICRO
    assert decided.audit() == []


@pytest.mark.usefixtures("slices_of_two")
def test_an_order_of_the_live_market_stays_while_dead_stakes_go_back(decided: Exchange):
    """It is met while the sweep is under way, and the sweep does not touch what it reserved."""
    for person in ("ann", "bob"):
        decided.trade(person, 2, LONG, Act.SPEND, 30 * MICRO)
    decided.now = START + 7 * DAY
    decided.do(deciding.record, DECIDER, 1, 1, "It is better.")
    decided.advance(DAY)
    decided.do(deciding.take_effect, 1)
    decided.trade("ann", 1, LONG, Act.SPEND, 50 * MICRO, price=FORTY)
    decided.do(deciding.sweep, 1)
    decided.trade("bob", 1, SHORT, Act.SPEND, 100 * MICRO)
    assert decided.orders()[0].shares > 0
    decided.run_due()

    assert decided.orders()[0].state == State.RESTING
    assert decided.fetch(select(market.c.resting).where(market.c.id == 1))[0].resting == 1
    assert credit(decided, "ann") == 150 * MICRO
    decided.do(cancelling.cancel, "ann", 1)
    assert credit(decided, "ann") == 200 * MICRO - decided.orders()[0].credits


def test_a_market_counts_the_orders_that_wait_in_it(opened: Exchange):
    def counted() -> int:
        return opened.fetch(select(market.c.resting))[0].resting

    for person in ("ann", "bob"):
        bid(opened, person, 2)
    assert counted() == 2
    opened.trade("cy", 1, SHORT, Act.BUY, 46 * MICRO)
    assert counted() == 1
    opened.do(cancelling.cancel, "bob", 2)
    assert counted() == 0


def test_who_may_not_trade_places_no_orders(decided: Exchange):
    for by in (DECIDER, OWNER):
        with pytest.raises(NotAllowed):
            bid(decided, by, 1)


def test_orders_due_to_end_stand_on_the_agenda_once_a_market(opened: Exchange):
    for person in ("ann", "bob"):
        bid(opened, person, 2, expires_at=START + HOUR)
    opened.now = START + HOUR

    assert opened.due() == [(cancelling.expire, 1)]
