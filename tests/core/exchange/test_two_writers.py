"""Two processes that write to one PostgreSQL: their batches meet in the same markets and the same limit orders."""

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from exchange_driver import ADMIN, Exchange
from sqlalchemy import select

from core.database import open_engine
from core.errors import OverBudget, Refusal
from core.exchange import cancelling, portfolios, trading
from core.exchange.portfolios import MAIN, PortfolioPlan
from core.exchange.trading import Act, Fill, Order
from core.ledger.tables import entry
from core.units import MICRO

PEOPLE = ["ann", "bob", "cy", "di"]
ORDERS = 40


@pytest.fixture
def pair(server: Any) -> Iterator[list[Exchange]]:
    url = server.create(migrated=True)
    engines = [open_engine(url), open_engine(url)]
    running = [Exchange(engine) for engine in engines]
    yield running
    for each, engine in zip(running, engines, strict=True):
        each.close()
        engine.dispose()
    server.drop(url)


def trade(running: Exchange, seed: int, answered: list[object]) -> None:
    """Orders of everybody in both markets; every tenth key is one that the other process uses too."""
    chance = random.Random(seed)
    for number in range(ORDERS):
        by, market_id, side = chance.choice(PEOPLE), chance.choice((1, 2)), chance.choice((0, 1))
        price = chance.choice((None, 350_000, 400_000, 450_000))
        key = f"shared-{number}" if number % 10 == 0 else f"{seed}-{number}"
        order = Order(key, by, market_id, (side,), Act.SPEND, chance.randint(1, 20) * MICRO, price=price)
        try:
            answered.append(running.do(trading.execute, order))
            if number % 8 == 7:
                running.do(cancelling.cancel_all, by)
        except Refusal as refusal:
            answered.append(refusal)


def test_all_holds_when_two_processes_trade_at_once(pair: list[Exchange]):
    """No order is lost or executed twice, whichever of them gets to it first."""
    one = pair[0]
    one.grant("pool", 1_000)
    for person in PEOPLE:
        one.grant(person, 500)
    one.open()
    answers: list[list[object]] = [[], []]
    threads = [threading.Thread(target=trade, args=(pair[n], n, answers[n])) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert [len(answered) for answered in answers] == [ORDERS, ORDERS]
    fills = [each for answered in answers for each in answered if isinstance(each, Fill)]
    assert len(fills) > ORDERS
    assert one.audit() == []
    keys = one.fetch(select(entry.c.key).where(entry.c.key.like("order:%")))
    assert len({row.key for row in keys}) == len(keys) == len(fills)


def test_two_processes_that_open_at_once_hold_no_more_ready_than_the_budget(pair: list[Exchange]):
    """Each question takes 35 credits of 100."""
    one = pair[0]
    one.grant("pool", 1_000)
    plan = PortfolioPlan("Main", 100 * MICRO, None, 30, ())
    one.do(portfolios.change, ADMIN, MAIN, plan, "No more than that.")
    answers: list[list[object]] = [[], []]

    def ask(running: Exchange, answered: list[object]) -> None:
        for _ in range(4):
            try:
                answered.append(running.ask(liquidity=50 * MICRO))
            except Refusal as refusal:
                answered.append(refusal)

    threads = [threading.Thread(target=ask, args=(pair[n], answers[n])) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    found = [each for answered in answers for each in answered]

    assert len(found) == 8
    assert sum(isinstance(each, OverBudget) for each in found) == 6
    assert one.audit() == []
