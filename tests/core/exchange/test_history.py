"""The whole history of prices: every trade while they are few, averages once they are many."""

from datetime import timedelta

import pytest
from exchange_driver import DAY, DECIDER, START, Exchange, lottery
from lots import open_lottery

from core.exchange import deciding, history
from core.exchange.history import History
from core.exchange.trading import Act
from core.units import MICRO

HOUR = timedelta(hours=1)


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    exchange.open()
    return exchange


def told(exchange: Exchange) -> History:
    return exchange.read(history.history, "anybody", 1, exchange.now)


def test_each_trade_is_a_point_after_the_opening(opened: Exchange):
    opened.advance(HOUR)
    after = opened.trade("ann", 1, 0, Act.SPEND, 20 * MICRO).expected_after
    opened.advance(HOUR)
    release, hold = told(opened).lines

    assert release.points == (
        (START.timestamp(), pytest.approx(50 * MICRO)),
        ((START + HOUR).timestamp(), pytest.approx(after, abs=100)),
    )
    assert [(at, value) for at, value in hold.points] == [(START.timestamp(), pytest.approx(40 * MICRO))]
    assert (told(opened).until, told(opened).trades) == (int(opened.now.timestamp()), 1)


def test_of_many_trades_averages_are_shown(opened: Exchange, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(history, "TRADES_MOST", 1)
    for _ in range(3):
        opened.trade("ann", 1, 0, Act.SPEND, 5 * MICRO)
    opened.advance(HOUR)
    release, hold = told(opened).lines

    assert (len(release.points), release.are_trades) == (history.STEPS, False)
    assert release.points[-1][1] > release.points[0][1] - 1
    assert hold.are_trades


def test_it_ends_where_trading_ended_and_says_what_was_decided(opened: Exchange):
    opened.now = START + 7 * DAY
    opened.run_due()
    opened.do(deciding.record, DECIDER, 1, 1, "Because.")
    opened.advance(HOUR)
    found = told(opened)

    assert found.until == int((START + 7 * DAY).timestamp())
    assert (found.chosen, found.recorded_at) == ("Release", int((START + 7 * DAY).timestamp()))


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1, [True, True]), (0.5, [False, False, True, True])],
    ids=["always", "perhaps"],
)
def test_what_can_never_be_chosen_is_not_shown(exchange: Exchange, probability: float, shown: list[bool]):
    open_lottery(exchange, lottery(probability, 1, 1))

    assert [line.is_drawn for line in told(exchange).lines] == shown
