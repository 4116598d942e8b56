"""Campaigns as tests: short, each time from another seed, which a failure names."""

import random
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def seed() -> int:
    """From the chance of the test run, so that the run's own seed gives it again."""
    return random.getrandbits(32)


@pytest.fixture
def in_memory(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite files of campaigns that are about no disk lie where those of tests do. PostgreSQL must not own that folder."""
    if engine == "sqlite":
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
