"""Crowds trade at once while everything else goes on (traders.py, replay.py)."""

import pytest
from campaigns.campaign import conduct
from campaigns.traders import traders


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize(("engine", "trades"), [("sqlite", 4000), ("postgresql", 1500)])
def test_what_happened_at_once_is_what_would_have_happened_in_turn(engine: str, trades: int, seed: int):
    figures = conduct(traders, engine, trades, seed)

    assert figures["trades"] >= trades
    for kind in ("death", "settle", "grant"):
        assert kind in figures["entries of the journal"]
