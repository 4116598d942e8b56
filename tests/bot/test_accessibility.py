"""Every kind of screen, in light and dark, on a desk and on a phone: nothing that axe calls serious or critical."""

from collections.abc import Iterator

import pytest
from axe import serious
from live import Live
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, quiet: Live, scheme: str) -> Iterator[Page]:
    opened = chromium.new_page(viewport=DESK, color_scheme=scheme)
    opened.goto(quiet.url)
    yield opened
    opened.close()


def places(page: Page) -> Iterator[str]:
    """Goes from screen to screen."""
    page.get_by_label("You are").select_option("U0EMIL")
    for place in ("Home", "Futarchy", "# markets"):
        page.get_by_role("button", name=place, exact=True).click()
        page.get_by_role("button", name="Trade").or_(page.get_by_text("granted you")).first.wait_for()
        yield place
    page.get_by_role("button", name="Trade", exact=True).first.click()
    page.get_by_role("dialog", name="Trade D-1").wait_for()
    yield "the trading modal"
    page.get_by_role("button", name="Place trade").click()
    page.get_by_role("alert").first.wait_for()
    yield "a refusal under its field"
    page.get_by_role("button", name="Cancel").click()


def test_no_screen_has_a_serious_fault(page: Page):
    assert {place: found for place in places(page) if (found := serious(page))} == {}


def test_no_screen_of_a_phone_has_one_or_is_wider_than_it(page: Page):
    page.get_by_label("You are").select_option("U0EMIL")
    page.set_viewport_size(PHONE)
    found = {}
    for place in ("Home", "# markets"):
        page.get_by_role("button", name="Channels and people").click()
        found[f"the way to {place}"] = serious(page)
        page.get_by_role("button", name=place, exact=True).click()
        page.get_by_role("button", name="Trade").first.wait_for()
        found[place] = serious(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    assert {place: faults for place, faults in found.items() if faults} == {}
