"""Questions that hang on no decision: told where they were opened, listed as they stand, and told what became of them."""

from datetime import timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, OWNER, SCORE, START, Exchange, question
from sqlalchemy import select

from core.announcements.tables import announcement
from core.errors import Invalid, KeyReused
from core.exchange import notifying, opening, portfolio, questions, resolving
from core.exchange.opening import BaseRate, Definition, MetricPlan
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.exchange.trading import Act
from core.ledger import holders
from core.markets import registry
from core.units import MICRO

SHIPS = Definition("Do we ship in June?", YES_OR_NO, 0, HUNDRED, "Yes if it is in the store on 30 June.")
CARD = "card:M-1:public"


def asked(exchange: Exchange, **changes: Any) -> Any:
    """A yes or no at 60%, backed by 50 credits, told in public."""
    said = {
        "asked": MetricPlan(SHIPS, OWNER),
        "rate": BaseRate(60 * MICRO),
        "subsidy": 50 * MICRO,
        "closes_at": START + 7 * DAY,
        "reading_challenge_seconds": 86_400,
        "public_address": "public",
    }
    return exchange.do(opening.open_question, ADMIN, opening.question(**said | changes), key="view")


@pytest.fixture
def open_one(exchange: Exchange) -> Exchange:
    for to in ("pool", "ann", "bob"):
        exchange.grant(to, 500)
    asked(exchange)
    return exchange


def told(exchange: Exchange) -> list[tuple[str, str, str]]:
    """What is to be told in public, oldest first: its kind, what it is about, and its state."""
    wanted = select(announcement.c.kind, announcement.c.about, announcement.c.version)
    return [
        tuple(row)
        for row in exchange.fetch(
            wanted.where(announcement.c.address == "public").order_by(announcement.c.id)
        )
    ]


def row(exchange: Exchange, by: str = "ann") -> questions.AskedRow:
    found: questions.AskedRow = exchange.read(questions.row, by, 1, exchange.now)
    return found


def test_it_opens_at_its_base_rate_with_what_the_subsidy_backs(open_one: Exchange):
    """As Yes and No, with a cap as any market of a decision has."""
    market = open_one.read(registry.get, 1)

    assert [outcome.name for outcome in market.outcomes] == ["YES", "NO"]
    assert market.tick.prices == (600_000, 400_000)
    assert market.reserve <= 50 * MICRO < market.reserve + 3
    assert market.width_cap == market.liquidity * 11 // 10
    assert open_one.audit() == []


def test_a_key_opens_it_once(open_one: Exchange):
    again = asked(open_one)
    assert (again.name, again.market_ids) == ("M-1", (1,))
    assert len(open_one.read(questions.open_for, "ann", START)) == 1
    with pytest.raises(KeyReused):
        asked(open_one, asked=MetricPlan(SCORE, OWNER), rate=BaseRate(60 * MICRO))
    for changed in (
        {"subsidy": 60 * MICRO},
        {"closes_at": START + 8 * DAY},
        {"asked": MetricPlan(SHIPS, "bob")},
        {"public_address": "elsewhere"},
    ):
        with pytest.raises(KeyReused):
            asked(open_one, **changed)
    with pytest.raises(Invalid):
        asked(open_one, public_address=None)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"rate": BaseRate(0)}, "base_rate", "between"),
        ({"subsidy": 1}, "subsidy", "least_subsidy"),
        ({"subsidy": 0}, "subsidy", "positive"),
        ({"closes_at": START}, "closes_at", "future"),
        ({"asked": MetricPlan(SHIPS, OWNER, (0, 50 * MICRO, HUNDRED))}, "metric_unit", "yes_or_no"),
        ({"asked": MetricPlan(SCORE, OWNER, (0, HUNDRED))}, "base_rate_sd", "positive"),
    ],
)
def test_what_cannot_be_asked_is_refused_under_its_input(
    exchange: Exchange, changes: dict[str, Any], field: str, rule: str
):
    with pytest.raises(Invalid) as refused:
        asked(exchange, **changes)
    assert (refused.value.field, refused.value.rule) == (field, rule)


def test_its_card_is_told_anew_with_each_batch_of_trades(open_one: Exchange):
    assert told(open_one) == [("question", "M-1", 1)]
    open_one.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    open_one.trade("bob", 1, 1, Act.SPEND, 10 * MICRO)
    assert told(open_one) == [("question", "M-1", 3)]


def test_one_without_an_address_is_told_nowhere_and_listed_all_the_same(exchange: Exchange):
    """As those that were opened before questions were told."""
    exchange.grant("pool", 500)
    exchange.grant("ann", 500)
    exchange.do(opening.open_question, ADMIN, question())
    exchange.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    exchange.advance(7 * DAY)
    exchange.run_due()
    exchange.do(resolving.file, OWNER, 1, MICRO, "the store")

    assert told(exchange) == []
    assert [each.market_id for each in exchange.read(questions.open_for, "ann", exchange.now)] == [1]


def test_it_is_told_what_is_filed_objected_ruled_and_what_it_came_to(open_one: Exchange):
    """And stands so wherever it is listed, through its whole life."""
    open_one.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    assert (row(open_one).report.state, row(open_one).report.is_trading) == ("open", True)
    assert (row(open_one).may_trade, row(open_one, OWNER).may_trade, row(open_one, OWNER).is_owner) == (
        True,
        False,
        True,
    )
    open_one.advance(7 * DAY)
    open_one.run_due()
    assert row(open_one).report.state == "frozen"
    open_one.do(resolving.file, OWNER, 1, HUNDRED, "the store")
    assert row(open_one).report.state == "read"
    open_one.do(resolving.challenge, "bob", 1, "It was the beta.")
    assert row(open_one, ADMIN).metric.may_rule
    assert row(open_one).report.state == "objected"
    open_one.do(resolving.rule, ADMIN, 1, is_upheld=True, ruling="It was.")
    assert row(open_one).report.state == "set_aside"
    open_one.do(resolving.file, OWNER, 1, 0, "the store, looked at twice")
    open_one.advance(DAY)
    open_one.run_due()

    assert [kind for kind, _, _ in told(open_one)] == [
        "question",
        "reading",
        "objected",
        "ruled",
        "reading",
        "answer",
        "history",
    ]
    (ended,) = open_one.read(questions.ended_for, "ann", open_one.now)
    assert (ended.report.state, ended.report.value) == ("settled", 0)
    assert open_one.read(questions.open_for, "ann", open_one.now) == []
    assert [each.credits for each in open_one.read(portfolio.settled, "ann")] == [-10 * MICRO]


def test_one_that_is_read_early_stops_trading_at_once(open_one: Exchange):
    """Its summary compares with the time until then."""
    open_one.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    open_one.advance(timedelta(days=2))
    open_one.do(resolving.file, OWNER, 1, HUNDRED, "the store")
    assert not row(open_one).report.is_trading
    open_one.advance(DAY)
    open_one.run_due()
    (facts,) = [
        each.facts for each in open_one.fetch(select(announcement).where(announcement.c.kind == "answer"))
    ]

    (measure,) = facts["measures"]
    assert measure["closed_at_value"] == measure["frozen_at_value"] > 60 * MICRO
    assert (measure["value"], facts["trades"], facts["traders"]) == (HUNDRED, 1, 1)


def test_never_measured_pays_by_the_prices_before_the_close(open_one: Exchange):
    open_one.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    open_one.advance(7 * DAY)
    open_one.run_due()
    open_one.do(resolving.void, ADMIN, 1, "The store is closed.")
    open_one.advance(DAY)
    open_one.run_due()

    assert row(open_one).report.state == "settled"
    assert (row(open_one).report.is_read, row(open_one).report.value) == (True, None)


def test_words_find_it_by_what_it_asks_and_by_its_wording(open_one: Exchange):
    found = open_one.read(questions.search, "ann", "ship june", START)
    assert (found.number, [each.market_id for each in found.rows]) == (1, [1])
    assert open_one.read(questions.search, "ann", "STORE", START).number == 1
    assert open_one.read(questions.search, "ann", "ship july", START).number == 0


def test_a_decision_of_a_yes_or_no_trades_as_yes_and_no(exchange: Exchange):
    """One kind of question, wherever it is asked."""
    slots = MetricPlan(SHIPS, OWNER).slots(BaseRate(30 * MICRO), "base_rate_1")
    assert [(slot.name, round(slot.price, 6)) for slot in slots] == [("YES", 0.3), ("NO", 0.7)]


def test_whoever_holds_something_is_told_once_a_day_before_it_closes(open_one: Exchange):
    """Shares or a limit order; whoever has neither is left alone."""
    open_one.trade("ann", 1, 0, Act.SPEND, 10 * MICRO)
    open_one.trade("bob", 1, 0, Act.SPEND, 10 * MICRO, price=500_000)
    open_one.now = START + 6 * DAY - timedelta(seconds=1)
    assert "warn_of_question" not in open_one.run_due()
    open_one.now = START + 6 * DAY
    assert open_one.run_due() == ["warn_of_question"]
    assert open_one.run_due() == []
    told_of = open_one.fetch(select(announcement).where(announcement.c.kind == "closing"))

    assert sorted(each.address for each in told_of) == ["ann", "bob"]
    assert {(each.about, each.facts["market_id"], each.facts["decision_id"]) for each in told_of} == {
        ("M-1", 1, None)
    }


def test_many_holders_are_told_in_slices(open_one: Exchange, monkeypatch: pytest.MonkeyPatch):
    for module in (holders, notifying):
        monkeypatch.setattr(module, "SLICE", 2)
    names = [f"p{n}" for n in range(5)]
    for name in names:
        open_one.grant(name, 10)
        open_one.trade(name, 1, 0, Act.SPEND, 5 * MICRO)
    open_one.now = START + 6 * DAY
    assert open_one.run_due().count("warn_of_question") > 2
    told_of = open_one.fetch(select(announcement.c.address).where(announcement.c.kind == "closing"))

    assert sorted(each.address for each in told_of) == names
