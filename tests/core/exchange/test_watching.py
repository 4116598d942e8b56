"""Big moves against what somebody holds: who is told, when, of what, and how seldom."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from exchange_driver import ADMIN, START, Exchange
from sqlalchemy import Connection, select

from core.announcements.tables import announcement
from core.exchange import agenda, halting, notifying, portfolio, staffing, trading, watching
from core.exchange.opening import Slot
from core.exchange.trading import Act, Fill, Order
from core.markets.tables import market
from core.units import MICRO

HOUR = timedelta(hours=2)  # Longer than digests are apart.
RELEASE, HOLD = 1, 2
LONG, SHORT = 0, 1


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    """A decision, priced at 50 points of 100 if Release; Ann bought some Higher and Bob some Lower of it."""
    exchange.grant("pool", 2_000)
    for person in ("ann", "bob", "cy", "dan"):
        exchange.grant(person, 1_000)
    exchange.open(subsidy=1_000 * MICRO)
    exchange.trade("ann", RELEASE, LONG, Act.SPEND, 50 * MICRO)
    exchange.advance(timedelta(seconds=1))
    exchange.trade("bob", RELEASE, SHORT, Act.SPEND, 50 * MICRO)
    exchange.run_due()
    return exchange


def move(exchange: Exchange, points: float, market_id: int = RELEASE, by: str = "cy") -> Fill:
    """Somebody trades until the metric is priced there, and what is due is done."""
    exchange.advance(HOUR)
    fill = exchange.trade(by, market_id, (), Act.MOVE, 900 * MICRO, estimate=round(points * MICRO))
    exchange.run_due()
    return fill


def told(exchange: Exchange) -> list[tuple[str, dict[str, Any]]]:
    wanted = select(announcement.c.address, announcement.c.facts).where(announcement.c.kind == "moved")
    return [(row.address, row.facts) for row in exchange.fetch(wanted.order_by(announcement.c.id))]


def whom(exchange: Exchange) -> list[str]:
    return [address for address, _ in told(exchange)]


def looks(exchange: Exchange) -> list[int]:
    return [each.about for each in exchange.read(agenda.due, exchange.now) if each.act is watching.look]


def test_who_holds_what_fell_by_a_big_step_is_told_what_it_would_bring(opened: Exchange):
    """From what they saw when they traded to now; whoever holds the other side, or nothing, is not told."""
    before = opened.read(portfolio.portfolio, "ann").stakes[0].branches[0].positions[0]
    move(opened, 30)
    ((address, facts),) = told(opened)
    after = opened.read(portfolio.portfolio, "ann").stakes[0].branches[0].positions[0]

    assert address == "ann"
    assert (facts["question"], facts["option"], facts["metric"]) == ("Release?", "Release", "Score")
    assert facts["held"] == [
        {"outcome": LONG, "name": "LONG", "shares": before.shares, "free": before.shares}
    ]
    assert facts["brings"] == after.worth
    assert facts["expected_now"] == pytest.approx(30 * MICRO, abs=10)
    assert facts["expected_before"] > 50 * MICRO
    # Her own purchase had raised the price, and Bob's came after: sold at once, she had all but the rounding of prices back.
    assert facts["brought"] == pytest.approx(50 * MICRO, abs=100)
    assert facts["seen_at"] == int(START.timestamp())


def test_what_moved_within_ones_own_batch_is_told(exchange: Exchange):
    """Orders of one batch share their moment: each has seen what its own trade left, and not what came after."""
    exchange.grant("pool", 2_000)
    for person in ("ann", "cy"):
        exchange.grant(person, 1_000)
    exchange.open(subsidy=1_000 * MICRO)
    buys = Order("buys", "ann", RELEASE, (LONG,), Act.SPEND, 50 * MICRO)
    pushes = Order("pushes", "cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=30 * MICRO)
    exchange.do(together, [buys, pushes])
    exchange.advance(HOUR)
    exchange.run_due()

    assert whom(exchange) == ["ann"]


def together(connection: Connection, batch: list[Order], now: datetime) -> None:
    trading.execute(connection, batch, now)


def test_a_move_is_told_once_and_a_further_one_again(opened: Exchange):
    """However often the price goes to and fro between what they were told and a big step beyond it."""
    move(opened, 38)
    move(opened, 44)
    move(opened, 34)
    assert whom(opened) == ["ann"]
    move(opened, 26)
    assert whom(opened) == ["ann", "ann"]
    first, second = (facts for _, facts in told(opened))
    assert second["brought"] == first["brings"]

    move(opened, 40)
    assert whom(opened) == ["ann", "ann"]


def test_many_small_moves_that_make_a_big_one_are_told(opened: Exchange):
    for points in range(49, 37, -1):
        move(opened, points)

    assert whom(opened) == ["ann"]


def test_whoever_trades_knows_the_price_and_it_begins_anew(opened: Exchange):
    """She bought at a low price, near to where it fell; that she once bought at a higher one is no news."""
    opened.advance(HOUR)
    opened.trade("cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=44 * MICRO)
    opened.trade("ann", RELEASE, LONG, Act.SPEND, MICRO)
    move(opened, 36)
    assert whom(opened) == []
    move(opened, 33)

    assert whom(opened) == ["ann"]


def test_a_move_in_favour_and_a_loss_of_little_are_not_told(opened: Exchange):
    """Dan holds one credit's worth, and Ann's gains are hers to look up."""
    opened.trade("dan", RELEASE, SHORT, Act.SPEND, MICRO)
    move(opened, 75)

    assert whom(opened) == ["bob"]


def test_a_tenth_of_what_is_nearly_certain_is_no_fifth_of_its_value(opened: Exchange):
    """At 87 points a move of eleven takes an eighth of what Higher shares bring, and the next eleven a quarter."""
    opened.advance(HOUR)
    opened.trade("cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=85 * MICRO)
    opened.trade("dan", RELEASE, LONG, Act.SPEND, 100 * MICRO)
    opened.run_due()
    before = opened.fetch(select(market.c.prices).where(market.c.id == RELEASE))[0].prices
    move(opened, before[LONG] / 10_000 - 11)
    assert "dan" not in whom(opened)
    move(opened, before[LONG] / 10_000 - 22)

    assert "dan" in whom(opened)


def test_whoever_left_is_not_told_what_they_cannot_act_on(opened: Exchange):
    opened.do(staffing.leave, ADMIN, "ann", "She moved on.")
    move(opened, 30)

    assert whom(opened) == []


def test_shares_that_wait_in_a_limit_order_are_held_too(opened: Exchange):
    """They count in what is held, and what can be sold at once is said apart."""
    opened.trade("ann", RELEASE, LONG, Act.SELL, 30 * MICRO, price=900_000)
    move(opened, 30)
    ((_, facts),) = told(opened)
    (held,) = facts["held"]

    assert held["shares"] - held["free"] == 30 * MICRO


def test_who_wants_no_such_messages_gets_none(opened: Exchange):
    opened.do(notifying.wish, "ann", {"moves": False})
    move(opened, 30)

    assert whom(opened) == []


def test_nothing_is_looked_through_where_nothing_moved(opened: Exchange):
    """Not by little trades; then once for a move of a quarter of a step, whoever is told."""
    assert looks(opened) == []
    opened.trade("cy", RELEASE, LONG, Act.SPEND, MICRO)
    assert looks(opened) == []
    opened.trade("cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=53 * MICRO)
    assert looks(opened) == [RELEASE]
    opened.do(watching.look, RELEASE)

    assert looks(opened) == []
    assert whom(opened) == []


def test_while_trading_is_halted_nobody_is_told_what_they_cannot_act_on(opened: Exchange):
    opened.advance(HOUR)
    opened.trade("cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=30 * MICRO)
    opened.do(halting.halt, ADMIN, 1, "A leak.")
    assert looks(opened) == []
    opened.do(watching.look, RELEASE)
    assert whom(opened) == []
    opened.do(halting.resume, ADMIN, 1, "It was none.")
    opened.run_due()

    assert whom(opened) == ["ann"]


def test_many_traders_are_looked_through_in_slices(opened: Exchange, monkeypatch: pytest.MonkeyPatch):
    """Others trade in between; whoever was looked at before that is found by the next look."""
    monkeypatch.setattr("core.exchange.watching.SLICE", 2)
    for number in range(5):
        opened.grant(f"p{number}", 100)
        opened.trade(f"p{number}", RELEASE, LONG, Act.SPEND, 20 * MICRO)
    opened.run_due()
    opened.advance(HOUR)
    opened.trade("cy", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=38 * MICRO)
    opened.do(watching.look, RELEASE)
    assert whom(opened) == ["ann"]
    assert looks(opened) == [RELEASE]
    opened.advance(timedelta(seconds=1))
    opened.trade("dan", RELEASE, (), Act.MOVE, 900 * MICRO, estimate=26 * MICRO)
    opened.run_due()

    assert sorted(whom(opened)) == ["ann", "ann", *(f"p{n}" for n in range(5))]
    assert looks(opened) == []


def test_in_bins_what_a_share_is_of_counts_also_where_the_mean_stands_still(exchange: Exchange):
    """Somebody holds what lies in the middle, and the outer values become likelier."""
    exchange.grant("pool", 2_000)
    for person in ("ann", "cy"):
        exchange.grant(person, 1_000)
    thirds = tuple(Slot(f"{c}", c * MICRO // 2, 1 / 3) for c in range(3))
    (market_id,) = exchange.ask(outcomes=thirds, liquidity=200 * MICRO).market_ids
    exchange.trade("ann", market_id, 1, Act.SPEND, 30 * MICRO)
    exchange.advance(HOUR)
    exchange.trade("cy", market_id, (0, 2), Act.SPEND, 150 * MICRO)
    exchange.run_due()
    ((address, facts),) = told(exchange)

    assert address == "ann"
    assert facts["decision_id"] is None
    assert facts["expected_now"] == pytest.approx(facts["expected_before"], abs=10)
    assert facts["brings"] < facts["brought"] * 4 // 5
