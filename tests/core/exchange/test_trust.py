"""How far a report says that its spread can be trusted, by what people really did."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import orjson
import pytest
from exchange_driver import DAY, DECIDER, SCORE, START, Exchange, measure
from sqlalchemy import update

from core.database import open_engine, writing
from core.exchange import deciding, reporting, trust
from core.exchange.facts import Measure, OptionTrust, Spread, Trust
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.trading import Act
from core.ledger.tables import balance
from core.units import MICRO

HOUR = timedelta(hours=1)
LONG, SHORT = 0, 1
RELEASE, HOLD = 1, 2
POINT = MICRO


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    for person in ("ann", "bob", "cat"):
        exchange.grant(person, 300)
    exchange.open()
    return exchange


@pytest.fixture(scope="module", params=["files", "server"])
def untraded(request: pytest.FixtureRequest) -> Iterator[Exchange]:
    """The same before any trade, for all who only read, on each kind of database."""
    home = request.getfixturevalue(request.param)
    url = home.create(migrated=True)
    running = Exchange(open_engine(url))
    running.grant("pool", 1_000)
    running.open()
    yield running
    running.close()
    running.engine.dispose()
    home.drop(url)


def report(exchange: Exchange, **wanted: Any) -> reporting.Report:
    return exchange.read(reporting.report, "anybody", 1, exchange.now, **{"in_full": True, **wanted})


def only(exchange: Exchange, **wanted: Any) -> Measure:
    (found,) = report(exchange, **wanted).measures
    return found


def trusted(exchange: Exchange, **wanted: Any) -> Trust:
    found = only(exchange, **wanted).trust
    assert found is not None
    return found


def spread(exchange: Exchange, **wanted: Any) -> Spread:
    return only(exchange, **wanted).spread


def option(exchange: Exchange, number: int, **wanted: Any) -> OptionTrust:
    return trusted(exchange, **wanted).options[number - 1]


def lead_now(exchange: Exchange) -> float:
    """Of the option that leads on average over the other one, as they are priced now."""
    found = only(exchange)
    expected = {line.name: line.expected for line in found.options}
    return expected[found.spread.leader] - expected[found.spread.follower]


def test_without_a_person_the_spread_is_what_it_was_before_that_person_traded(opened: Exchange):
    """Exactly so in this kind of maker, whoever traded when; of three people one is dropped from both markets."""
    opened.trade("bob", RELEASE, LONG, Act.SPEND, 30 * MICRO)
    opened.trade("cat", HOLD, LONG, Act.SPEND, 10 * MICRO)
    without_ann = lead_now(opened)
    opened.trade("ann", RELEASE, LONG, Act.SPEND, 60 * MICRO)
    opened.trade("ann", HOLD, SHORT, Act.SPEND, 50 * MICRO)
    least, most = trusted(opened).without

    assert least == pytest.approx(without_ann, abs=100)
    assert most > lead_now(opened)  # Without Cat, who pushed the other way.


def test_who_sold_everything_moves_nothing_any_more(opened: Exchange):
    bought = opened.trade("ann", RELEASE, LONG, Act.SPEND, 60 * MICRO)
    opened.trade("bob", RELEASE, LONG, Act.SPEND, 30 * MICRO)
    opened.trade("ann", RELEASE, LONG, Act.SELL, sum(opened.shares("ann", RELEASE)))
    found = trusted(opened)

    assert bought.expected_after > 50 * POINT
    assert (found.traders, found.effective, found.top_share) == (2, 1, 1)


def test_what_waits_in_a_persons_limit_order_counts_as_theirs(opened: Exchange):
    """A person is one trader, in however many accounts their shares are."""
    opened.trade("ann", RELEASE, LONG, Act.SPEND, 60 * MICRO)
    opened.trade("bob", RELEASE, LONG, Act.SPEND, 30 * MICRO)
    before = trusted(opened)
    half = opened.shares("ann", RELEASE)[LONG] // 2
    opened.trade("ann", RELEASE, LONG, Act.SELL, half, price=900_000)

    assert opened.shares("ann", RELEASE)[LONG] < 2 * half
    assert trusted(opened) == before


def test_the_effective_number_of_traders_weighs_them_by_what_they_hold(opened: Exchange):
    for person in ("ann", "bob"):
        opened.trade(person, RELEASE, LONG, Act.BUY, 30 * MICRO)
    opened.trade("cat", HOLD, SHORT, Act.BUY, 60 * MICRO)
    found = trusted(opened)

    assert found.effective == pytest.approx(120**2 / (30**2 + 30**2 + 60**2))
    assert (found.traders, found.top_share) == (3, pytest.approx(0.5))


def test_who_may_not_trade_holds_nothing_and_would_be_seen_if_they_did(opened: Exchange):
    opened.trade("ann", RELEASE, LONG, Act.BUY, 30 * MICRO)
    assert trusted(opened).restricted == 0
    theirs, anns = opened.account(f"person:{DECIDER}"), opened.account("person:ann")
    with writing(opened.engine) as connection:
        shares = opened.unit("share:M-1:LONG")
        this = (balance.c.account_id == anns) & (balance.c.unit_id == shares)
        connection.execute(update(balance).where(this).values(account_id=theirs))

    assert trusted(opened).restricted == 1


def test_a_gap_that_nobody_traded_ranks_nothing(untraded: Exchange):
    assert spread(untraded).gap == pytest.approx(10 * POINT)
    assert spread(untraded).ranked is False


def test_a_gap_that_rests_on_one_person_ranks_nothing(opened: Exchange):
    """However large it is. And beside somebody who hardly weighs, it may still be less than what it hangs on."""
    opened.trade("ann", RELEASE, LONG, Act.SPEND, 120 * MICRO)
    opened.advance(2 * DAY)
    found = spread(opened)

    assert found.gap > found.resolvable
    assert found.error == pytest.approx(found.gap - 10 * POINT, abs=1_000)
    assert (found.people, found.ranked) == (1, False)
    opened.trade("bob", RELEASE, SHORT, Act.SPEND, 60 * MICRO)
    opened.trade("cat", HOLD, LONG, Act.SPEND, 1 * MICRO)
    opened.advance(2 * DAY)
    assert spread(opened).resolvable < spread(opened).gap < spread(opened).error
    assert spread(opened).ranked is False


def test_a_gap_that_several_people_hold_up_is_ranked(opened: Exchange):
    for person in ("ann", "bob", "cat"):
        opened.trade(person, RELEASE, LONG, Act.SPEND, 40 * MICRO)
        opened.trade(person, HOLD, SHORT, Act.SPEND, 40 * MICRO)
    opened.advance(2 * DAY)
    found = spread(opened)

    assert found.gap > max(found.resolvable, found.error)
    assert found.ranked is True
    assert spread(opened, in_full=False, with_course=True) == found
    assert spread(opened, in_full=False).ranked is None


def test_a_gap_below_what_the_market_can_resolve_ranks_nothing(opened: Exchange):
    """At twenty credits of subsidy for a market a gap of ten points is nothing that anybody would correct."""
    opened.open(subsidy=20 * MICRO)
    for person in ("ann", "bob", "cat"):
        opened.trade(person, 3, LONG, Act.BUY, MICRO)
    (found,) = opened.read(reporting.report, "anybody", 2, opened.now, in_full=True).measures

    assert found.spread.error < found.spread.gap < found.spread.resolvable
    assert found.spread.ranked is False


@pytest.mark.parametrize(
    ("gap", "resolvable", "error", "people", "ranked"),
    [
        (5.0, 5.0, 5.0, 2, True),
        (4.9, 5.0, 0.0, 2, False),
        (4.9, 0.0, 5.0, 2, False),
        (9.0, 1.0, 1.0, 1, False),
    ],
)
def test_each_of_three_limits_keeps_a_ranking_back(
    gap: float, resolvable: float, error: float, people: int, ranked: bool
):
    assert trust.is_ranked(gap, resolvable, error, people) is ranked


def test_what_an_option_can_resolve_gets_coarser_the_less_likely_it_is_chosen(untraded: Exchange):
    """Correcting it earns something only if it is chosen."""
    even = [option(untraded, number) for number in (RELEASE, HOLD)]
    sure = [option(untraded, number, declared=(0.9, 0.1)) for number in (RELEASE, HOLD)]

    assert [each.chance for each in even] == [0.5, 0.5]
    assert [each.chance for each in sure] == [0.9, 0.1]
    assert sure[0].resolvable < even[0].resolvable
    assert sure[1].resolvable == pytest.approx(even[1].resolvable * 5**0.5, rel=0.05)


def test_a_chance_of_nothing_counts_as_one_in_a_hundred(untraded: Exchange):
    """And the numbers stay finite, so that they can be kept as JSON."""
    found = report(untraded, declared=(1.0, 0.0))

    assert [each.chance for each in found.measures[0].trust.options] == [0.99, 0.01]
    assert "null" not in str(orjson.loads(orjson.dumps(asdict(found)))["measures"][0]["trust"]["options"])


def test_the_breakdown_correlation_is_the_gap_over_what_selection_could_do(untraded: Exchange):
    """Of two outcomes the sd is the most that a mean allows, and the larger one counts: half of the range here."""
    found = trusted(untraded, declared=(0.7, 0.3))
    even = trusted(untraded)

    assert found.rho == pytest.approx(10 / 50 * (0.7 * 0.3) ** 0.5)
    assert found.is_leader_likelier is True
    assert found.rho_by_merit is None
    assert trusted(untraded, declared=(0.3, 0.7)).rho_by_merit == pytest.approx(
        10 / 50 * (0.7 * 0.3) ** 0.5 / 0.4
    )
    assert (even.is_leader_likelier, even.rho_by_merit) == (None, None)
    assert [each.rho for each in found.sensitivity] == [0.1, 0.3]
    assert all(each.gaussian < each.most for each in found.sensitivity)


def test_without_assumptions_the_effect_lies_on_both_sides_of_nothing(untraded: Exchange):
    low, high = trusted(untraded).effect

    assert low < 0 < high
    assert high - low == pytest.approx(100 * POINT)


def test_the_cost_of_a_flip_is_said_for_each_market_and_counts_only_if_it_settles(untraded: Exchange):
    found, legs = spread(untraded), trusted(untraded, declared=(0.8, 0.2)).flips

    assert [leg.name for leg in legs] == ["Release", "Hold"]
    assert sum(leg.outlay for leg in legs) == pytest.approx(found.outlay_credits)
    assert [leg.settled_loss / leg.expected_loss for leg in legs] == pytest.approx([0.8, 0.2])


def test_a_short_push_moves_the_median_not_at_all_and_the_lagged_average_little(opened: Exchange):
    opened.advance(2 * DAY)
    opened.trade("ann", HOLD, LONG, Act.SPEND, 100 * MICRO)
    opened.advance(2 * HOUR)
    line = only(opened).options[1]

    assert line.median == pytest.approx(40 * POINT, abs=100)
    assert line.lagged - line.median < (line.average - line.median) / 4


def test_how_far_an_average_moved_is_said_of_what_was_reported_before(opened: Exchange):
    first = {line.market_id: line.average for line in only(opened).options}
    opened.trade("ann", RELEASE, LONG, Act.SPEND, 60 * MICRO)
    opened.advance(2 * DAY)
    release, hold = only(opened, before=first).options
    (new, _) = only(opened, before={HOLD: first[HOLD]}).options

    assert release.moved == pytest.approx(release.average - 50 * POINT)
    assert (hold.moved, new.moved) == (pytest.approx(0, abs=100), None)


def test_bins_tell_the_sd_and_how_much_may_lie_beyond_the_range(exchange: Exchange):
    exchange.grant("pool", 1_000)
    centres = tuple(value * POINT for value in (0, 25, 50, 75, 100))
    wide = MeasurePlan(
        (MetricPlan(SCORE, "own", centres),), tuple(BaseRate(v * POINT, 10 * POINT) for v in (50, 40))
    )
    exchange.open(measures=(wide, measure(50, 40)))
    bins, plain = report(exchange).measures
    line, found = bins.options[0], bins.trust.options[0]

    assert (found.sd, found.is_sd_priced) == (line.implied.sd, True)
    assert found.beyond == pytest.approx(line.prices[0] + line.prices[-1])
    assert (plain.trust.options[0].is_sd_priced, plain.trust.options[0].beyond) == (False, None)


def test_the_lock_up_band_is_as_wide_as_the_time_to_the_freeze_makes_it(untraded: Exchange):
    """Thirty days at a fifth a year leave 1 - e^(-0.2 x 30 / 365.25) of the range alone."""
    low, high = option(untraded, RELEASE).stable

    assert high - low == pytest.approx(100 * POINT * 0.0162927, rel=1e-4)
    assert low < 50 * POINT < high


def test_once_the_choice_is_final_nothing_is_ranked_any_more(opened: Exchange):
    """The shares in the other option are gone, and with them what the ranking would rest on."""
    opened.trade("ann", RELEASE, LONG, Act.SPEND, 60 * MICRO)
    opened.now = START + 7 * DAY
    opened.run_due()
    assert spread(opened).ranked is not None
    opened.do(deciding.record, DECIDER, 1, RELEASE, "It is better.")
    opened.advance(DAY)
    opened.run_due()

    assert (only(opened).trust, spread(opened).ranked) == (None, None)


def test_a_full_report_names_the_deciders(untraded: Exchange):
    assert report(untraded).deciders == (DECIDER,)
    assert report(untraded, in_full=False).deciders == ()
