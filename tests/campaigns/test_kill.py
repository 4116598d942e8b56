"""The process that writes is killed (kill.py)."""

import pytest
from campaigns.campaign import ENGINES, conduct
from campaigns.kill import kill


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_acknowledged_outlives_every_kill_and_is_never_done_again(engine: str, seed: int):
    figures = conduct(kill, engine, 12, seed)

    assert figures["acknowledged fills"] > 50
