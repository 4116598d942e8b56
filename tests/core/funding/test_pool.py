"""The pool is one account, opened with the first credit that is meant for makers."""

from sqlalchemy import Engine

from core.database import writing
from core.funding import pool
from core.ledger import accounts


def test_there_is_one_pool(engine: Engine):
    with writing(engine) as connection:
        assert accounts.find_account(connection, pool.POOL) is None
        opened = pool.open_pool(connection)

        assert pool.open_pool(connection) == opened
        assert accounts.find_account(connection, pool.POOL) == opened
