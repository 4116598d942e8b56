"""Hindsight: what a settled market was priced at, what it came to, what the subsidy paid for that, and who made most."""

import math
from dataclasses import asdict, replace
from typing import Any

import pytest
from exchange_driver import DAY, DECIDER, OWNER, SCORE, START, Exchange
from sqlalchemy import select

from core.announcements.tables import announcement
from core.calibration import residuals
from core.decisions.lotteries import Beacon
from core.errors import NotOpen
from core.exchange import deciding, defining, drawing, hindsight, leaders, resolving
from core.exchange.lottery_plan import LotteryPlan
from core.exchange.trading import Act
from core.funding.portfolios import POOL
from core.markets.tables import market
from core.units import MICRO

LONG, SHORT = 0, 1


@pytest.fixture
def traded(exchange: Exchange) -> Exchange:
    """Ann is for Release, Bob is against it, and Cy only backs Hold; Ann and Cy agreed to be named."""
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cy"):
        exchange.grant(person, 300)
    for person in ("ann", "cy"):
        exchange.do(leaders.set_named, person, is_named=True)
    exchange.open()
    exchange.trade("ann", 1, LONG, Act.SPEND, 90 * MICRO)
    exchange.trade("bob", 1, SHORT, Act.SPEND, 20 * MICRO)
    exchange.trade("bob", 1, LONG, Act.SPEND, 2 * MICRO)
    exchange.trade("cy", 2, LONG, Act.SPEND, 30 * MICRO)
    return exchange


def told(exchange: Exchange, kind: str = "outcome") -> list[dict[str, Any]]:
    rows = exchange.fetch(select(announcement).where(announcement.c.kind == kind).order_by(announcement.c.id))
    return [dict(row.facts) for row in rows]


def outcome(exchange: Exchange) -> dict[str, Any]:
    public, committee = told(exchange)
    assert public == committee
    return public


def test_what_the_subsidy_paid_is_what_the_pool_has_less(traded: Exchange):
    """To the micro-credit; only the market of the option that was taken cost anything."""
    traded.settle_by_reading(80 * MICRO)
    (measure,) = outcome(traded)["measures"]

    assert measure["paid"] == 1_000 * MICRO - traded.held(POOL, "credit")
    assert measure["paid"] > 0


def test_credits_a_bit_are_what_the_maker_s_liquidity_offers(traded: Exchange):
    """B ln 2, since it was never deepened; and the bits say how much likelier prices made what happened (V10)."""
    traded.settle_by_reading(80 * MICRO)
    (measure,) = outcome(traded)["measures"]
    (liquidity,) = traded.fetch(select(market.c.liquidity).where(market.c.id == 1))[0]
    before, after = (measure[when] / 100 / MICRO for when in ("opened_at_value", "frozen_at_value"))
    bits = 0.8 * math.log2(after / before) + 0.2 * math.log2((1 - after) / (1 - before))

    assert measure["bits"] == pytest.approx(bits, abs=1e-5)
    assert measure["credits_per_bit"] == pytest.approx(liquidity / MICRO * math.log(2), rel=1e-4)


def test_prices_that_went_the_wrong_way_bought_nothing(traded: Exchange):
    traded.settle_by_reading(20 * MICRO)
    (measure,) = outcome(traded)["measures"]

    assert measure["paid"] < 0
    assert measure["bits"] < 0
    assert measure["credits_per_bit"] is None


def test_what_was_learnt_after_the_close_is_told_apart(traded: Exchange):
    """The committee could use only what prices knew when it decided."""
    take(traded)
    traded.trade("bob", 1, LONG, Act.SPEND, 60 * MICRO)
    traded.do(resolving.file, OWNER, 1, 90 * MICRO, "the dashboard")
    end(traded)
    (measure,) = outcome(traded)["measures"]

    assert 0 < measure["bits_at_close"] < measure["bits"] - 0.05


def test_those_who_made_most_are_named_if_they_agreed(traded: Exchange):
    """What they had from it over what they paid; whoever lost, or was on an option not taken, is not there."""
    traded.settle_by_reading(80 * MICRO)

    assert outcome(traded)["named"] == [
        {"who": "ann", "credits": traded.held("person:ann", "credit") - 300 * MICRO}
    ]


def test_nobody_is_named_who_did_not_agree(traded: Exchange):
    traded.do(leaders.set_named, "ann", is_named=False)
    traded.settle_by_reading(80 * MICRO)

    assert outcome(traded)["named"] == []


def test_of_a_metric_that_was_never_measured_no_bits_are_told_and_no_residual_is_kept(traded: Exchange):
    take(traded)
    traded.do(resolving.void, OWNER, 1, "The dashboard was down.")
    end(traded)
    (measure,) = outcome(traded)["measures"]

    assert (measure["value"], measure["bits"], measure["credits_per_bit"]) == (None, None, None)
    assert traded.read(residuals.summary)[residuals.Kind.CHOSEN].markets == 0


def take(exchange: Exchange) -> None:
    """The first option is chosen, and trades on."""
    exchange.now = START + 7 * DAY
    exchange.do(deciding.record, DECIDER, 1, 1, "Because.")
    exchange.advance(2 * DAY)
    exchange.run_due()


def end(exchange: Exchange) -> None:
    """What was filed becomes final."""
    exchange.advance(2 * DAY)
    exchange.run_due()


def test_a_settled_market_leaves_its_residual_in_parts_of_the_range(traded: Exchange):
    """What it came to less the average of the day before the close; beyond the range counts as at its end."""
    traded.settle_by_reading(130 * MICRO)
    (measure,) = outcome(traded)["measures"]
    found = traded.read(residuals.summary)

    assert found[residuals.Kind.CHOSEN].mean == pytest.approx(
        1 - measure["closed_at_value"] / 100 / MICRO, abs=1e-6
    )
    assert asdict(found[residuals.Kind.DRAWN]) == {
        "markets": 0,
        "decisions": 0,
        "mean": None,
        "interval": None,
    }


def test_a_picture_hangs_on_each_telling_of_the_outcome(traded: Exchange):
    traded.settle_by_reading(80 * MICRO)
    pictures = [each for each in told(traded, "history") if each.get("is_outcome")]

    assert [each["report"] for each in pictures] == ["outcome:D-1:committee", "outcome:D-1:public"]


def test_the_picture_shows_only_the_option_that_was_taken_up_to_the_end_of_its_trading(traded: Exchange):
    with pytest.raises(NotOpen):
        traded.read(hindsight.outcome, "anybody", 1, traded.now)
    traded.settle_by_reading(80 * MICRO)
    found = traded.read(hindsight.outcome, "anybody", 1, traded.now)

    assert [(line.option, line.trades, line.came_to) for line in found.lines] == [("Release", 3, 80 * MICRO)]
    assert found.closes_at < found.froze_at < found.until == int(traded.now.timestamp())


def test_a_change_of_the_definition_is_told_with_the_outcome_and_marks_its_picture(traded: Exchange):
    changed = replace(SCORE, wording="The score two months later.")
    at = traded.now + DAY
    traded.now = at
    traded.do(
        defining.approve, DECIDER, 1, traded.do(defining.propose, OWNER, 1, changed, OWNER, "So it is.")
    )
    traded.settle_by_reading(80 * MICRO)
    found = traded.read(hindsight.outcome, "anybody", 1, traded.now)

    assert found.redefined == ((int(at.timestamp()), "Score"),)
    assert outcome(traded)["redefined"] == [[int(at.timestamp()), "Score"]]


def test_a_question_is_summed_up_alike(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.do(leaders.set_named, "ann", is_named=True)
    exchange.ask(public_address="here")
    exchange.trade("ann", 1, LONG, Act.SPEND, 40 * MICRO)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    exchange.do(resolving.file, OWNER, 1, MICRO, "The store.")
    end(exchange)
    (answer,), (picture,) = told(exchange, "answer"), told(exchange, "history")
    (measure,) = answer["measures"]

    assert measure["paid"] == 1_000 * MICRO - exchange.held(POOL, "credit") > 0
    assert measure["bits"] == measure["bits_at_close"] > 0
    assert [each["who"] for each in answer["named"]] == ["ann"]
    assert picture["report"] == "answer:M-1"
    found = exchange.read(hindsight.answer, "anybody", picture["market_id"], exchange.now)
    assert (found.lines[0].came_to, found.trades) == (MICRO, 1)


def test_a_drawn_option_is_summed_up_as_drawn_with_what_was_not_kept(exchange: Exchange):
    """Its residual counts among the drawn ones; a breach settles nothing differently, and is told."""
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    sure = LotteryPlan(1_000_000, (1, 1), Beacon("A beacon", "the next"), b"\x11" * 32)
    exchange.open(lottery=sure)
    for market_id in (3, 4):
        exchange.trade("ann", market_id, LONG, Act.SPEND, 20 * MICRO)
    exchange.now = START + 7 * DAY
    exchange.do(drawing.draw, 1, "ab" * 32)
    exchange.advance(2 * DAY)
    exchange.run_due()
    exchange.do(drawing.breach, DECIDER, 1, "We could not do it.")
    exchange.do(resolving.file, OWNER, 1, 90 * MICRO, "the dashboard")
    end(exchange)
    found = outcome(exchange)

    assert (found["is_drawn"], found["reason"]) == (True, None)
    assert [each["kind"] for each in found["breaches"]] == ["not_carried_out"]
    assert found["trades"] == 1
    kept = exchange.read(residuals.summary)
    assert [kept[kind].markets for kind in residuals.Kind] == [0, 1]
