"""What is due is read from the state of things, in order, and asking twice is safe."""

import pytest
from exchange_driver import DAY, DECIDER, OWNER, START, Exchange

from core.exchange import agenda, deciding, nudging, resolving, scheduling, settling
from core.units import MICRO


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.open()
    exchange.ask(closes_at=START + 3 * DAY)
    return exchange


def test_nothing_is_due_in_a_new_exchange(exchange: Exchange):
    assert exchange.due() == []


def test_each_act_of_a_life_is_due_at_its_time(opened: Exchange):
    """Each, and nothing else, once those before it are done."""
    found = [opened.due()]
    for day in (3, 7):
        opened.now = START + day * DAY
        found.append(opened.due())
        opened.run_due()
    opened.do(deciding.record, DECIDER, 1, 2, "It is safer.")
    opened.now = START + 8 * DAY
    found.append(opened.due())
    opened.do(deciding.take_effect, 1)
    found.append(opened.due())
    opened.run_due()
    opened.now = START + 30 * DAY
    found.append(opened.due())
    opened.run_due()
    opened.do(resolving.file, OWNER, 1, MICRO, "the dashboard")
    opened.now = START + 31 * DAY
    found.append(opened.due())
    opened.run_due()
    found.append(opened.due())

    assert found == [
        [],
        [(resolving.freeze, 3), (scheduling.send_scheduled, 1)],
        [(deciding.close, 1), (nudging.nudge_reading, 3), (scheduling.send_scheduled, 1)],
        [(deciding.take_effect, 1)],
        [(deciding.sweep, 1)],
        [(resolving.freeze, 2), (nudging.nudge_reading, 3)],
        [(settling.settle, 2)],
        [],
    ]


def test_a_decision_nobody_made_is_due_to_lapse(opened: Exchange):
    opened.now = START + 9 * DAY
    opened.do(deciding.close, 1)

    assert (deciding.lapse, 1) in opened.due()


def test_whatever_is_asked_twice_is_done_once(opened: Exchange):
    """Two processes may read the same agenda: the second finds everything done."""
    opened.now = START + 9 * DAY
    for _ in range(6):
        asked = opened.read(agenda.due, opened.now)
        for each in asked:
            opened.do(each.act, each.about)
        before = opened.digest()
        for each in asked:
            if each.act is not deciding.sweep:
                opened.do(each.act, each.about)

        assert opened.digest() == before
        opened.advance(DAY)
    assert opened.audit() == []


def test_after_a_long_sleep_everything_is_made_up(opened: Exchange):
    """The program was down for a month: the decision closes, lapses, and dies one window later."""
    opened.now = START + 40 * DAY

    assert opened.run_due() == ["close", "freeze", "send_scheduled", "lapse", "nudge_reading"]
    opened.advance(DAY)
    assert opened.run_due() == ["take_effect", "sweep"]
    assert opened.held("pool:main", "credit") == 1_000 * MICRO - opened.held("maker:M-3", "credit")
