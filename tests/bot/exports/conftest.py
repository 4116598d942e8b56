"""A database that has lived, to be exported."""

from pathlib import Path

import pytest
from exchange_driver import ADMIN, Exchange
from export_desk import NASTY, Desk
from sqlalchemy import Engine

from core.exchange import granting
from core.exchange.trading import Act
from core.units import MICRO


@pytest.fixture
def desk(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(engine, tmp_path, monkeypatch)


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Grants, a decision and a question, trades, a choice, a reading, a settlement; some things are still open."""
    exchange = Exchange(desk.engine)
    for name in ("pool", "ann", "bob", "Ann"):
        exchange.grant(name, 1000)
    first, second, question = exchange.open(), exchange.open(), exchange.ask()
    for market_id in (first.market_ids[0], second.market_ids[1], question.market_ids[0]):
        exchange.trade("ann", market_id, 0, Act.SPEND, 30 * MICRO)
        exchange.trade("bob", market_id, 1, Act.SPEND, 20 * MICRO + 1)
        exchange.trade("ann", market_id, 0, Act.SELL, 7 * MICRO)
    exchange.settle_by_reading(60 * MICRO)
    for reason in NASTY:
        exchange.do(granting.grant, ADMIN, "cy", 1, exchange.new_key(), f"because {reason}")
    assert exchange.audit() == []
    exchange.close()
    return desk
