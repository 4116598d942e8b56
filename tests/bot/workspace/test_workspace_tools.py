"""The tools in a real Chromium: traffic that unfolds and is sifted, faults that are switched, time that is moved."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from workspace_desk import KEY

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, desk) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright needs a plain function
    page.goto(f"{desk.url}/?key={KEY}")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def tools(page: Page) -> Locator:
    page.get_by_role("button", name="Traffic, faults, clock").click()
    return page.get_by_role("complementary", name="Tools")


def say(page, text):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.fill(text)
    composer.press("Enter")


def passages(tools) -> Locator:
    return tools.get_by_role("list", name="Traffic").get_by_role("listitem")


def test_traffic_unfolds_to_what_was_said(page, tools):
    say(page, "/toy form")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    command = passages(tools).filter(has_text="command /toy")
    expect(command).to_contain_text("→ app")
    command.locator("summary").press("Enter")

    expect(command.get_by_label("Request")).to_contain_text('"text": "form"')
    expect(passages(tools).filter(has_text="views.open")).to_contain_text("→ Slack")


def test_traffic_is_sifted_by_words_direction_and_warnings(desk, page, tools):
    say(page, "/toy text")
    desk.api("users.list")
    desk.api("files.upload")
    expect(passages(tools).filter(has_text="⚠ files.upload was refused")).to_be_visible()

    tools.get_by_label("Filter traffic").fill("users.list")
    expect(passages(tools).filter(visible=True)).to_have_count(1)
    tools.get_by_label("Filter traffic").fill("")
    tools.get_by_role("combobox", name="Direction").select_option("To the app")
    expect(passages(tools).filter(visible=True, has_text="→ Slack")).to_have_count(0)
    expect(passages(tools).filter(visible=True, has_text="command /toy")).to_have_count(1)
    tools.get_by_role("combobox", name="Direction").select_option("Both ways")
    tools.get_by_label("Warnings only").check()
    expect(passages(tools).filter(visible=True)).to_have_count(2)


def test_a_fault_is_switched_on_and_off(desk, page, tools):
    tools.get_by_role("tab", name="Faults").click()
    tools.get_by_label("What happens").select_option("Answered with HTTP 500")
    tools.get_by_label("To what").select_option("command")
    tools.get_by_role("button", name="Switch on").click()
    switched = tools.get_by_role("list", name="Switched on").get_by_role("listitem")
    expect(switched).to_contain_text("Answered with HTTP 500: command from Slack to the app, once")
    say(page, "/toy text")

    failed = page.get_by_role("article").filter(has_text='/toy failed with the error "dispatch_failed"')
    expect(failed).to_be_visible()
    expect(switched).to_have_count(0)
    tools.get_by_label("How often").select_option("Until it is switched off")
    tools.get_by_role("button", name="Switch on").click()
    tools.get_by_role("button", name=re.compile("Switch off: ")).click()
    expect(switched).to_have_count(0)
    assert desk.app.state.workspace.faults.switched == []


def test_only_faults_that_can_be_are_offered(page, tools):
    tools.get_by_role("tab", name="Faults").click()
    tools.get_by_label("What happens").select_option("Arrives twice")
    expect(tools.get_by_role("combobox", name="Direction").get_by_role("option")).to_have_text(
        ["from Slack to the app"]
    )
    expect(tools.get_by_label("Seconds between the two")).to_be_visible()

    tools.get_by_label("What happens").select_option("Never arrives")
    tools.get_by_role("combobox", name="Direction").select_option("from the app to Slack")
    expect(tools.get_by_label("To what").get_by_role("option", name="views.open")).to_have_count(1)


def test_the_clock_goes_to_the_next_date_that_was_named(desk, page, tools):
    moment = (desk.clock() + timedelta(days=2)).replace(microsecond=0)
    text = f"Due <!date^{moment.timestamp():.0f}^{{date}}|then>"
    desk.api("chat.postMessage", channel="C01MARKETS", text=text)
    tools.get_by_role("tab", name="Clock").click()
    tools.get_by_role("button", name="To the next date").click()

    expect(tools.get_by_text("1 day, 23 hours")).to_be_visible()
    expect(tools.get_by_role("button", name="No date ahead was named")).to_be_disabled()
    assert desk.clock() >= moment


def test_the_tools_are_reached_and_left_by_keys(page):
    opener = page.get_by_role("button", name="Traffic, faults, clock")
    opener.press("Enter")
    tools = page.get_by_role("complementary", name="Tools")
    expect(tools.get_by_role("tab", name="Traffic")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("tab", name="Faults")).to_be_focused()
    expect(tools.get_by_role("button", name="Switch on")).to_be_visible()
    page.keyboard.press("Escape")

    expect(tools).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_tools_are_a_page_of_their_own_too(desk, page):
    """A modal bars the drawer behind it; faults for the form in it are switched on in another tab."""
    page.goto(f"{desk.url}/tools")
    desk.api("auth.test")

    tools = page.get_by_role("main", name="Tools")
    expect(passages(tools).filter(has_text="auth.test")).to_be_visible()
