"""Deciders weigh metrics by sealed ballots; medians make one spread of several, and a close is undone only in public."""

import math

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, SCORE, START, Exchange, measure
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import ballot
from core.errors import NotAllowed, NotOpen
from core.exchange import board, deciding, reporting, valuing
from core.exchange.deciders import Ballots
from core.exchange.opening import Definition
from core.exchange.trading import Act
from core.units import MICRO

DECIDERS = (DECIDER, "kim", "lou")
COST = Definition("Cost", "euros", 0, 1000 * MICRO, "What it cost.")


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """Release is priced 10 points above Hold, and 200 euros dearer; nobody trades."""
    exchange.grant("pool", 1_000)
    measures = (measure(50, 40, metric=SCORE), measure(500, 300, metric=COST))
    exchange.open(deciders=DECIDERS, measures=measures)
    return exchange


def cast(exchange: Exchange, by: str, worth: float, first: int = 1) -> None:
    """One euro is worth so many points."""
    exchange.do(valuing.cast, by, 1, (first * MICRO, round(worth * MICRO)))


def counted(exchange: Exchange, by: str = "ann") -> Ballots | None:
    return exchange.read(reporting.report, by, 1, exchange.now).ballots


def close(exchange: Exchange) -> None:
    exchange.now = START + 7 * DAY
    exchange.run_due()


def told(exchange: Exchange, kind: str) -> list[tuple[str, str, str]]:
    rows = exchange.fetch(select(announcement).where(announcement.c.kind == kind))
    return [(row.address, row.facts["by"], row.facts["reason"]) for row in rows]


def test_median_weights_make_one_spread_of_several(opened: Exchange):
    """At -0.02 points a euro, Release is 10 points better and 4 worse; the second ballot alone names Hold first."""
    for by, worth in zip(DECIDERS, (-0.02, -0.1, 0), strict=True):
        cast(opened, by, worth)
    close(opened)
    found = counted(opened)
    assert found
    assert found.welfare
    made = found.welfare

    assert [(each.metric, each.worth) for each in made.weights] == [("Score", 1), ("Cost", -0.02)]
    assert (made.leader, made.follower, made.unit) == ("Release", "Hold", "points")
    assert made.gap == pytest.approx(6 * MICRO, rel=1e-6)
    assert made.spreads == pytest.approx([-10 * MICRO, 6 * MICRO, 10 * MICRO], rel=1e-6)
    assert (made.others, made.missing) == (1, 0)
    assert made.level == pytest.approx(0.12 * MICRO)


def test_where_less_of_the_first_measure_is_better_the_spread_turns_round(opened: Exchange):
    cast(opened, DECIDER, 0, first=-1)
    close(opened)
    made = counted(opened).welfare

    assert (made.leader, made.missing) == ("Hold", 2)
    assert made.gap == pytest.approx(10 * MICRO, rel=1e-6)


def test_weighed_together_options_are_ranked_by_the_rule_of_every_spread(exchange: Exchange):
    """Not on the opener's word, not on one person's, and no more once the choice is final."""
    for people, said in (((), False), (("ann",), False), (("ann", "bob"), True)):
        exchange.grant("pool", 1_000)
        opened = exchange.open(
            deciders=DECIDERS,
            measures=(measure(75, 30, metric=SCORE), measure(500, 300, metric=COST)),
            closes_at=exchange.now + 7 * DAY,
            decide_by=exchange.now + 9 * DAY,
            freezes_at=exchange.now + 30 * DAY,
        )
        exchange.do(valuing.cast, DECIDER, opened.decision_id, (MICRO, 0))
        for who in people:
            exchange.grant(who, 100)
            exchange.trade(who, opened.market_ids[0], 0, Act.SPEND, 2 * MICRO)
        exchange.advance(7 * DAY)
        exchange.run_due()
        report = exchange.read(reporting.report, "ann", opened.decision_id, exchange.now, in_full=True)
        made = report.ballots.welfare

        assert (made.ranked, report.measures[0].spread.ranked) == (said, said)
    exchange.do(deciding.record, DECIDER, opened.decision_id, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()
    report = exchange.read(reporting.report, "ann", opened.decision_id, exchange.now, in_full=True)

    assert (report.ballots.welfare.ranked, report.measures[0].spread.ranked) == (None, None)


def test_what_shows_between_weighed_options_is_what_shows_between_these_two(exchange: Exchange):
    """Wait leads when weighed, Release comes next, and nobody traded either; what two people traded is Hold's score.

    Score alone compares Release with Hold: that says nothing of how fine, or on whose word, Wait leads.
    """
    exchange.grant("pool", 3_000)
    opened = exchange.open(
        options=("Release", "Hold", "Wait"),
        deciders=DECIDERS,
        measures=(measure(70, 65, 40, metric=SCORE), measure(500, 900, 100, metric=COST)),
    )
    cast(exchange, DECIDER, -0.1)
    for who in ("ann", "bob"):
        exchange.grant(who, 100)
        exchange.trade(who, opened.market_ids[1], 0, Act.SPEND, 2 * MICRO)
    close(exchange)
    report = exchange.read(reporting.report, "ann", 1, exchange.now, in_full=True)
    made = report.ballots.welfare
    shown = [
        math.hypot(*(measure.trust.options[option].resolvable for option in (2, 0)))
        for measure in report.measures
    ]

    assert (made.leader, made.follower) == ("Wait", "Release")
    assert report.measures[0].spread.people == 2
    assert made.level == pytest.approx(shown[0] + 0.1 * shown[1])
    assert made.ranked is False


def test_nobody_sees_a_ballot_before_the_close_or_anybodys_by_name_after_it(opened: Exchange):
    cast(opened, DECIDER, -0.02)
    for by in (DECIDER, "kim", ADMIN):
        assert counted(opened, by) is None
    for by in (ADMIN, "ann"):
        with pytest.raises(NotAllowed):
            opened.read(valuing.mine, by, 1)
    assert opened.read(valuing.mine, "kim", 1) == ()
    close(opened)

    assert opened.read(valuing.mine, DECIDER, 1) == (MICRO, -20_000)
    assert DECIDER not in str(counted(opened))


def test_a_ballot_replaces_the_one_before_and_both_are_kept(opened: Exchange):
    cast(opened, DECIDER, -0.02)
    cast(opened, DECIDER, -0.2)
    close(opened)

    assert [row.weights for row in opened.fetch(select(ballot).order_by(ballot.c.id))] == [
        [MICRO, -20_000],
        [MICRO, -200_000],
    ]
    assert counted(opened).welfare.weights[1].worth == -0.2


def test_without_a_ballot_there_is_no_welfare(opened: Exchange):
    close(opened)

    assert counted(opened).welfare is None


def test_one_measure_is_not_weighed(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.open()
    with pytest.raises(NotOpen) as refused:
        cast(exchange, DECIDER, 1)
    close(exchange)

    assert refused.value.state == "one_measure"
    assert counted(exchange) is None


def test_ballots_close_with_the_decision_and_reopen_with_a_reason_that_the_committee_reads(opened: Exchange):
    """What was cast before counts while they are open, since the new ones are sealed too."""
    cast(opened, DECIDER, -0.02)
    close(opened)
    with pytest.raises(NotOpen):
        cast(opened, DECIDER, 0)
    opened.do(valuing.reopen, "kim", 1, " The euro fell. ")
    opened.advance(DAY / 24)
    cast(opened, DECIDER, -0.1)
    while_open = counted(opened)
    opened.do(valuing.close, ADMIN, 1)
    after = counted(opened)
    with pytest.raises(NotOpen):
        cast(opened, DECIDER, 0)

    assert told(opened, "ballots_reopened") == [("committee", "kim", "The euro fell.")]
    assert told(opened, "ballots_closed") == [("committee", ADMIN, "")]
    assert (while_open.is_open, while_open.reason) == (True, "The euro fell.")
    assert while_open.welfare.weights[1].worth == -0.02
    assert (after.is_open, after.reason) == (False, "The euro fell.")
    assert after.welfare.weights[1].worth == -0.1


@pytest.mark.parametrize("by", ["ann", "own", "stranger"])
def test_only_deciders_and_admins_reopen_and_close_ballots(opened: Exchange, by: str):
    close(opened)
    with pytest.raises(NotAllowed):
        opened.do(valuing.reopen, by, 1, "I want to.")
    opened.do(valuing.reopen, ADMIN, 1, "They asked me.")
    with pytest.raises(NotAllowed):
        opened.do(valuing.close, by, 1)
    with pytest.raises(NotAllowed):
        cast(opened, ADMIN, 1)


def test_a_record_ends_what_was_reopened(opened: Exchange):
    """What was cast until then counts, and nothing more is cast or reopened."""
    close(opened)
    opened.do(valuing.reopen, DECIDER, 1, "The euro fell.")
    opened.advance(DAY / 24)
    cast(opened, "kim", -0.1)
    opened.do(deciding.record, DECIDER, 1, 1, "It is better.")
    for again in (
        lambda: cast(opened, "kim", 0),
        lambda: opened.do(valuing.reopen, DECIDER, 1, "Once more."),
    ):
        with pytest.raises(NotOpen):
            again()

    assert counted(opened).welfare.weights[1].worth == -0.1


def test_home_knows_who_has_still_to_vote(opened: Exchange):
    """Before the close, and anew once ballots are reopened; an admin who does not decide has nothing to vote."""

    def duties(by: str) -> tuple[bool, str | None]:
        found = opened.read(board.row, by, 1, opened.now).duties
        return found.is_to_value, found.ballots

    assert [duties(by) for by in (DECIDER, ADMIN, "ann")] == [(True, "open"), (False, "open"), (False, None)]
    cast(opened, DECIDER, -0.02)
    assert duties(DECIDER) == (False, "open")
    close(opened)
    assert duties("kim") == (False, "sealed")
    opened.do(valuing.reopen, DECIDER, 1, "The euro fell.")
    assert [duties(by) for by in (DECIDER, "kim")] == [(True, "open")] * 2
    opened.advance(DAY / 24)
    cast(opened, DECIDER, -0.1)
    assert duties(DECIDER) == (False, "open")
