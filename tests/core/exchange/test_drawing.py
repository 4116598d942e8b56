"""A lottery decides by what was committed to, at its time, for good; and whoever reads the post can check it."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from fractions import Fraction

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange, lottery, measure
from lots import EVEN, SEED, beacon_for, draw, mirrored, open_lottery, paste
from sqlalchemy import select

from core.announcements.tables import announcement
from core.decisions.tables import breach, decision
from core.errors import Invalid, NotAllowed, NotOpen
from core.exchange import (
    deciding,
    drawing,
    offers,
    pasting,
    postponing,
    reporting,
    resolving,
    settling,
    staffing,
    statements,
)
from core.exchange.adding import AddedOption, BaseRate, add_option
from core.exchange.postponing import Dates
from core.exchange.trading import Act
from core.markets.tables import market
from core.pricing.lottery import commitment
from core.units import MICRO

CLOSE = START + 7 * DAY
RELEASE, HOLD, RELEASE_DRAWN, HOLD_DRAWN = 1, 2, 3, 4


@pytest.fixture
def closed(exchange: Exchange) -> Exchange:
    """A lottery decision at its close; Ann put 30 on both twins of Release."""
    open_lottery(exchange)
    exchange.grant("ann", 100)
    mirrored(exchange, "ann", RELEASE, RELEASE_DRAWN, 30)
    exchange.now = CLOSE
    exchange.run_due()
    return exchange


def state(exchange: Exchange) -> str:
    return exchange.fetch(select(decision.c.state))[0].state


def told(exchange: Exchange, kind: str) -> list[dict[str, object]]:
    rows = exchange.fetch(
        select(announcement.c.facts).where(announcement.c.kind == kind).order_by(announcement.c.id)
    )
    return [row.facts for row in rows]


def everything_told(exchange: Exchange) -> str:
    return json.dumps([row.facts for row in exchange.fetch(select(announcement.c.facts))])


def market_states(exchange: Exchange) -> list[str]:
    return [row.state for row in exchange.fetch(select(market.c.state).order_by(market.c.id))]


def pending(exchange: Exchange, wanted: int | None) -> Exchange:
    """Drawn, and not final yet."""
    draw(exchange, wanted)
    return exchange


def effective(exchange: Exchange, wanted: int | None) -> Exchange:
    draw(exchange, wanted)
    exchange.advance(DAY)
    exchange.run_due()
    return exchange


def test_both_channels_are_told_what_binds_the_draw_and_not_the_seed(exchange: Exchange):
    open_lottery(exchange)
    public, committee = told(exchange, "lottery_opened")

    assert public == committee
    assert public["commitment"] == commitment(SEED)
    assert (public["probability"], public["weights"]) == (500_000, [1, 1])
    assert (public["beacon"], public["round"]) == ("The city's lottery", "the draw of 8 January")
    exchange.now = CLOSE
    exchange.run_due()
    report = exchange.read(reporting.report, ADMIN, 1, exchange.now)
    assert SEED.hex() not in everything_told(exchange) + json.dumps(asdict(report))


def test_twins_open_alike_with_liquidity_divided_by_their_chance(exchange: Exchange):
    """The dearest branch uses the whole subsidy; an option that is drawn twice as often needs half the liquidity."""
    opened = open_lottery(exchange, lottery(0.75, 1, 2), measures=(measure(50, 50),), subsidy=400 * MICRO)
    rows = exchange.fetch(select(market.c.liquidity, market.c.prices).order_by(market.c.id))
    (one, _), (other, _), *twins = [(row.liquidity, row.prices) for row in rows]

    assert [row[0] for row in twins] == [one, other]
    assert Fraction(one, other) == pytest.approx(2, abs=1e-6)
    assert len({tuple(row.prices) for row in rows}) == 1
    assert 399 * MICRO < opened.reserve <= 400 * MICRO
    assert exchange.held("pool:main", "credit") == 3_000 * MICRO - opened.reserve


def test_what_is_drawn_lives_on_alone_and_settles(closed: Exchange):
    """The branches of all else die, Ann's stake stands in the drawn twin, and nothing of it comes back from people."""
    effective(closed, 0)
    assert (state(closed), market_states(closed)) == ("drawn", ["dead", "dead", "open", "dead"])
    assert closed.shares("ann", RELEASE) == [0, 0]
    bought = closed.shares("ann", RELEASE_DRAWN)[0]
    closed.do(resolving.file, OWNER, 1, 100 * MICRO, "the dashboard")
    closed.advance(DAY)
    closed.run_due()

    assert state(closed) == "settled"
    assert closed.held("person:ann", "credit") == 70 * MICRO + bought
    (outcome,) = told(closed, "outcome")[:1]
    assert (outcome["chosen"], outcome["is_drawn"]) == ("Release", True)


def test_where_it_does_not_draw_people_decide_as_ever(closed: Exchange):
    """The drawn branches die, and what is recorded then settles; Ann's one stake stands in the chosen twin."""
    effective(closed, None)
    assert (state(closed), market_states(closed)) == ("closed", ["closed", "closed", "dead", "dead"])
    assert closed.held("person:ann", "credit@D-1:none") == 30 * MICRO
    closed.do(deciding.record, DECIDER, 1, 2, "It is better.")
    closed.advance(DAY)
    closed.run_due()

    assert (state(closed), market_states(closed)) == ("chosen", ["dead", "open", "dead", "dead"])
    assert closed.held("person:ann", "credit") == 100 * MICRO


def test_what_only_the_lottery_backed_comes_back_when_it_does_not_draw(exchange: Exchange):
    """Ann is told what came back of what she put on a drawn branch alone: nothing before people decide."""
    open_lottery(exchange)
    exchange.grant("ann", 100)
    exchange.trade("ann", RELEASE_DRAWN, 0, Act.SPEND, 30 * MICRO)
    exchange.now = CLOSE
    exchange.run_due()
    effective(exchange, None)

    assert exchange.held("person:ann", "credit") == 100 * MICRO
    (back,) = told(exchange, "returned")
    assert (back["credits"], back["is_undrawn"]) == (30 * MICRO, True)


@pytest.mark.parametrize("wanted", [0, 1, None])
def test_the_post_alone_checks_the_draw(closed: Exchange, wanted: int | None):
    draw(closed, wanted)
    said = statements.read(told(closed, "draw")[0]["statement"])

    assert all(found.holds for found in statements.check(said))
    assert said.seed == SEED.hex()
    assert said.drawn == (None if wanted is None else wanted + 1)
    for name, changed in [
        ("seed", "0" * 64),
        ("beacon_value", "another"),
        ("decision", "D-2"),
        ("drawn", 1 if wanted != 0 else 2),
        ("digest", "0" * 64),
        ("commitment", "0" * 64),
    ]:
        forged = statements.check(replace(said, **{name: changed}))
        assert not all(found.holds for found in forged), name


@pytest.mark.parametrize("said", [None, [], {}, "D-1", {"decision": "D-1"}])
def test_what_is_no_statement_is_not_read_as_one(said: object):
    with pytest.raises(statements.Unreadable):
        statements.read(said)


def test_nothing_is_drawn_before_the_close(exchange: Exchange):
    open_lottery(exchange)
    exchange.now = CLOSE - timedelta(seconds=1)
    with pytest.raises(NotOpen, match="still_open"):
        draw(exchange, 0)


def test_it_is_drawn_once_and_by_deciders_only(closed: Exchange):
    with pytest.raises(NotAllowed, match="deciders_only"):
        draw(closed, 0, "ann")
    draw(closed, 0, DECIDER)
    with pytest.raises(NotOpen, match="drawn_already"):
        draw(closed, 1, DECIDER)


def test_nobody_forestalls_a_draw(closed: Exchange):
    """No record, no withdrawal after the close: before the draw, while it is not final, and after it drew."""
    for step in (lambda: None, lambda: draw(closed, 0)):
        step()
        with pytest.raises(NotOpen, match="undrawn"):
            closed.do(deciding.record, DECIDER, 1, 1, "Because.")
        with pytest.raises(NotOpen, match="lottery_closed"):
            closed.do(deciding.withdraw, DECIDER, 1, "No.")
    closed.advance(DAY)
    closed.run_due()
    with pytest.raises(NotOpen):
        closed.do(deciding.record, DECIDER, 1, 1, "Because.")
    with pytest.raises(NotOpen):
        closed.do(deciding.withdraw, DECIDER, 1, "No.")


def test_before_the_close_it_can_be_withdrawn_and_is_not_drawn_then(exchange: Exchange):
    open_lottery(exchange)
    exchange.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    with pytest.raises(NotOpen, match="recorded"):
        exchange.do(pasting.paste, DECIDER, 1, "7")
    exchange.now = CLOSE
    with pytest.raises(NotOpen, match="recorded"):
        exchange.do(drawing.draw, 1, "7")
    exchange.run_due()
    assert state(exchange) == "withdrawn"


def test_the_close_itself_ends_withdrawal_whether_or_not_the_scheduler_noticed(exchange: Exchange):
    open_lottery(exchange)
    exchange.now = CLOSE
    with pytest.raises(NotOpen, match="lottery_closed"):
        exchange.do(deciding.withdraw, DECIDER, 1, "No.")


def test_without_a_beacon_in_time_nothing_is_taken_and_that_is_a_breach(closed: Exchange):
    closed.advance(2 * DAY)
    closed.run_due()
    with pytest.raises(NotOpen):
        draw(closed, 0, DECIDER)
    closed.advance(DAY)
    closed.run_due()

    assert (state(closed), closed.held("person:ann", "credit")) == ("withdrawn", 100 * MICRO)
    assert [row.kind for row in closed.fetch(select(breach.c.kind))] == ["no_beacon"]


LATE = START + 9 * DAY - timedelta(minutes=1)  # A minute before it is to be decided.


def test_a_draw_in_the_last_minute_leaves_people_time_to_decide(closed: Exchange):
    """Without that, whoever brings the value late could take the choice away from the deciders."""
    closed.now = LATE
    draw(closed, None)
    said = told(closed, "draw")[0]
    assert said["decide_by_before"] == int((START + 9 * DAY).timestamp())
    assert said["decide_by"] == int((LATE + 2 * DAY).timestamp())
    closed.advance(timedelta(minutes=2))
    assert closed.run_due() == []
    closed.now = LATE + 2 * DAY - timedelta(seconds=1)
    closed.run_due()
    closed.do(deciding.record, DECIDER, 1, 1, "Because.")
    closed.advance(DAY)
    closed.run_due()
    assert state(closed) == "chosen"


def test_a_draw_in_the_last_minute_that_draws_moves_no_date(closed: Exchange):
    closed.now = LATE
    draw(closed, 0)
    said = told(closed, "draw")[0]
    assert said["decide_by"] == said["decide_by_before"]
    closed.advance(DAY)
    closed.run_due()
    assert state(closed) == "drawn"


@pytest.mark.parametrize("wanted", [0, None])
@pytest.mark.parametrize("room", [3 * DAY, 3 * DAY - timedelta(seconds=1)])
def test_where_the_freeze_leaves_people_no_time_a_late_draw_is_refused(
    exchange: Exchange, room: timedelta, wanted: int | None
):
    """Whatever it would draw; what happens is what happens without a beacon in time."""
    plan = lottery(0.5, 1, 1, url="https://beacon.example/7", value_at="randomness")
    open_lottery(exchange, plan, freezes_at=LATE + room)
    exchange.now = LATE
    exchange.run_due()
    if room == 3 * DAY:
        draw(exchange, wanted)
        return
    assert exchange.read(drawing.awaited, ADMIN, exchange.now) == []
    for try_it in (lambda: draw(exchange, wanted), lambda: paste(exchange, beacon_for(wanted), DECIDER)):
        with pytest.raises(NotOpen, match="late_to_draw"):
            try_it()
    exchange.advance(timedelta(minutes=1))
    exchange.run_due()
    assert [row.kind for row in exchange.fetch(select(breach.c.kind))] == ["no_beacon"]


def test_deciders_are_asked_for_a_value_that_nothing_fetches(closed: Exchange):
    (asked,) = told(closed, "beacon_due")
    assert asked["beacon"] == "The city's lottery"
    assert closed.read(drawing.awaited, ADMIN, closed.now) == []


def test_a_beacon_that_fails_is_asked_again_and_then_the_deciders_are(exchange: Exchange):
    """Pauses double, from a minute to an hour; what two processes noted of one try counts once."""
    open_lottery(exchange, lottery(0.5, 1, 1, url="https://beacon.example/7", value_at="randomness"))
    exchange.now = CLOSE
    exchange.run_due()
    tried = []
    while exchange.now < CLOSE + timedelta(hours=4):
        if exchange.read(drawing.awaited, ADMIN, exchange.now):
            tried.append(int((exchange.now - CLOSE).total_seconds() // 60))
            at = exchange.now
            exchange.do(drawing.missed, 1, at)
            exchange.do(drawing.missed, 1, at)
        assert len(told(exchange, "beacon_due")) == (len(tried) >= drawing.ASKED_AFTER)
        exchange.advance(timedelta(minutes=1))

    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    draw(exchange, 0, DECIDER)
    assert exchange.read(drawing.awaited, ADMIN, exchange.now + DAY) == []


def test_one_persons_word_draws_nothing_and_tells_no_seed(closed: Exchange):
    """Whoever could see what a value draws could choose it; so all is told but the seed, until a second one reads the same."""
    assert paste(closed, beacon_for(0), DECIDER)[0].word == pasting.Word.PROPOSED
    closed.advance(DAY / 2)
    assert closed.run_due() == []
    assert (state(closed), told(closed, "draw")) == ("closed", [])
    assert SEED.hex() not in everything_told(closed)
    public, committee = told(closed, "beacon_read")
    assert public == committee
    assert (public["by"], public["beacon_value"]) == (DECIDER, beacon_for(0))
    assert told(closed, "beacon_due")[-1]["read_by"] == DECIDER
    assert closed.read(reporting.report, ADMIN, 1, closed.now).lottery.read_by == DECIDER
    (made,) = paste(closed, beacon_for(0), ADMIN)

    assert made.draw.option_id is not None
    assert [(said["by"], said["confirmed_by"]) for said in told(closed, "draw")] == [(DECIDER, ADMIN)] * 2


def test_the_second_reader_is_another_one_and_has_no_stake(closed: Exchange):
    """Ann, an admin by now, has traded here; Bob is none; and nobody is a second person to themselves."""
    closed.do(staffing.appoint, ADMIN, "ann", "To help.")
    closed.do(staffing.appoint, ADMIN, "zoe", "To help.")
    with pytest.raises(NotAllowed, match="deciders_only"):
        paste(closed, "7", ADMIN)
    paste(closed, "7", DECIDER)
    for by, because in ((DECIDER, "own_value"), ("ann", "has_stake"), ("bob", "deciders_or_admins")):
        with pytest.raises(NotAllowed, match=because):
            paste(closed, "7", by)
    asked = closed.fetch(select(announcement.c.address).where(announcement.c.key.like("beacon_due:D-1.%")))
    assert sorted(row.address for row in asked) == sorted([ADMIN, "zoe"])
    assert paste(closed, "7", "zoe")[0].draw is not None


def test_without_anybody_to_read_it_too_nothing_is_proposed(exchange: Exchange):
    """The only admin has traded."""
    open_lottery(exchange)
    exchange.grant(ADMIN, 100)
    exchange.trade(ADMIN, RELEASE, 0, Act.SPEND, 30 * MICRO)
    exchange.now = CLOSE
    with pytest.raises(Invalid, match="second_reader"):
        paste(exchange, "7", DECIDER)
    exchange.do(staffing.appoint, ADMIN, "zoe", "To help.")
    assert paste(exchange, "7", DECIDER, "zoe")[-1].draw is not None


def test_two_values_are_both_told_and_it_begins_anew(closed: Exchange):
    """Neither of them draws, not even typed once more; who typed what is kept for good."""
    paste(closed, beacon_for(0), DECIDER)
    assert paste(closed, beacon_for(1), ADMIN)[0].word == pasting.Word.DISPUTED
    (said, _) = told(closed, "beacon_disputed")
    assert (said["values"], said["people"]) == ([beacon_for(0), beacon_for(1)], [DECIDER, ADMIN])
    with pytest.raises(NotAllowed, match="deciders_only"):
        paste(closed, beacon_for(0), ADMIN)
    assert told(closed, "draw") == []
    paste(closed, beacon_for(1), DECIDER, ADMIN)

    kept = closed.fetch(select(breach.c.kind, breach.c.what).order_by(breach.c.number))
    assert [(row.kind, row.what["value"]) for row in kept] == [
        ("proposed", beacon_for(0)),
        ("disputed", beacon_for(1)),
        ("proposed", beacon_for(1)),
        ("confirmed", beacon_for(1)),
    ]
    said = closed.read(reporting.report, ADMIN, 1, closed.now).lottery
    assert [(each.word, each.by) for each in said.readings] == [
        ("proposed", DECIDER),
        ("disputed", ADMIN),
        ("proposed", DECIDER),
        ("confirmed", ADMIN),
    ]
    assert [each.beacon_value for each in said.draws] == [beacon_for(1)]
    assert said.breaches == ()


def test_a_value_that_nobody_confirms_in_time_draws_nothing(closed: Exchange):
    """What happens is what happens without a beacon in time."""
    paste(closed, beacon_for(0), DECIDER)
    closed.advance(2 * DAY)
    with pytest.raises(NotOpen, match="overdue"):
        paste(closed, beacon_for(0), ADMIN)
    closed.run_due()
    closed.advance(DAY)
    closed.run_due()
    assert state(closed) == "withdrawn"
    said = closed.read(reporting.report, ADMIN, 1, closed.now).lottery.breaches
    assert [each.kind for each in said] == ["no_beacon"]


def test_a_fetched_value_needs_no_second_person(exchange: Exchange):
    """It draws although somebody has proposed another one meanwhile."""
    open_lottery(exchange, lottery(0.5, 1, 1, url="https://beacon.example/7", value_at="randomness"))
    exchange.now = CLOSE
    paste(exchange, beacon_for(1), DECIDER)
    draw(exchange, 0)
    assert told(exchange, "draw")[0]["option"] == "Release"
    with pytest.raises(NotOpen, match="drawn_already"):
        paste(exchange, beacon_for(1), ADMIN)


@pytest.mark.parametrize("by", [None, DECIDER])
def test_a_value_found_wrong_after_the_draw_is_a_breach_and_the_draw_stands(closed: Exchange, by: str | None):
    """Whoever could change it then would know what each value draws."""
    with pytest.raises(NotOpen, match="undrawn"):
        closed.do(drawing.misread, ADMIN, 1, "8", "It said 8.")
    draw(closed, 0, by)
    with pytest.raises(NotAllowed, match="deciders_or_admins"):
        closed.do(drawing.misread, "ann", 1, beacon_for(1), "It said so.")
    with pytest.raises(Invalid, match="no_change"):
        closed.do(drawing.misread, ADMIN, 1, beacon_for(0), "It said so.")
    closed.do(drawing.misread, ADMIN, 1, beacon_for(1), "It said so.")
    closed.advance(DAY)
    closed.run_due()

    assert market_states(closed) == ["dead", "dead", "open", "dead"]
    (found,) = closed.read(reporting.report, ADMIN, 1, closed.now).lottery.breaches
    assert (found.kind, found.before, found.after) == ("misread", beacon_for(0), beacon_for(1))
    assert [said["after"] for said in told(closed, "misread")] == [beacon_for(1)] * 2


def test_a_breach_is_recorded_and_changes_no_payment(closed: Exchange):
    with pytest.raises(NotOpen, match="not_drawn"):
        closed.do(drawing.breach, DECIDER, 1, "It was held back.")
    effective(closed, 0)
    with pytest.raises(NotAllowed, match="deciders_or_admins"):
        closed.do(drawing.breach, "ann", 1, "It was held back.")
    before = closed.digest()
    closed.do(drawing.breach, DECIDER, 1, "It was held back.")
    assert closed.digest() == before
    said = closed.read(reporting.report, ADMIN, 1, closed.now).lottery.breaches
    assert [(each.kind, each.reason, each.by) for each in said] == [
        ("not_carried_out", "It was held back.", DECIDER)
    ]
    assert [facts["option"] for facts in told(closed, "breach")] == ["Release", "Release"]


def test_its_options_and_its_close_are_fixed_with_its_chances(exchange: Exchange):
    open_lottery(exchange)
    with pytest.raises(NotAllowed, match="lottery"):
        exchange.do(add_option, ADMIN, 1, AddedOption("Wait", (BaseRate(50 * MICRO),)))
    later = Dates(CLOSE + DAY, START + 10 * DAY, START + 31 * DAY)
    with pytest.raises(Invalid, match="lottery"):
        exchange.do(postponing.postpone, ADMIN, 1, later, "More time.")
    exchange.do(postponing.postpone, ADMIN, 1, replace(later, closes_at=CLOSE), "More time.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"probability": 0}, "probability"),
        ({"probability": MICRO + 1}, "probability"),
        ({"probability": MICRO // 2 - 1}, "probability"),
        ({"weights": (1,)}, "weights"),
        ({"weights": (1, 0)}, "weights"),
        ({"weights": (1, 2)}, "probability"),
        ({"seed": b"short"}, "seed"),
        ({"beacon": replace(EVEN.beacon, name=" ")}, "beacon"),
        ({"beacon": replace(EVEN.beacon, round="")}, "beacon_round"),
        ({"beacon": replace(EVEN.beacon, url="file:///etc/passwd", value_at="a")}, "beacon_url"),
        ({"beacon": replace(EVEN.beacon, url="https://a.example", value_at="a[")}, "beacon_value_at"),
    ],
)
def test_a_lottery_that_cannot_be_is_refused(exchange: Exchange, changes: dict[str, object], field: str):
    with pytest.raises(Invalid) as refused:
        open_lottery(exchange, replace(EVEN, **changes))
    assert refused.value.field == field


def test_five_options_and_a_deadline_within_the_draws_window_are_refused(exchange: Exchange):
    five = tuple("ABCDE")
    with pytest.raises(Invalid, match="lottery_count"):
        open_lottery(
            exchange, lottery(1, 1, 1, 1, 1, 1), options=five, measures=(measure(50, 50, 50, 50, 50),)
        )
    with pytest.raises(Invalid, match="after_draw"):
        open_lottery(exchange, decide_by=CLOSE + DAY)


def test_ten_holders_are_given_back_slice_by_slice_when_it_does_not_draw(
    exchange: Exchange, slices_of_two: None
):
    """The two deaths of one decision give each holder back once each, whatever comes in between."""
    del slices_of_two
    assert settling.SLICE == 2
    open_lottery(exchange)
    for n in range(6):
        exchange.grant(f"p{n}", 50)
        exchange.trade(f"p{n}", 1 + n % 4, n % 2, Act.SPEND, 10 * MICRO)
    exchange.now = CLOSE
    exchange.run_due()
    effective(exchange, None)
    exchange.do(deciding.record, DECIDER, 1, 1, "Because.")
    exchange.advance(DAY)
    exchange.run_due()

    on_release = {"p0", "p4"}
    for n in range(6):
        free = exchange.held(f"person:p{n}", "credit")
        assert free == (40 if f"p{n}" in on_release else 50) * MICRO, n


def test_where_a_lottery_always_decides_only_what_it_draws_is_priced_and_offered(exchange: Exchange):
    """What people might have chosen can never come true; it can still be sold by whoever holds it."""
    open_lottery(exchange, lottery(1, 1, 1))
    exchange.grant("ann", 100)
    exchange.trade("ann", RELEASE_DRAWN, 0, Act.SPEND, 30 * MICRO)
    report = exchange.read(reporting.report, ADMIN, 1, exchange.now, in_full=True)
    (made,) = report.measures
    offered = exchange.read(offers.find, "ann", "D-1", exchange.now)

    assert (made.is_drawn, made.drawn, made.spread.leader) == (True, (), "Release")
    assert [line.market_id for line in made.options] == [RELEASE_DRAWN, HOLD_DRAWN]
    assert [each.chance for each in made.trust.options] == [0.5, 0.5]
    assert [(each.market_id, each.twin) for each in offered.open] == [
        (RELEASE_DRAWN, None),
        (HOLD_DRAWN, None),
    ]
    assert offered.of(RELEASE).is_drawn is False


def test_where_people_may_decide_both_twins_are_priced_and_offered(exchange: Exchange):
    open_lottery(exchange)
    (made,) = exchange.read(reporting.report, ADMIN, 1, exchange.now).measures
    offered = exchange.read(offers.find, "ann", "D-1", exchange.now)

    assert (made.is_drawn, len(made.options), len(made.drawn)) == (False, 2, 2)
    assert {each.market_id: each.twin for each in offered.open} == {1: 3, 2: 4, 3: 1, 4: 2}
