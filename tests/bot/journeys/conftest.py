"""Journeys in four browsers, over HTTP or by Socket Mode, some by both; by Socket Mode everything comes twice, and some of it late."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live
from playwright.sync_api import Browser
from tab import SCREENSHOTS, WAIT, Tab

from bot.locally import Mode

FOUR = ("ada", "emil", "carol", "mona")


@pytest.fixture(params=list(Mode), ids=str)
def live(request: pytest.FixtureRequest, folder: Path) -> Iterator[Live]:
    """A module's ``EMPTY`` says that nothing is seeded there but the first admin."""
    running = Live(folder, request.param, is_empty=getattr(request.module, "EMPTY", False))
    if request.param is Mode.SOCKET:
        disturb(running)
    yield running
    running.close()


def disturb(live: Live) -> None:
    """So that the order in which things are delivered is any."""
    ada = live.person("U0ADA")
    for fault in (
        {"name": "duplicate", "seconds": 0.05},
        {"name": "delay", "seconds": 0.2, "chance": 0.3},
    ):
        assert ada.act("faults", direction="to_app", times=None, **fault)["ok"]


@pytest.fixture
def tabs(chromium: Browser, live: Live, request: pytest.FixtureRequest) -> Iterator[dict[str, Tab]]:
    """Whoever a module names as its ``PEOPLE``, each in a browser of their own."""
    SCREENSHOTS.mkdir(exist_ok=True)
    opened, faults = {}, []
    for user in getattr(request.module, "PEOPLE", FOUR):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - needs a plain function
        page.goto(live.url)
        page.get_by_label("You are").select_option(f"U0{user.upper()}")
        opened[user] = Tab(page, user)
    yield opened
    for tab in opened.values():
        tab.page.context.close()
    assert faults == []
