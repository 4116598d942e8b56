"""Leaders: what settled markets brought each person, and who is named for it."""

import pytest
from exchange_driver import ADMIN, DAY, DECIDER, OWNER, START, Exchange
from sqlalchemy import update

from core.database import writing
from core.exchange import deciding, leaders, portfolio, resolving
from core.exchange.leaders import Place
from core.exchange.portfolio import Settled
from core.exchange.trading import Act
from core.markets.tables import gain
from core.units import MICRO

LONG, SHORT = 0, 1
GRANTED = {"ann": 150, "bob": 150, "cy": 100}


@pytest.fixture
def traded(exchange: Exchange, slices_of_two: None) -> Exchange:
    """Ann is for Release, Bob against; Bob meets a limit order of hers, and Ann sells some. Cy only backs Hold."""
    exchange.grant("pool", 1_000)
    for person, amount in GRANTED.items():
        exchange.grant(person, amount)
    exchange.open()
    exchange.trade("ann", 1, LONG, Act.SPEND, 50 * MICRO)
    exchange.trade("ann", 1, LONG, Act.SPEND, 20 * MICRO, price=450_000)
    exchange.trade("bob", 1, SHORT, Act.SPEND, 60 * MICRO)
    exchange.trade("ann", 1, LONG, Act.SELL, 10 * MICRO)
    exchange.trade("cy", 2, LONG, Act.SPEND, 30 * MICRO)
    return exchange


def settle(exchange: Exchange, value: int) -> None:
    exchange.now = START + 7 * DAY
    exchange.do(deciding.record, DECIDER, 1, 1, "It is better.")
    exchange.advance(DAY)
    exchange.run_due()
    exchange.do(resolving.file, OWNER, 1, value, "the dashboard")
    exchange.advance(DAY)
    exchange.run_due()


def test_what_a_market_brought_is_what_a_person_has_beyond_what_was_granted(traded: Exchange):
    """To the micro-credit, also through limit orders and sales; what went back from an option not taken brought nothing."""
    before = {person: portfolio_of(traded, person).worth for person in ("ann", "bob", "cy")}
    assert before["cy"] == 100 * MICRO
    settle(traded, 80 * MICRO)

    found = traded.read(leaders.leaders, "ann")
    brought = {
        person: portfolio_of(traded, person).balance - GRANTED[person] * MICRO for person in ("ann", "bob")
    }
    assert [(each.rank, each.realised, each.settled, each.is_asker) for each in found.top] == [
        (1, brought["ann"], 1, True),
        (2, brought["bob"], 1, False),
    ]
    assert brought["ann"] > 0 > brought["bob"]
    assert traded.read(leaders.leaders, "cy").own is None
    assert portfolio_of(traded, "cy").balance == 100 * MICRO


def portfolio_of(exchange: Exchange, person: str) -> portfolio.Portfolio:
    return exchange.read(portfolio.portfolio, person)


def test_an_edited_gain_is_found_with_its_person(traded: Exchange):
    settle(traded, 80 * MICRO)
    with writing(traded.engine) as connection:
        connection.execute(update(gain).values(credits=gain.c.credits + 1))

    (proof,) = traded.audit()
    assert proof.claim == "Markets brought each person what moved to and from them"
    assert [fault.partition(",")[0] for fault in proof.faults] == [
        f"M-1 brought person {person} {portfolio_of(traded, name).balance - GRANTED[name] * MICRO}"
        for person, name in ((2, "ann"), (3, "bob"))
    ]


def test_only_who_agreed_is_named_and_everybody_sees_their_own_place(traded: Exchange):
    settle(traded, 20 * MICRO)
    seen = traded.read(leaders.leaders, "ann")
    assert [each.identity for each in seen.top] == ["", "ann"]
    assert (seen.own, seen.is_named) == (seen.top[1], False)
    assert [each.identity for each in traded.read(leaders.leaders, "nobody").top] == ["", ""]

    traded.do(leaders.set_named, "bob", True)
    assert [each.identity for each in traded.read(leaders.leaders, "ann").top] == ["bob", "ann"]
    assert traded.read(leaders.leaders, "bob").is_named
    traded.do(leaders.set_named, "bob", False)
    assert [each.identity for each in traded.read(leaders.leaders, "ann").top] == ["", "ann"]


def test_whoever_is_not_among_the_best_still_has_a_place(traded: Exchange, monkeypatch: pytest.MonkeyPatch):
    settle(traded, 20 * MICRO)
    monkeypatch.setattr(leaders, "LEADERS_MOST", 1)

    found = traded.read(leaders.leaders, "ann")
    assert len(found.top) == 1
    assert found.own is not None
    assert (found.own.rank, found.own.identity) == (2, "ann")
    assert isinstance(found.own, Place)


def test_what_was_settled_is_told_with_its_question_and_what_it_brought(traded: Exchange):
    assert traded.read(portfolio.settled, "ann") == []
    settle(traded, 80 * MICRO)

    (found,) = traded.read(portfolio.settled, "ann")
    assert found == Settled(
        1, "Release?", "Score", portfolio_of(traded, "ann").balance - GRANTED["ann"] * MICRO, found.at
    )
    assert traded.read(portfolio.settled, "cy") == []
    assert traded.read(portfolio.settled, ADMIN) == []


def test_a_question_that_hangs_on_no_decision_counts_too(exchange: Exchange):
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 100)
    asked = exchange.ask()
    exchange.trade("ann", asked.market_ids[0], 0, Act.SPEND, 40 * MICRO)
    exchange.advance(7 * DAY)
    exchange.run_due()
    exchange.do(resolving.file, OWNER, 1, MICRO, "it shipped")
    exchange.advance(DAY)
    exchange.run_due()

    (found,) = exchange.read(portfolio.settled, "ann")
    assert (found.decision_id, found.question) == (None, "Shipped")
    assert found.credits == portfolio_of(exchange, "ann").balance - 100 * MICRO > 0
