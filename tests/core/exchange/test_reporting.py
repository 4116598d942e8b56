"""The spread report: averages over time, what erasing the spread takes, and one report an occasion."""

from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, START, Exchange

from core.exchange import adding, deciding, reporting
from core.exchange.adding import AddedOption, BaseRate
from core.exchange.course import Course
from core.exchange.reporting import OptionLine, Report, Spread
from core.exchange.trading import Act
from core.pricing import manipulation
from core.units import MICRO

HOUR = timedelta(hours=1)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob"):
        exchange.grant(person, 100)
    exchange.open()
    return exchange


def report(exchange: Exchange) -> Report:
    return exchange.read(reporting.report, "anybody", 1, exchange.now)


def course(exchange: Exchange) -> Course:
    found = exchange.read(reporting.report, "anybody", 1, exchange.now, with_course=True).course
    assert report(exchange).course is None
    return found


def lines(found: Report) -> tuple[OptionLine, ...]:
    """The options of its only measure."""
    (measure,) = found.measures
    return measure.options


def spread(found: Report) -> Spread:
    return found.measures[0].spread


def test_a_fresh_report_has_the_opening_values(opened: Exchange):
    found = report(opened)

    assert [(line.name, line.number, line.trades) for line in lines(found)] == [
        ("Release", 1, 0),
        ("Hold", 2, 0),
    ]
    assert [line.expected for line in lines(found)] == pytest.approx([50 * MICRO, 40 * MICRO])
    assert (spread(found).leader, spread(found).follower, found.traders) == ("Release", "Hold", 0)
    assert spread(found).gap == pytest.approx(10 * MICRO)


def test_the_average_weighs_each_price_by_its_time_in_the_last_day(opened: Exchange):
    """Two days at 40, then six hours at the price that a purchase left."""
    opened.advance(2 * DAY)
    after = opened.trade("ann", 2, 0, Act.SPEND, 80 * MICRO).expected_after
    opened.advance(6 * HOUR)
    line = lines(report(opened))[1]

    assert line.expected == pytest.approx(after, abs=100)
    assert line.average == pytest.approx((18 * 40 * MICRO + 6 * after) / 24, abs=100)


def test_a_decision_younger_than_a_day_is_averaged_from_its_opening(opened: Exchange):
    opened.advance(3 * HOUR)
    after = opened.trade("ann", 2, 0, Act.SPEND, 80 * MICRO).expected_after
    opened.advance(1 * HOUR)
    found = report(opened)

    assert lines(found)[1].average == pytest.approx((3 * 40 * MICRO + after) / 4, abs=100)
    assert found.window_start == int(START.timestamp())


def test_the_leader_is_who_leads_on_average_and_not_who_was_pushed_up_last(opened: Exchange):
    opened.advance(2 * DAY)
    opened.trade("ann", 2, 0, Act.SPEND, 90 * MICRO)
    opened.advance(timedelta(minutes=15))
    found = report(opened)

    assert lines(found)[1].expected > lines(found)[0].expected
    assert spread(found).leader == "Release"


def test_erasing_the_spread_is_priced_by_moving_both_options_to_their_middle(opened: Exchange):
    found = report(opened)
    b = 200 / 0.9162907  # The subsidy over ln(1 / 0.4), the dearest market's.
    down, up = manipulation.move(b, 0.5, 0.45), manipulation.move(b, 0.4, 0.45)

    assert spread(found).outlay_credits == pytest.approx(down.outlay + up.outlay, rel=1e-5)
    assert spread(found).expected_loss_credits == pytest.approx(
        down.expected_loss + up.expected_loss, rel=1e-5
    )


def test_people_are_counted_once_and_trades_by_option(opened: Exchange):
    for market_id in (1, 1, 2):
        opened.trade("ann", market_id, 0, Act.SPEND, 5 * MICRO)
    opened.trade("bob", 1, 1, Act.SPEND, 5 * MICRO)
    found = report(opened)

    assert (found.traders, [line.trades for line in lines(found)]) == (2, [3, 1])


def test_a_report_after_the_close_stays_what_it_was_at_the_close(opened: Exchange):
    opened.advance(7 * DAY - HOUR)
    opened.trade("ann", 2, 0, Act.SPEND, 80 * MICRO)
    opened.now = START + 7 * DAY
    opened.run_due()
    at_close = report(opened)
    opened.advance(12 * HOUR)

    assert replace(report(opened), at=at_close.at) == at_close


def test_a_withdrawn_decision_is_averaged_up_to_when_trading_stopped(opened: Exchange):
    opened.advance(DAY)
    opened.trade("ann", 2, 0, Act.SPEND, 80 * MICRO)
    opened.advance(HOUR)
    before = lines(report(opened))[1].average
    opened.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    opened.advance(12 * HOUR)

    assert lines(report(opened))[1].average == before


def test_the_course_is_the_average_of_each_twentieth_of_the_time_since_opening(opened: Exchange):
    """Ten hours at the opening prices and ten at those that a purchase left."""
    opened.advance(10 * HOUR)
    after = opened.trade("ann", 2, 0, Act.SPEND, 80 * MICRO).expected_after
    opened.advance(10 * HOUR)
    found = report(opened)
    release, hold = (course(opened).values[str(line.market_id)] for line in lines(found))

    assert course(opened).moments == tuple(int((START + n * HOUR).timestamp()) for n in range(1, 21))
    assert release == pytest.approx([50 * MICRO] * 20)
    assert hold == pytest.approx([40 * MICRO] * 10 + [after] * 10, abs=100)


def test_an_option_that_was_added_later_has_a_course_from_then_on(opened: Exchange):
    opened.advance(10 * HOUR)
    opened.do(adding.add_option, ADMIN, 1, AddedOption("Delay", (BaseRate(45 * MICRO),)))
    opened.advance(10 * HOUR)
    found = report(opened)
    delay = course(opened).values[str(lines(found)[2].market_id)]

    assert delay[:10] == (None,) * 10
    assert delay[10:] == pytest.approx([45 * MICRO] * 10)


def test_a_decision_that_was_just_opened_has_no_course(opened: Exchange):
    opened.advance(timedelta(seconds=90))

    assert course(opened).moments == ()
