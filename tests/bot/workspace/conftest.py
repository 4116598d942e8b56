"""Each test gets a fresh workspace with a fresh toy app behind it; the two servers under them stay up."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from workspace_desk import SECRET, TOKEN, Background, Browser, Desk, build
from workspace_toy import build_toy

from bot.workspace import SteerableClock


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """The workspace is as impatient here as Slack is."""


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    running = Background()
    yield running
    running.close()


@pytest.fixture
def state_path() -> Path | None:
    return None


@pytest.fixture
def desk(background: Background, state_path: Path | None) -> Iterator[Desk]:
    url, clock = f"http://127.0.0.1:{background.ports[0]}", SteerableClock(timedelta(0))
    app = build(background, clock, state_path)
    toy = build_toy(f"{url}/api/", TOKEN, SECRET)
    background.boards[0].app, background.boards[1].app = app, toy.asgi
    life = app.router.lifespan_context(app)
    background.run(life.__aenter__())
    background.run(asyncio.wait(app.state.workspace.in_flight))  # The app's addresses are verified.
    yield Desk(url, app, clock, toy)
    background.loop.call_soon_threadsafe(app.state.close_streams)
    background.run(life.__aexit__(None, None, None))


@pytest.fixture
def ada(desk: Desk) -> Iterator[Browser]:
    browser = desk.browser()
    yield browser
    browser.client.close()


@pytest.fixture
def bob(desk: Desk) -> Iterator[Browser]:
    browser = desk.browser("U02BOB")
    yield browser
    browser.client.close()
