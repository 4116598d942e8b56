"""The disk is full, read-only, failing, locked (disk.py) or slow (slow.py)."""

import pytest
from campaigns.campaign import conduct
from campaigns.disk import disk
from campaigns.slow import slow


@pytest.mark.parametrize(("engine", "times"), [("sqlite", 12), ("postgresql", 5)])
def test_a_disk_in_trouble_loses_nothing_and_nobody_need_restart_the_exchange(
    engine: str, times: int, seed: int
):
    figures = conduct(disk, engine, times, seed)

    assert figures["acknowledged fills"] > 100
    assert figures["answers that decided nothing, asked again"] > 0
    assert figures["reads that worked meanwhile"] > 0


def test_on_a_slow_disk_who_is_told_busy_was_not_served(seed: int):
    figures = conduct(slow, "sqlite", 1, seed)

    assert figures["told Busy, the queue was full"] > 0
    assert figures["told Busy, too late"] > 0
    assert figures["granted"] > 0
