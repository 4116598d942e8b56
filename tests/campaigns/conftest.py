"""Campaigns as tests: short, each time from another seed, which a failure names."""

import random

import pytest


@pytest.fixture
def seed() -> int:
    """From the chance of the test run, so that the run's own seed gives it again."""
    return random.getrandbits(32)
