"""Socket Mode: what is heard over WebSockets that we opened, and what becomes of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from acts import balance, trade
from live import Live, Person

from bot.locally import Mode
from bot.workspace.sockets import SocketLink


@pytest.fixture
def live(folder: Path) -> Iterator[Live]:
    running = Live(folder, Mode.SOCKET)
    yield running
    running.close()


def connections(live: Live) -> int:
    health = httpx.get(f"{live.workspace.app_url}/healthz", trust_env=False).json()
    assert health["sockets_connected"] <= 2
    return int(health["sockets_connected"])


def test_a_trade_goes_over_sockets(live: Live, emil: Person):
    before = balance(live, "U0EMIL")

    assert "You bought" in trade(emil, "10")
    assert balance(live, "U0EMIL") < before


def test_nothing_of_slacks_is_heard_over_http(live: Live):
    assert live.post(b"command=%2Fmarket").status_code == 404


@pytest.mark.parametrize("ending", [SocketLink.cut, SocketLink.refresh])
def test_a_connection_that_ends_is_renewed_and_meanwhile_the_other_hears(
    live: Live, emil: Person, ending: Callable[[SocketLink], object]
):
    live.wait_until(lambda: connections(live) == 2)
    link = live.workspace.page.state.workspace.link
    live.run(ending(link))

    assert "Your credits" in emil.type("/market portfolio")
    live.wait_until(lambda: link.connections == 2 and connections(live) == 2)
    assert "Your credits" in emil.type("/market portfolio")


def test_an_event_that_was_not_answered_comes_again(live: Live, emil: Person):
    """As over HTTP: with the number of the try, until an answer comes."""
    link = live.workspace.page.state.workspace.link
    for _ in range(2):
        live.run(link.cut())

    assert emil.home()["blocks"]
