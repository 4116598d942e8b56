"""What deciders declare is sealed until the close, changeable until then, and kept; they are asked for it twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, START, Exchange, lottery, measure
from lots import draw, open_lottery
from sqlalchemy import Connection, select

from core.announcements.tables import announcement
from core.calibration.tables import declaration
from core.decisions import registry as decisions
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import adding, board, deciding, declaring, postponing, reporting
from core.exchange.adding import AddedOption
from core.exchange.deciders import Declared
from core.exchange.declaring import Declaration
from core.exchange.opening import BaseRate
from core.exchange.postponing import Dates
from core.units import MICRO

DECIDERS = (DECIDER, "kim", "lou")


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.open(deciders=DECIDERS)
    return exchange


def say(exchange: Exchange, by: str, *chances: int, forecasts: tuple[int, ...] = (60, 50)) -> None:
    """Chances of the options, the rest being for none; forecasts in whole units."""
    none = 100 - sum(chances)
    exchange.do(declaring.declare, by, 1, Declaration(chances, none, (tuple(f * MICRO for f in forecasts),)))


def declared(exchange: Exchange) -> Declared | None:
    return exchange.read(lambda c: declaring.declared(c, decisions.get(c, 1), exchange.now))


def report(exchange: Exchange, by: str) -> Any:
    return exchange.read(reporting.report, by, 1, exchange.now)


def asked(exchange: Exchange) -> list[tuple[str, bool]]:
    """Who was asked, in the order in which it was written, and whether they had declared already."""
    wanted = select(announcement).where(announcement.c.kind == "declare").order_by(announcement.c.id)
    return [(row.address, row.facts["has_declared"]) for row in exchange.fetch(wanted)]


def test_nobody_sees_what_was_declared_before_the_close(opened: Exchange):
    """Nor is it in anything that is told; whoever said it sees their own."""
    say(opened, DECIDER, 83, 7)
    for by in (DECIDER, "kim", ADMIN, "ann"):
        assert report(opened, by).deciders_said is None
    assert declared(opened) is None
    assert opened.read(lambda c: declaring.committee(c, decisions.get(c, 1), 1)) is None
    for by in (ADMIN, "ann"):
        with pytest.raises(NotAllowed):
            opened.read(declaring.mine, by, 1)
    told = [str(row.facts) for row in opened.fetch(select(announcement.c.facts))]

    assert opened.read(declaring.mine, DECIDER, 1).chances == {1: 83, 2: 7}
    assert opened.read(declaring.mine, "kim", 1).chances == {}
    assert not [facts for facts in told if "83" in facts]


def test_at_the_close_it_stands_in_the_report_with_means_and_medians(opened: Exchange):
    say(opened, DECIDER, 70, 20, forecasts=(60, 50))
    say(opened, "kim", 40, 60, forecasts=(90, 55))
    opened.now = START + 7 * DAY
    opened.run_due()
    found = declared(opened)
    assert found

    assert found == report(opened, "ann").deciders_said
    assert [(each.by, each.chances) for each in found.said] == [(DECIDER, (70, 20)), ("kim", (40, 60))]
    assert found.missing == ("lou",)
    assert found.chances == pytest.approx((0.55, 0.40))
    assert found.none == pytest.approx(0.05)
    first = found.forecasts[0]
    assert (first.market_id, first.given, first.mean, first.least, first.most) == (
        1,
        2,
        75 * MICRO,
        60 * MICRO,
        90 * MICRO,
    )
    assert opened.read(lambda c: declaring.committee(c, decisions.get(c, 1), 2)) == 52.5 * MICRO


def test_the_report_at_the_close_is_the_first_to_say_it(opened: Exchange):
    """As it is told to the committee; what was told the days before is silent."""
    say(opened, DECIDER, 70, 20)
    for _ in range(8):
        opened.run_due()
        opened.advance(DAY)
    told = opened.fetch(
        select(announcement.c.key, announcement.c.facts).where(announcement.c.kind == "report")
    )
    spoken = {row.key for row in told if row.facts["deciders_said"]}

    assert len(told) > 3
    assert spoken == {"report:D-1:close"}


def test_where_nobody_declared_anything_the_report_has_their_names_and_no_chances(opened: Exchange):
    opened.now = START + 7 * DAY
    opened.run_due()
    found = declared(opened)
    assert found

    assert (found.said, found.chances, found.none, found.forecasts) == ((), None, None, ())
    assert found.missing == DECIDERS


def test_what_was_declared_is_changed_until_the_close_and_each_version_is_kept(opened: Exchange):
    say(opened, DECIDER, 70, 20)
    opened.now = START + 7 * DAY - timedelta(milliseconds=1)
    say(opened, DECIDER, 10, 80)
    opened.now += timedelta(milliseconds=1)
    with pytest.raises(NotOpen):  # Whether or not the scheduler has noticed.
        say(opened, DECIDER, 50, 50)
    opened.run_due()
    with pytest.raises(NotOpen):
        say(opened, DECIDER, 50, 50)
    kept = opened.fetch(select(declaration).order_by(declaration.c.number))
    found = declared(opened)
    assert found

    assert [(row.number, row.chances) for row in kept] == [(1, [[1, 70], [2, 20]]), (2, [[1, 10], [2, 80]])]
    assert [each.chances for each in found.said] == [(10, 80)]


def test_a_close_that_passed_unnoticed_unseals_nothing(opened: Exchange):
    """Until trading is closed the date can still be moved, so the seal breaks with the close itself."""
    say(opened, DECIDER, 70, 20)
    opened.now = START + 7 * DAY

    assert report(opened, DECIDER).deciders_said is None


def test_a_withdrawal_unseals_it_too(opened: Exchange):
    say(opened, DECIDER, 70, 20)
    opened.do(deciding.withdraw, "kim", 1, "It is moot.")

    assert report(opened, "ann").deciders_said.chances == pytest.approx((0.7, 0.2))


@pytest.mark.parametrize(
    ("chances", "none", "forecasts", "field", "rule"),
    [
        ((60, 30), 0, (60, 50), "chance_none", "hundred"),
        ((101, -1), 0, (60, 50), "chance_1", "between"),
        ((100, 0), 0, (60, 101), "forecast_1_2", "between"),
    ],
)
def test_a_slip_is_named_where_it_was_typed(
    opened: Exchange, chances: tuple[int, ...], none: int, forecasts: tuple[int, int], field: str, rule: str
):
    given = Declaration(chances, none, (tuple(each * MICRO for each in forecasts),))
    with pytest.raises(Invalid) as refused:
        opened.do(declaring.declare, DECIDER, 1, given)

    assert (refused.value.field, refused.value.rule) == (field, rule)


def test_an_option_that_comes_later_has_to_be_declared_too(opened: Exchange):
    """Until then it has no chance by what was said before, and no forecast."""

    def wanted() -> bool:
        return opened.read(board.row, DECIDER, 1, opened.now).duties.is_to_declare

    assert wanted()
    say(opened, DECIDER, 70, 20)
    assert not wanted()
    opened.do(adding.add_option, ADMIN, 1, AddedOption("Wait", (BaseRate(50 * MICRO),)))
    assert wanted()
    with pytest.raises(Invalid) as refused:
        say(opened, DECIDER, 70, 20)
    assert refused.value.rule == "outdated"
    opened.now = START + 7 * DAY
    opened.run_due()
    found = declared(opened)
    assert found

    assert found.chances == pytest.approx((0.7, 0.2, 0))
    assert [each.market_id for each in found.forecasts] == [1, 2]
    assert not wanted()


def test_deciders_are_asked_at_opening_and_once_more_a_day_before_the_close(opened: Exchange):
    first = [(each, False) for each in DECIDERS]
    assert asked(opened) == first
    say(opened, "kim", 50, 50)
    opened.now = START + 6 * DAY - timedelta(milliseconds=1)
    opened.run_due()
    assert asked(opened) == first
    opened.now += timedelta(milliseconds=1)
    opened.run_due()
    opened.run_due()

    assert asked(opened) == [*first, (DECIDER, False), ("kim", True), ("lou", False)]


def test_a_close_that_moves_is_asked_about_anew(opened: Exchange):
    opened.now = START + 6 * DAY
    opened.run_due()
    later = Dates(START + 8 * DAY, START + 10 * DAY, START + 31 * DAY)
    opened.do(postponing.postpone, ADMIN, 1, later, "It takes longer.")
    opened.now = START + 7 * DAY
    opened.run_due()

    assert len(asked(opened)) == 3 * len(DECIDERS)


def test_what_closes_within_a_day_of_its_opening_is_asked_about_once(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open(closes_at=START + timedelta(hours=20))
    exchange.run_due()

    assert asked(exchange) == [(DECIDER, False)]


def test_where_a_lottery_always_decides_forecasts_are_of_what_it_draws_and_no_chances_are_asked(
    exchange: Exchange,
):
    """What deciders expect is compared with what the drawn option comes to; it would be lost if it was of the chosen one."""
    always = lottery(1, 1, 1)
    open_lottery(exchange, always)
    say(exchange, DECIDER, forecasts=(60, 50))
    asked_for = exchange.fetch(select(announcement.c.facts).where(announcement.c.kind == "declare"))
    assert not exchange.read(_is_wanted, exchange.now)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    draw(exchange, 1, plan=always)
    exchange.advance(2 * DAY)
    exchange.run_due()
    found = declared(exchange)

    assert [facts["is_drawn"] for (facts,) in asked_for] == [True]
    assert found
    assert (found.chances, found.none, found.said[0].chances) == (None, None, ())
    assert [(each.market_id, each.mean) for each in found.forecasts] == [(3, 60 * MICRO), (4, 50 * MICRO)]
    assert exchange.read(lambda c: declaring.committee(c, decisions.get(c, 1), 4)) == 50 * MICRO


def _is_wanted(connection: Connection, now: datetime) -> bool:
    decision = decisions.get(connection, 1)
    (decider,) = decision.deciders
    return declaring.is_wanted(connection, decision, decider, now)


def test_forecasts_are_told_apart_by_measure_and_option(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open(measures=(measure(50, 40), measure(30, 20)))
    given = Declaration((60, 40), 0, ((61 * MICRO, 52 * MICRO), (33 * MICRO, 24 * MICRO)))
    exchange.do(declaring.declare, DECIDER, 1, given)
    exchange.now = START + 7 * DAY
    exchange.run_due()
    said = {each.market_id: each.mean / MICRO for each in declared(exchange).forecasts}
    lines = [line for each in report(exchange, "ann").measures for line in each.options]

    assert [(line.name, said[line.market_id]) for line in lines] == [
        ("Release", 61),
        ("Hold", 52),
        ("Release", 33),
        ("Hold", 24),
    ]
