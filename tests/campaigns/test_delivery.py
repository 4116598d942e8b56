"""Two processes tell everything once, though one of them is killed all the time (delivery.py)."""

from campaigns.campaign import conduct
from campaigns.delivery import delivery


def test_two_processes_tell_everything_once_and_in_order_though_they_are_killed(seed: int):
    figures = conduct(delivery, "postgresql", 500, seed)

    assert figures["told"] == 500
    assert figures["kills"] > 0
