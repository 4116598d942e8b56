"""The pool: the account that pays for makers, and gets back what they have left."""

from sqlalchemy import Connection

from core.ledger import accounts

POOL = "pool:main"


def open_pool(connection: Connection) -> int:
    return accounts.open_account(connection, POOL)
