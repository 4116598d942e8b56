"""The real thing for every test of the bot: the local workspace, the app behind it, and a real browser in front."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acts import card
from elsewhere import Site, serving
from live import Live, Person
from playwright.sync_api import Browser, sync_playwright

from bot.locally import Mode

DATABASE = "exchange.db"
CHROMIUM = shutil.which("chromium")

# A machine that tests are run on may stand still for seconds, and what is lost then is no fault of ours. What follows
# where an answer comes too late is tested by switches that make it late.
UNHURRIED_SECONDS = 30.0
HURRIED = (
    "bot.workspace.delivery.TIMEOUT_SECONDS",
    "bot.workspace.passing.TIMEOUT_SECONDS",
    "bot.workspace.sockets.TIMEOUT_SECONDS",
    "bot.workspace.tickets.TRIGGER_SECONDS",
    "core.writer.PATIENCE_SECONDS",
)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HURRIED:
        monkeypatch.setattr(name, UNHURRIED_SECONDS)


@pytest.fixture
def folder(tmp_path: Path, files: Any) -> Path:
    """For a workspace of its own; its database is migrated already, since that takes longer than most tests."""
    files.copy_to(tmp_path / DATABASE)
    return tmp_path


@pytest.fixture
def live(folder: Path) -> Iterator[Live]:
    """A seeded workspace of its own for one test."""
    running = Live(folder)
    yield running
    running.close()


@pytest.fixture(params=list(Mode), ids=str)
def either(request: pytest.FixtureRequest, folder: Path) -> Iterator[Live]:
    """The same, once over HTTP and once by Socket Mode."""
    running = Live(folder, request.param)
    yield running
    running.close()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, files: Any) -> Iterator[Live]:
    """One workspace for all of a module that must not change it."""
    folder = tmp_path_factory.mktemp("quiet")
    files.copy_to(folder / DATABASE)
    running = Live(folder)
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
