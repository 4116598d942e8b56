"""A running exchange on each kind of database."""

from collections.abc import Iterator

import pytest
from exchange_driver import Exchange
from sqlalchemy import Engine


@pytest.fixture
def exchange(engine: Engine) -> Iterator[Exchange]:
    running = Exchange(engine)
    yield running
    running.close()
