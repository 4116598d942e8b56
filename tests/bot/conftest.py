"""The real thing for every test of the bot: the local workspace, the app behind it, and a real browser in front."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import card
from elsewhere import Site, serving
from live import Live, Person
from playwright.sync_api import Browser, sync_playwright

from bot.locally import Mode

CHROMIUM = shutil.which("chromium")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A seeded workspace of its own for one test."""
    running = Live(tmp_path)
    yield running
    running.close()


@pytest.fixture(params=list(Mode), ids=str)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Live]:
    """The same, once over HTTP and once by Socket Mode."""
    running = Live(tmp_path, request.param)
    yield running
    running.close()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One workspace for all of a module that must not change it."""
    running = Live(tmp_path_factory.mktemp("quiet"))
    card(running.person("U0EMIL"))
    yield running
    running.close()


@pytest.fixture
def ada(live: Live) -> Person:
    return live.person("U0ADA")


@pytest.fixture
def emil(live: Live) -> Person:
    return live.person("U0EMIL")


@pytest.fixture
def erin(live: Live) -> Person:
    return live.person("U0ERIN")


@pytest.fixture
def carol(live: Live) -> Person:
    return live.person("U0CAROL")


@pytest.fixture
def mona(live: Live) -> Person:
    return live.person("U0MONA")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module: as long as Playwright runs, no other test of this thread can have an event loop."""
    if CHROMIUM is None:
        pytest.skip("the browser tests need Debian's package chromium (and fonts-noto-color-emoji)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A server from which readings can be taken."""
    with serving() as running:
        yield running
