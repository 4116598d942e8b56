"""The PostgreSQL server dies and comes back (server.py)."""

from campaigns.campaign import conduct
from campaigns.server import server


def test_the_writer_outlives_the_death_of_its_server_and_every_caller_is_answered(seed: int):
    figures = conduct(server, "postgresql", 9, seed)

    assert [figures[f"deaths by {death}"] for death in ("kill", "stop_immediately", "stop")] == [3, 3, 3]
    assert figures["acknowledged fills"] > 20
    assert figures["answers that decided nothing, asked again"] > 30
