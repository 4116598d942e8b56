"""A running exchange on each kind of database."""

from collections.abc import Iterator

import pytest
from exchange_driver import Exchange
from hypothesis import settings
from sqlalchemy import Engine

settings.register_profile("patient", deadline=None)  # A busy machine is no fault of ours.
settings.load_profile("patient")


@pytest.fixture
def exchange(engine: Engine) -> Iterator[Exchange]:
    running = Exchange(engine)
    yield running
    running.close()
