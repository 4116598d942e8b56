"""Every surface of the page with one of each on it, light and dark: nothing that axe calls serious or critical."""

from collections.abc import Iterator

import pytest
from axe import serious
from playwright.sync_api import Browser, Page, expect
from workspace_desk import KEY
from workspace_gallery import MESSAGE, MODAL

pytestmark = pytest.mark.browser

MARKETS = "C01MARKETS"


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser, desk) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{desk.url}/?key={KEY}")
    yield page
    context.close()


@pytest.fixture
def report(desk, ada, bob) -> str:
    """A message with everything on it and under it."""
    ts = desk.api("chat.postMessage", channel=MARKETS, text="A report", blocks=MESSAGE)["ts"]
    where = {"channel": MARKETS, "thread_ts": ts}
    desk.api("chat.postMessage", text="In the thread", **where)
    ada.post("send", text="Mine, too", **where)
    ada.post("react", channel=MARKETS, message_ts=ts, name="eyes")
    ada.do("/topic What is priced")
    bob.post("send", channel=MARKETS, text="Hello @ada")
    desk.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="Psst")
    return ts


def faults(page: Page, surfaces: Iterator[str]) -> dict[str, list[str]]:
    return {name: found for name in surfaces if (found := serious(page))}


def in_the_channel(page: Page, desk) -> Iterator[str]:
    article = page.get_by_role("article").filter(has_text="A report")
    article.hover()
    yield "the channel"
    article.get_by_role("button", name="More options").click()
    yield "an overflow menu"
    page.keyboard.press("Escape")
    article.hover()
    article.get_by_role("button", name="More actions").click()
    yield "the menu of a message"
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Message #markets").press_sequentially("/")
    yield "what the composer offers"
    page.get_by_role("textbox", name="Message #markets").clear()
    desk.api("files.upload")
    page.get_by_text("unknown_method").wait_for()
    yield "a warning"
    article.get_by_role("button", name="2 replies").click()
    page.get_by_role("textbox", name="Reply to thread").wait_for()
    yield "a thread"
    page.get_by_role("button", name="Threads").click()
    page.get_by_role("region", name="Threads").get_by_role("button").wait_for()
    yield "their threads"
    page.go_back()
    page.get_by_role("textbox", name="Reply to thread").wait_for()


def in_dialogs(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="2 members").click()
    yield "who is there"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    yield "the quick switcher"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close thread").click()
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("dialog", name="Sure?").wait_for()
    yield "a confirmation"
    page.get_by_role("button", name="No", exact=True).click()
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.fill("/toy form")
    composer.press("Enter")
    page.get_by_role("dialog", name="Forecast").wait_for()


def in_modals(page: Page, desk, ada) -> Iterator[str]:
    desk.api("views.update", view_id=ada.view()["id"], view=MODAL)
    dialog = page.get_by_role("dialog", name="Everything")
    dialog.get_by_role("button", name="Place it").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()
    yield "a modal with its errors"
    dialog.get_by_role("button", name="Push").click()
    page.get_by_role("dialog", name="Deeper").wait_for()
    yield "a modal on a modal"


def in_the_tools(page: Page, desk) -> Iterator[str]:
    page.goto(f"{desk.url}/tools")
    for tab in ("Traffic", "Faults", "Clock"):
        page.get_by_role("tab", name=tab).click()
        page.get_by_role("tabpanel", name=tab).wait_for()
        yield f"the tools: {tab}"


def test_no_surface_has_a_serious_fault(desk, ada, page, report):
    surfaces = (
        in_the_channel(page, desk),
        in_dialogs(page),
        in_modals(page, desk, ada),
        in_the_tools(page, desk),
    )

    assert [found for each in surfaces if (found := faults(page, each))] == []


def test_on_a_phone_nothing_is_wider_than_it(desk, page, report):
    page.set_viewport_size({"width": 390, "height": 844})
    article = page.get_by_role("article").filter(has_text="A report")
    article.get_by_role("button", name="2 replies").click()
    page.get_by_role("textbox", name="Reply to thread").wait_for()

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert article.first.locator(".table").evaluate("node => node.scrollWidth > node.clientWidth")
