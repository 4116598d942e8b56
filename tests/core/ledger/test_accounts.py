"""Accounts and units, opened once by name."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from core.database import reading, writing
from core.ledger import accounts


def test_an_account_is_opened_once(engine: Engine):
    with writing(engine) as connection:
        first = accounts.open_account(connection, "ann")

        assert accounts.open_account(connection, "ann") == first
        assert accounts.find_account(connection, "ann") == first
        assert accounts.find_account(connection, "bob") is None


def test_a_new_database_has_a_treasury_that_issues_credit(engine: Engine):
    """And new accounts and units do not collide with what the first migration wrote."""
    with writing(engine) as connection:
        treasury, credit = accounts.TREASURY, accounts.CREDIT

        assert accounts.open_account(connection, "ann") != treasury
        assert accounts.open_unit(connection, "coupon", treasury) != credit


def test_a_unit_has_one_issuer_for_good(engine: Engine):
    with writing(engine) as connection:
        accounts.open_unit(connection, "coupon", accounts.TREASURY)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        accounts.open_unit(connection, "coupon", accounts.TREASURY)
    with reading(engine) as connection:
        assert accounts.find_account(connection, "treasury") is not None
