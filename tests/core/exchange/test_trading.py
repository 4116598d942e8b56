"""Quotes and orders: what a quote says is what an order does, and a batch answers each of its orders."""

import pytest
from exchange_driver import DECIDER, OWNER, SCORE, Exchange
from server import drop_connections
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, NotAllowed, PriceMoved, Refusal, Unknown
from core.exchange import trading
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.trading import Act, Fill, Order
from core.markets.tables import trade, trader
from core.people.tables import person
from core.units import MICRO


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    for by in ("ann", "bob"):
        exchange.grant(by, 100)
    exchange.open()
    return exchange


def order(by: str = "ann", key: str = "k", **changes: object) -> Order:
    usual = {"market_id": 1, "outcomes": (0,), "act": Act.SPEND, "amount": 10 * MICRO}
    return Order(key, by, **{**usual, **changes})


def test_a_quote_says_what_the_order_does_and_does_nothing(opened: Exchange):
    before = opened.digest()
    quoted = opened.read(trading.quote, "ann", order(), opened.now)

    assert opened.digest() == before
    fill = opened.do(trading.execute, order())
    assert fill == quoted._replace(trade=1)
    assert opened.held("person:ann", "credit") == 100 * MICRO - quoted.newly_locked


def test_anybody_may_ask_what_an_order_would_cost(opened: Exchange):
    """A stranger has nothing to spend, which is no obstacle to a quote."""
    quoted = opened.read(trading.quote, "stranger", order(by="stranger"), opened.now)

    assert (quoted.free, quoted.is_affordable) == (0, False)
    assert quoted.cost <= 10 * MICRO


def test_conditional_credit_is_spent_first(opened: Exchange):
    opened.do(trading.execute, order(key="a", amount=30 * MICRO))
    quoted = opened.read(trading.quote, "ann", order(market_id=2, amount=40 * MICRO), opened.now)

    assert (quoted.free, quoted.conditional) == (70 * MICRO, 30 * MICRO)
    assert quoted.newly_locked + quoted.already_conditional == quoted.cost
    assert quoted.already_conditional == 30 * MICRO


def test_an_order_moves_the_price_and_the_expected_value_its_way(opened: Exchange):
    higher, lower = (
        opened.do(trading.execute, order(key=f"k{n}", outcomes=(n,), by=by))
        for n, by in enumerate(("ann", "bob"))
    )

    assert higher.price_before == pytest.approx(0.5)
    assert higher.price_after > higher.average_price > higher.price_before
    assert higher.expected_after > higher.expected_before == pytest.approx(50 * MICRO)
    assert lower.expected_before == higher.expected_after > lower.expected_after


def test_a_price_that_moved_is_refused_with_the_new_quote(opened: Exchange):
    quoted = opened.read(trading.quote, "ann", order(), opened.now)
    opened.trade("bob", 1, 0, Act.SPEND, 50 * MICRO)
    with pytest.raises(PriceMoved) as refused:
        opened.do(trading.execute, order(limit=quoted.shares))

    assert refused.value.quote.shares < quoted.shares
    assert opened.do(trading.execute, order(limit=refused.value.quote.shares)).shares


def test_a_batch_answers_each_order_in_its_place(opened: Exchange):
    """Fills, refusals and repeats in one transaction, each as if it had come alone and in that order."""
    batch = [
        order(key="a"),
        order(key="b", by=DECIDER),
        order(key="c", by=OWNER),
        order(key="d", market_id=99),
        order(key="a"),
        order(key="e", outcomes=(2,)),
        order(key="f", amount=91 * MICRO),
        order(key="g", by="bob", outcomes=(1,)),
    ]
    answers = opened.do(lambda connection, now: trading.execute(connection, batch, now))

    kinds = [Fill, NotAllowed, NotAllowed, Unknown, Fill, Invalid, Refusal, Fill]
    assert all(isinstance(answer, kind) for answer, kind in zip(answers, kinds, strict=True))
    assert answers[0] == answers[4]
    assert [answers[0].trade, answers[7].trade] == [1, 2]
    assert len(opened.fetch(select(trade))) == 2
    assert opened.audit() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "x" * 201}, "key"),
        ({"outcomes": (-1,)}, "outcome"),
        ({"outcomes": (2,)}, "outcome"),
        ({"outcomes": ()}, "outcome"),
        ({"outcomes": (0, 1)}, "outcome"),
        ({"outcomes": (0, 0)}, "outcome"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**18}, "amount"),
        ({"amount": 9_999}, "amount"),
        ({"act": Act.BUY, "amount": 1}, "amount"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_field(opened: Exchange, changes: dict, field: str):
    before = opened.digest()
    with pytest.raises(Invalid) as refused:
        opened.do(trading.execute, order(**changes))

    assert refused.value.field == field
    assert opened.digest() == before


def test_traders_and_their_trades_are_counted(opened: Exchange):
    for number, by in enumerate(("ann", "bob", "ann")):
        opened.do(trading.execute, order(key=f"k{number}", by=by))
    rows = opened.fetch(select(trader.c.trades).order_by(trader.c.person_id))

    assert sorted(row.trades for row in rows) == [1, 2]


def test_who_trades_by_a_limit_order_that_is_met_is_a_trader(opened: Exchange):
    opened.do(trading.execute, order(key="waits", by="ann", outcomes=(1,), price=400_000))
    assert opened.fetch(select(trader)) == []
    opened.do(trading.execute, order(key="meets", by="bob", amount=90 * MICRO))
    names = select(person.c.identity, trader.c.trades).join(person, person.c.id == trader.c.person_id)

    assert sorted(tuple(row) for row in opened.fetch(names)) == [("ann", 1), ("bob", 1)]


def test_nobody_who_reads_one_of_its_metrics_trades_any_market_of_a_decision(exchange: Exchange):
    """Each option is measured by a metric with its own owner."""
    exchange.grant("pool", 1_000)
    for by in (OWNER, "reader", "ann"):
        exchange.grant(by, 100)
    rate = BaseRate(50 * MICRO, 20 * MICRO)
    metrics = (MetricPlan(SCORE, OWNER), MetricPlan(SCORE, "reader"))
    opened = exchange.open(measures=(MeasurePlan(metrics, (rate, rate)),))
    for market_id in opened.market_ids:
        for by in (OWNER, "reader"):
            with pytest.raises(NotAllowed) as refused:
                exchange.do(trading.execute, order(by=by, market_id=market_id, key=f"{by}{market_id}"))
            assert refused.value.because == "metric_owner"
        exchange.do(trading.execute, order(by="ann", market_id=market_id, key=f"ann{market_id}"))


def test_a_trade_renews_the_card_of_its_decision_everywhere(opened: Exchange):
    cards = select(announcement.c.address, announcement.c.version).where(announcement.c.kind == "card")
    opened.do(trading.execute, order())

    assert sorted(tuple(row) for row in opened.fetch(cards)) == [("committee", 2), ("public", 2)]


def test_a_trade_on_a_lost_connection_is_done_on_another_one(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    market_id = exchange.ask().market_ids[0]
    exchange.trade("ann", market_id, 0, Act.SPEND, 10 * MICRO)
    drop_connections(exchange.engine)

    exchange.trade("ann", market_id, 0, Act.SPEND, 10 * MICRO)

    assert exchange.held("person:ann", "credit") == 80 * MICRO
    assert exchange.audit() == []
