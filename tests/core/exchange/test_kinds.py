"""Kinds of markets and decisions: ranges, bins, several measures, a metric for each option, many options."""

from itertools import pairwise

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, SCORE, START, Exchange, measure
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import InsufficientFunds, NotAllowed, NotOpen
from core.exchange import board, deciding, portfolio, reporting, resolving, trading
from core.exchange.opening import BaseRate, Definition, MeasurePlan, MetricPlan, yes_no
from core.exchange.trading import Act
from core.markets import outcomes
from core.markets.tables import market, metric, outcome
from core.units import MICRO

CENTRES = tuple(value * MICRO for value in (0, 10, 20, 35, 50, 75, 100))
LATENCY = Definition("Latency", "ms", -50 * MICRO, 150 * MICRO, "The median of a week.")
LONG, SHORT = 0, 1


@pytest.fixture
def funded(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 2_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 300)
    return exchange


def take(exchange: Exchange, option: int = 1) -> None:
    """The decision is made and final."""
    exchange.now = START + 7 * DAY
    exchange.do(deciding.record, DECIDER, 1, option, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()


def settle(exchange: Exchange, value: int, metric_id: int = 1, by: str = OWNER) -> None:
    exchange.do(resolving.file, by, metric_id, value, "the dashboard")
    exchange.advance(DAY)
    exchange.run_due()


def credit(exchange: Exchange, person: str) -> int:
    return exchange.held(f"person:{person}", "credit")


@pytest.mark.parametrize(
    ("outcome", "value", "price"),
    [(LONG, 0, 250_000), (SHORT, 0, 750_000), (LONG, 149_800_000, 999_000), (SHORT, -49_800_000, 999_000)],
)
def test_a_limit_price_can_be_named_as_a_value_of_the_metric(
    funded: Exchange, outcome: int, value: int, price: int
):
    """Latency from -50 to 150 ms: whoever buys Higher at 0 ms or below pays a quarter at most."""
    opened = funded.open(measures=(measure(50, 40, metric=LATENCY),))

    assert funded.read(trading.price_at, opened.market_ids[0], outcome, value) == price


@pytest.mark.parametrize(
    ("value", "long_pays"),
    [
        (-(10**9), 0),
        (-51 * MICRO, 0),
        (-50 * MICRO, 0),
        (-50 * MICRO + 1, 0),
        (0, 25 * MICRO),
        (49_999_999, 49_999_999),
        (50 * MICRO, 50 * MICRO),
        (150 * MICRO, 100 * MICRO),
        (10**9, 100 * MICRO),
    ],
)
def test_a_range_pays_by_the_place_of_the_value_in_it_clipped_at_both_ends(
    funded: Exchange, value: int, long_pays: int
):
    """100 LONG on [-50, 150], and 40 SHORT; each pays rounded down."""
    rates = (BaseRate(50 * MICRO), BaseRate(0))
    funded.open(measures=(MeasurePlan((MetricPlan(LATENCY, OWNER),), rates),))
    spent = funded.trade("ann", 1, LONG, Act.BUY, 100 * MICRO).cost
    other = funded.trade("bob", 1, SHORT, Act.BUY, 40 * MICRO).cost
    take(funded)
    settle(funded, value)
    place = min(max(value + 50 * MICRO, 0), 200 * MICRO)

    assert credit(funded, "ann") == 300 * MICRO - spent + long_pays
    assert credit(funded, "bob") == 300 * MICRO - other + 40 * (200 * MICRO - place) // 200
    assert long_pays == place // 2


@pytest.mark.parametrize(
    "value", [-MICRO, 0, 4 * MICRO, 10 * MICRO, 27_123_457, 62_500_000, 99_999_999, 101 * MICRO]
)
def test_bins_pay_like_hats_whatever_was_traded_in_them(funded: Exchange, value: int):
    """Seven centres at uneven gaps; positions by every act, settled between two centres."""
    funded.open(measures=(measure(30, 40, centres=CENTRES),), subsidy=600 * MICRO)
    funded.trade("ann", 1, (1, 2, 3), Act.SPEND, 30 * MICRO)
    funded.trade("ann", 1, 5, Act.BUY, 20 * MICRO)
    funded.trade("bob", 1, (4, 5, 6), Act.BUY, 25_000_003)
    funded.trade("bob", 1, (), Act.MOVE, 20 * MICRO, estimate=80 * MICRO)
    funded.trade("ann", 1, (1, 2), Act.SELL, 7_654_321)
    funded.trade("bob", 1, 6, Act.SELL_ALL, 0)
    held = {person: funded.shares(person, 1) for person in ("ann", "bob")}
    take(funded)
    before = {person: credit(funded, person) for person in held}
    settle(funded, value)

    for person, shares in held.items():
        assert credit(funded, person) - before[person] == sum(map(pays, shares, CENTRES, [value] * 7))
        assert min(shares) == 0
        assert sum(map(bool, shares)) > 2
    assert funded.audit() == []


def pays(shares: int, centre: int, value: int) -> int:
    """1 at the centre, 0 from the neighbouring ones on, and in proportion between them; rounded down."""
    clipped = min(max(value, CENTRES[0]), CENTRES[-1])
    for low, high in pairwise(CENTRES):
        if low <= clipped < high or clipped == high == CENTRES[-1]:
            inside = {low: high - clipped, high: clipped - low}
            return shares * inside.get(centre, 0) // (high - low)
    raise AssertionError(value)


def test_bins_open_at_hats_whose_mean_is_the_base_rate(funded: Exchange):
    funded.open(measures=(measure(30, 40, centres=CENTRES),), subsidy=600 * MICRO)
    found = funded.read(reporting.report, "anybody", 1, funded.now).measures[0]

    assert [line.expected for line in found.options] == pytest.approx([30 * MICRO, 40 * MICRO], rel=0.01)
    assert found.options[0].outcomes == ("0", "10", "20", "35", "50", "75", "100")
    assert found.spread.leader == "Hold"


def test_a_full_set_of_bins_goes_back_for_exactly_one_each(funded: Exchange):
    """Bought as two baskets that together are all there is."""
    funded.open(measures=(measure(30, 40, centres=CENTRES),), subsidy=600 * MICRO)
    first = funded.trade("ann", 1, (0, 1, 2), Act.BUY, 20 * MICRO)
    second = funded.trade("ann", 1, (3, 4, 5, 6), Act.BUY, 30 * MICRO)

    assert (first.sets, second.sets) == (0, 20 * MICRO)
    assert funded.shares("ann", 1) == [0, 0, 0, *[10 * MICRO] * 4]
    assert credit(funded, "ann") == 300 * MICRO - first.cost - second.cost + 20 * MICRO


def test_selling_what_one_has_of_a_basket_sells_no_more_than_there_is(funded: Exchange):
    funded.open(measures=(measure(30, 40, centres=CENTRES),), subsidy=600 * MICRO)
    funded.trade("ann", 1, (1, 2), Act.BUY, 10 * MICRO)
    with pytest.raises(InsufficientFunds):
        funded.trade("ann", 1, (1, 2, 3), Act.SELL, MICRO)
    fill = funded.trade("ann", 1, (1, 2, 3), Act.SELL_ALL, 0)

    assert fill.bought == (0, -10 * MICRO, -10 * MICRO, 0, 0, 0, 0)
    assert 0 <= 300 * MICRO - credit(funded, "ann") <= 4


def test_measures_of_different_kinds_stand_beside_each_other_in_one_decision(funded: Exchange):
    """A range, bins and a yes-or-no; one balance backs a bet in each of two branches, but not twice in one."""
    shipped = Definition("Shipped", "yes", 0, MICRO, "1 if it was shipped.")
    funded.open(
        measures=(
            measure(50, 40),
            measure(30, 40, metric=LATENCY, centres=(-50 * MICRO, 30 * MICRO, 150 * MICRO)),
            MeasurePlan((MetricPlan(shipped, OWNER),), (BaseRate(600_000), BaseRate(300_000))),
        ),
        subsidy=600 * MICRO,
    )
    rows = funded.fetch(select(market).order_by(market.c.id))
    assert [row.measure for row in rows] == [1, 1, 2, 2, 3, 3]
    assert len({row.liquidity for row in rows}) == 1
    report = funded.read(reporting.report, "anybody", 1, funded.now)
    assert [each.metric for each in report.measures] == ["Score", "Latency", "Shipped"]
    assert [each.spread.leader for each in report.measures] == ["Release", "Hold", "Release"]

    for market_id, chosen in ((1, LONG), (3, 2), (5, LONG)):
        funded.trade("ann", market_id, chosen, Act.BUY, 30 * MICRO)
    put = 300 * MICRO - credit(funded, "ann")
    funded.trade("ann", 2, SHORT, Act.SPEND, put)
    assert credit(funded, "ann") == 300 * MICRO - put
    assert funded.read(portfolio.portfolio, "ann").in_decisions == put
    take(funded)
    shares = [funded.shares("ann", market_id) for market_id in (1, 3, 5)]
    before = credit(funded, "ann")
    for metric_id, value in ((1, 80 * MICRO), (2, 90 * MICRO), (3, MICRO)):
        settle(funded, value, metric_id)

    paid = shares[0][LONG] * 80 // 100 + shares[1][2] * 60 // 120 + shares[2][LONG]
    assert credit(funded, "ann") == before + paid
    assert [row.state for row in funded.fetch(select(market.c.state).order_by(market.c.id))] == [
        "settled",
        "dead",
    ] * 3


def test_each_option_can_have_a_metric_of_its_own_read_by_its_own_owner(funded: Exchange):
    """Ours if we release, the competitor's if we do not: compared in one unit, each traded and read for itself."""
    ours = Definition("Our share", "percent", 0, 100 * MICRO, "Our share of the market in June.")
    theirs = Definition("Their share", "percent", 20 * MICRO, 60 * MICRO, "Theirs.")
    plans = (MetricPlan(ours, "olga"), MetricPlan(theirs, "otto"))
    funded.open(measures=(MeasurePlan(plans, (BaseRate(50 * MICRO), BaseRate(45 * MICRO))),))
    report = funded.read(reporting.report, "anybody", 1, funded.now).measures[0]
    assert (report.metric, report.low, report.high) == ("Our share / Their share", 0, 100 * MICRO)
    assert [line.expected for line in report.options] == pytest.approx([50 * MICRO, 45 * MICRO], abs=1_000)
    owners = [metric.owner for metric in funded.read(board.row, "olga", 1, funded.now).metrics.values()]
    assert owners == ["olga", "otto"]

    with pytest.raises(NotAllowed):
        funded.trade("olga", 1, LONG, Act.SPEND, MICRO)
    bought = funded.trade("ann", 2, LONG, Act.BUY, 40 * MICRO)
    take(funded, option=2)
    for by in ("olga", ADMIN, "ann"):
        with pytest.raises(NotAllowed):
            funded.do(resolving.file, by, 2, 50 * MICRO, "the dashboard")
    with pytest.raises(NotOpen) as refused:
        funded.do(resolving.file, "olga", 1, 50 * MICRO, "the dashboard")
    assert refused.value.state == "dead"
    settle(funded, 50 * MICRO, 2, by="otto")

    assert credit(funded, "ann") == 300 * MICRO - bought.cost + 30 * MICRO
    facts = funded.fetch(select(announcement.c.facts).where(announcement.c.kind == "outcome"))[0].facts
    assert [each["metric"] for each in facts["measures"]] == ["Their share"]


def test_who_owns_the_metric_of_one_option_may_not_trade_that_one(funded: Exchange):
    """Nor may who decides trade any; the other option's owner is a trader like others there."""
    plans = (MetricPlan(SCORE, "olga"), MetricPlan(SCORE, "otto"))
    funded.open(measures=(MeasurePlan(plans, (BaseRate(50 * MICRO), BaseRate(45 * MICRO))),))
    funded.grant("otto", 100)
    with pytest.raises(NotAllowed) as refused:
        funded.trade("otto", 2, LONG, Act.SPEND, MICRO)

    assert refused.value.because == "metric_owner"
    with pytest.raises(NotAllowed):
        funded.trade(DECIDER, 1, LONG, Act.SPEND, MICRO)


def test_eight_options_share_one_balance_and_one_deposit(funded: Exchange):
    names = tuple(f"Option {number}" for number in range(1, 9))
    opened = funded.open(options=names, measures=(measure(*range(20, 100, 10)),), subsidy=400 * MICRO)
    assert len(opened.market_ids) == 8
    assert opened.reserve <= 400 * MICRO
    assert funded.held("pool:main", "credit") == 2_000 * MICRO - opened.reserve

    for market_id in opened.market_ids:
        funded.trade("ann", market_id, LONG, Act.SPEND, 50 * MICRO)
    assert credit(funded, "ann") == 250 * MICRO
    assert funded.read(portfolio.portfolio, "ann").in_decisions == 50 * MICRO
    shares = funded.shares("ann", 5)
    take(funded, option=5)
    settle(funded, 100 * MICRO)

    assert credit(funded, "ann") == 250 * MICRO + shares[LONG]
    states = [row.state for row in funded.fetch(select(market.c.state).order_by(market.c.id))]
    assert states == ["dead"] * 4 + ["settled"] + ["dead"] * 3


def test_a_question_can_have_up_to_twelve_outcomes(funded: Exchange):
    centres = [MICRO * number for number in range(12)]
    slots = tuple(outcomes.bins(centres, [1 / 12] * 12))
    funded.ask(metric=Definition("Count", "pieces", 0, 11 * MICRO, "How many."), outcomes=slots)
    funded.trade("ann", 1, tuple(range(11)), Act.BUY, 10 * MICRO)
    funded.now = START + 7 * DAY
    before = credit(funded, "ann")
    settle(funded, 10_250_000)

    assert credit(funded, "ann") == before + 7_500_000


def test_a_yes_or_no_question_is_a_range_from_0_to_1(funded: Exchange):
    funded.ask(outcomes=yes_no(0.3))
    named = select(outcome.c.name, outcome.c.centre).order_by(outcome.c.number)

    assert [tuple(row) for row in funded.fetch(named)] == [("YES", MICRO), ("NO", 0)]
    assert [tuple(row) for row in funded.fetch(select(metric.c.low, metric.c.high))] == [(0, MICRO)]
