"""The board: which decisions stand, and what the asker is to each."""

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange

from core.errors import Unknown
from core.exchange import board, deciding


@pytest.fixture
def opened(exchange: Exchange) -> Exchange:
    exchange.grant("pool", 1_000)
    exchange.open(question="Later?", closes_at=START + 8 * DAY)
    exchange.open(question="Sooner?")
    return exchange


def test_decisions_that_close_first_stand_first(opened: Exchange):
    rows = opened.read(board.decisions_for, "ann", opened.now)

    assert [row.question for row in rows] == ["Sooner?", "Later?"]


def test_everybody_sees_what_they_are_to_a_decision(opened: Exchange):
    """Deciders and the metric's owner do not trade, anybody else does, known or not."""
    found = {
        person: opened.read(board.row, person, 1, opened.now).standing
        for person in (DECIDER, OWNER, ADMIN, "stranger")
    }

    assert found[DECIDER] == board.Standing(True, False, is_admin=False, may_trade=False)
    assert found[OWNER] == board.Standing(False, True, is_admin=False, may_trade=False)
    assert found[ADMIN] == board.Standing(False, False, is_admin=True, may_trade=True)
    assert found["stranger"] == board.Standing(False, False, is_admin=False, may_trade=True)


def test_what_is_over_leaves_the_board(opened: Exchange):
    opened.do(deciding.withdraw, DECIDER, 1, "It is moot.")
    opened.advance(DAY)
    opened.run_due()

    assert [row.decision_id for row in opened.read(board.decisions_for, "ann", opened.now)] == [2]


def test_a_decision_that_is_not_there_is_unknown(opened: Exchange):
    with pytest.raises(Unknown):
        opened.read(board.row, "ann", 9, opened.now)


def test_admins_are_who_was_appointed(opened: Exchange):
    assert opened.read(board.is_admin, ADMIN)
    assert not opened.read(board.is_admin, DECIDER)
    assert not opened.read(board.is_admin, "stranger")
