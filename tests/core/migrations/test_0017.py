"""What stood before there were second wallets is long by its dates, and every order is of its owner's only wallet."""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from exchange_driver import DAY, START, Exchange
from sqlalchemy import select, update

from core.database import _alembic, writing
from core.exchange import audit
from core.exchange.trading import Act
from core.markets.tables import limit_order, market
from core.units import MICRO


def test_markets_and_orders_of_before_are_given_what_they_lack(exchange: Exchange):
    exchange.grant("pool", 5_000)
    exchange.grant("ann", 100)
    exchange.open(freezes_at=START + 90 * DAY)
    exchange.open()
    exchange.ask(closes_at=START + 91 * DAY)
    exchange.ask(closes_at=START + 89 * DAY)
    exchange.trade("ann", 1, 0, Act.SPEND, 20 * MICRO, price=100_000)
    before = exchange.orders()
    migration = ScriptDirectory.from_config(_alembic()).get_revision("0017").module
    with writing(exchange.engine) as connection:
        connection.execute(update(market).values(is_long=False))
        connection.execute(update(limit_order).values(wallet_id=None))
        with Operations.context(MigrationContext.configure(connection)):
            migration._fill()

    found = exchange.fetch(select(market.c.is_long).order_by(market.c.id))
    assert [row.is_long for row in found] == [True, True, False, False, True, False]
    assert exchange.orders() == before
    assert all(proof.holds for proof in exchange.read(audit.audit))
