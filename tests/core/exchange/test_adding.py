"""An option that comes later: everybody's put counts in its branch too, it trades like the others, and it is marked."""

from dataclasses import replace
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import InsufficientFunds, Invalid, NotAllowed, NotOpen, Unknown
from core.exchange import adding, deciding, portfolio, reporting, resolving, subsidising
from core.exchange.adding import AddedOption, BaseRate, MetricPlan
from core.exchange.opening import MeasurePlan, Opened
from core.exchange.trading import Act
from core.markets import registry
from core.units import MICRO

WAIT = AddedOption("Wait", (BaseRate(60 * MICRO, 20 * MICRO),))
CENTRES = tuple(25 * n * MICRO for n in range(5))
NONE, NEW = "credit@D-1:none", "credit@D-1:chosen:3"


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """Two options; Ann put 30, Bob is back to nothing but a gain in one branch, Cy waits with a limit order."""
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cy"):
        exchange.grant(person, 200)
    exchange.open()
    bought = exchange.trade("bob", 1, 0, Act.SPEND, 20 * MICRO)
    exchange.trade("ann", 1, 0, Act.SPEND, 30 * MICRO)
    exchange.trade("bob", 1, 0, Act.SELL, bought.shares)
    exchange.trade("cy", 2, 0, Act.SPEND, 10 * MICRO, price=300_000)
    return exchange


def add(exchange: Exchange, added: AddedOption = WAIT, by: str = ADMIN, decision: int = 1) -> Opened:
    return exchange.do(adding.add_option, by, decision, added)


def test_everybody_has_as_much_of_the_new_branch_as_of_none(opened: Exchange):
    """So whoever put credit in can spend it on the new option too, and gets it back if that is taken."""
    before = {
        name: opened.held(name, NONE) for name in ("person:ann", "person:bob", "person:cy", "pool:main")
    }
    free = {name: opened.held(name, "credit") for name in before}
    add(opened)

    assert before["person:ann"] == 30 * MICRO
    assert before["person:bob"] == 0
    assert before["person:cy"] == 10 * MICRO
    assert {name: opened.held(name, NEW) for name in before if name != "pool:main"} == {
        name: put for name, put in before.items() if name != "pool:main"
    }
    assert {name: opened.held(name, "credit") for name in before} == free
    assert opened.audit() == []


def test_whom_it_would_touch_is_told_before(opened: Exchange):
    """Who put credit in and still has it there; the pool and makers are nobody."""
    assert opened.read(adding.widening, ADMIN, 1) == adding.Widening(people=2, put=40 * MICRO)


@pytest.mark.parametrize("rate", [60, 80])
def test_the_new_market_opens_at_its_base_rate_with_the_liquidity_of_the_others(opened: Exchange, rate: int):
    """What the pool put in for the dearest option backs it as well; only what is missing comes out of the pool."""
    before = opened.held("pool:main", "credit")
    new = add(opened, replace(WAIT, base_rates=(BaseRate(rate * MICRO),)))
    first, dearest, market = (opened.read(registry.get, each) for each in (1, 2, 3))

    assert (new.decision_id, new.market_ids, new.metric_ids) == (1, (3,), (1,))
    assert new.reserve == market.reserve
    assert market.tick.prices == (rate * 10_000, MICRO - rate * 10_000)
    assert (market.liquidity, market.width_cap, market.closes_at) == (
        first.liquidity,
        first.width_cap,
        START + 7 * DAY,
    )
    assert before - opened.held("pool:main", "credit") == max(0, market.reserve - dearest.reserve)


def test_put_credit_can_be_spent_on_it_before_any_other(opened: Exchange):
    add(opened)
    fill = opened.trade("ann", 3, 0, Act.SPEND, 40 * MICRO)

    assert (fill.newly_locked, fill.already_conditional) == (10 * MICRO, 30 * MICRO)
    assert opened.audit() == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_can_be_taken_or_not_and_everybody_gets_their_due(opened: Exchange, number: int):
    """Whoever traded only where it was not taken has lost nothing."""
    add(opened)
    bought = opened.trade("ann", 3, 0, Act.SPEND, 40 * MICRO).shares
    held = opened.held("person:ann", "share:M-1:LONG")
    opened.now = START + 7 * DAY
    opened.do(deciding.record, DECIDER, 1, number, "So it is.")
    opened.advance(2 * DAY)
    opened.run_due()
    opened.do(resolving.file, OWNER, 1, 50 * MICRO, "the dashboard")
    opened.advance(2 * DAY)
    opened.run_due()
    put, shares = (40, bought) if number == 3 else (30, held)

    assert opened.held("person:ann", "credit") == 200 * MICRO - put * MICRO + shares // 2
    assert opened.held("person:cy", "credit") == 200 * MICRO
    assert opened.audit() == []


def test_limit_orders_of_the_other_options_wait_on(opened: Exchange):
    add(opened)
    found = opened.read(portfolio.portfolio, "cy")

    assert [(order.market_id, order.left) for order in found.orders] == [(2, 10 * MICRO)]
    assert found.in_decisions == 10 * MICRO


def test_it_is_marked_and_announced(opened: Exchange):
    opened.advance(DAY)
    add(opened)
    said = opened.fetch(select(announcement).where(announcement.c.kind == "option_added"))
    lines = opened.read(reporting.report, "ann", 1, opened.now).measures[0].options

    assert [(line.name, line.added_at) for line in lines] == [
        ("Release", None),
        ("Hold", None),
        ("Wait", int((START + DAY).timestamp())),
    ]
    assert {row.address for row in said} == {"public", "committee"}
    assert {(row.facts["option"], row.facts["by"]) for row in said} == {("Wait", ADMIN)}


def test_options_are_added_until_there_are_eight(opened: Exchange):
    for number in range(3, 9):
        add(opened, replace(WAIT, name=f"Option {number}"))
        opened.trade("ann", number, 1, Act.SPEND, 5 * MICRO)
    with pytest.raises(Invalid) as refused:
        add(opened)

    assert (refused.value.field, refused.value.rule) == ("options", "count")
    assert opened.audit() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "options"),
        ({"name": "x" * 76}, "options"),
        ({"name": " release "}, "options"),
        ({"base_rates": ()}, "measures"),
        ({"base_rates": (BaseRate(50 * MICRO),) * 2}, "measures"),
        ({"base_rates": (BaseRate(0),)}, "base_rate_1"),
        ({"base_rates": (BaseRate(101 * MICRO),)}, "base_rate_1"),
    ],
)
def test_an_option_that_breaks_a_rule_is_refused_whole(opened: Exchange, changes: dict[str, Any], field: str):
    before = opened.digest()
    with pytest.raises(Invalid) as refused:
        add(opened, replace(WAIT, **changes))

    assert refused.value.field == field
    assert opened.digest() == before


def test_only_admins_add_options_and_only_while_it_is_open(opened: Exchange):
    with pytest.raises(NotAllowed):
        add(opened, by="ann")
    with pytest.raises(Unknown):
        add(opened, decision=9)
    opened.now = START + 7 * DAY
    with pytest.raises(NotOpen):
        add(opened)


def test_what_the_pool_cannot_back_is_not_added(exchange: Exchange):
    """Nothing is left behind of an option whose reserve is missing."""
    exchange.grant("pool", 200)
    exchange.open()
    before = exchange.digest()
    with pytest.raises(InsufficientFunds):
        add(exchange, AddedOption("Wait", (BaseRate(98 * MICRO),)))

    assert exchange.digest() == before
    assert len(exchange.read(reporting.report, "ann", 1, exchange.now).measures[0].options) == 2


def test_where_each_option_has_its_own_metric_the_new_one_brings_one(exchange: Exchange):
    """In the same unit; a measure that all share takes the shared one, with its bins."""
    exchange.grant("pool", 1_000)
    bins = MetricPlan(SCORE, OWNER, CENTRES)
    rates = (BaseRate(50 * MICRO, 20 * MICRO),) * 2
    own = MeasurePlan(
        (MetricPlan(replace(SCORE, name="Ours"), OWNER), MetricPlan(replace(SCORE, name="Theirs"), OWNER)),
        rates,
    )
    exchange.open(measures=(own, MeasurePlan((bins,), rates)))
    third = MetricPlan(replace(SCORE, name="Nobody's", high=50 * MICRO), "zoe")
    both = AddedOption("Wait", (BaseRate(20 * MICRO), BaseRate(60 * MICRO, 20 * MICRO)), (third, None))
    for metrics in ((), (None, None), (replace(third, definition=replace(SCORE, unit="metres")), None)):
        with pytest.raises(Invalid) as refused:
            add(exchange, replace(both, metrics=metrics))
        assert refused.value.field == "measures"
    new = add(exchange, both)
    found = exchange.read(reporting.report, "ann", 1, exchange.now).measures
    added = [measured.options[-1] for measured in found]

    assert [line.metric for line in added] == ["Nobody's", "Score"]
    assert [len(line.outcomes) for line in added] == [2, 5]
    assert [line.expected for line in added] == pytest.approx([20 * MICRO, 60 * MICRO], rel=0.01)
    assert new.metric_ids == (3, 4)
    assert exchange.audit() == []


def test_it_has_the_liquidity_that_the_others_have_by_then(opened: Exchange):
    for market_id in (1, 2):
        opened.do(subsidising.deepen, ADMIN, market_id, 10 * MICRO)
    opened.advance(DAY)
    opened.run_due()
    deepened = opened.read(registry.get, 2).liquidity
    add(opened)

    assert opened.read(registry.get, 3).liquidity == deepened
