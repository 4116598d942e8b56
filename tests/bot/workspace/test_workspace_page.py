"""The page in a real Chromium: found by roles and labels, as a person finds it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from workspace_desk import KEY
from workspace_toy import button, form, plain

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


def say(page, text):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.fill(text)
    composer.press("Enter")


def open_form(page):
    say(page, "/toy form")
    return page.get_by_role("dialog", name="Forecast")


def test_what_is_typed_appears_as_a_message_and_never_as_markup(page):
    say(page, "*Hi* @bob <img src=x onerror=alert(1)>")

    message = page.get_by_role("article", name=re.compile(r"Ada Lovelace at \d\d:\d\d"))
    expect(message).to_contain_text("Hi @Bob Noyce <img src=x onerror=alert(1)>")
    expect(message.locator("b", has_text="Hi")).to_be_visible()
    expect(message.locator("img")).to_have_count(0)


def test_the_composer_completes_the_apps_commands(page):
    composer = page.get_by_role("textbox", name="Message #markets")
    composer.press_sequentially("/to")
    expect(page.get_by_role("option", name="/toy")).to_contain_text("[words]")
    composer.press("Tab")

    expect(composer).to_have_value("/toy ")


def test_an_ephemeral_answer_says_so_and_can_be_dismissed(page):
    say(page, "/toy text")

    answer = page.get_by_role("article", name=re.compile("^Futarchy at"))
    expect(answer).to_contain_text("Only visible to you")
    answer.get_by_role("button", name="Dismiss message").click()
    expect(answer).to_have_count(0)


def test_no_keystroke_is_lost_while_the_view_changes(page):
    dialog = open_form(page)
    field = dialog.get_by_label("Chance")
    field.press_sequentially("1234567890", delay=30)

    expect(dialog.get_by_text("You say 1234567890")).to_be_visible()
    expect(field).to_have_value("1234567890")
    expect(field).to_be_focused()


def test_field_errors_stand_by_their_field_and_go_when_it_is_mended(page):
    dialog = open_form(page)
    dialog.get_by_role("button", name="Place forecast").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")

    dialog.get_by_label("Chance").fill("70")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Place forecast").click()
    expect(dialog).to_be_hidden()


def test_going_back_finds_what_was_typed_below(page):
    dialog = open_form(page)
    dialog.get_by_label("Why").fill("because")
    dialog.get_by_role("button", name="Push").click()
    page.get_by_role("dialog", name="Deeper").get_by_role("button", name="Cancel").click()

    expect(dialog.get_by_label("Why")).to_have_value("because")


def test_the_cursor_stands_where_the_view_wants_it(desk, page):
    dialog = open_form(page)
    dialog.get_by_label("Chance").fill("70")
    deeper = form(title="Deeper")
    deeper["blocks"][2]["element"]["focus_on_load"] = True
    desk.toy.answer = {"response_action": "push", "view": deeper}
    dialog.get_by_role("button", name="Place forecast").click()

    expect(page.get_by_role("dialog", name="Deeper").get_by_role("textbox", name="Why")).to_be_focused()


def test_a_form_that_could_not_be_sent_says_so_and_keeps_what_was_typed(ada, page):
    dialog = open_form(page)
    dialog.get_by_label("Chance").fill("70")
    ada.post("faults", name="error", direction="to_app", kind="view_submission")
    dialog.get_by_role("button", name="Place forecast").click()
    expect(dialog.get_by_text("We had some trouble connecting. Try again?")).to_be_visible()
    expect(dialog.get_by_label("Chance")).to_have_value("70")

    dialog.get_by_role("button", name="Place forecast").click()
    expect(dialog).to_be_hidden()


def test_a_button_that_is_not_answered_says_so_and_can_be_pressed_again(ada, page):
    say(page, "/toy ask")
    ask = page.get_by_role("button", name="Ask")
    ask.wait_for()
    ada.post("faults", name="error", direction="to_app", kind="block_actions")
    ask.click()
    expect(page.get_by_role("alert")).to_contain_text("Futarchy did not respond (HTTP 500). Try again?")

    ask.click()
    expect(page.get_by_text("Only you see this")).to_be_visible()


def test_an_act_that_is_not_confirmed_does_not_happen(desk, page):
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It costs."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    blocks = [{"type": "actions", "elements": [button("ask", confirm=confirm)]}]
    desk.api("chat.postMessage", channel="C01MARKETS", text="x", blocks=blocks)
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="No").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert desk.toy.bodies == []

    page.get_by_role("button", name="Ask").click()
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Only you see this")).to_be_visible()


def test_the_home_belongs_to_who_looks(desk, page):
    page.get_by_role("button", name="Home").click()
    expect(page.get_by_role("region", name="Home").get_by_text("Welcome")).to_be_visible()
    page.get_by_label("You are").select_option(label="Bob Noyce")
    expect(page.get_by_role("button", name="# bobs")).to_be_visible()

    expect(page.get_by_role("region", name="Home").get_by_text("Welcome")).to_be_visible()
    assert {each["event"]["user"] for each in desk.toy.bodies} == {"U01ADA", "U02BOB"}


def test_the_clock_is_moved_by_its_buttons(desk, page):
    for name in ("+1 hour", "+1 day", "+1 week"):
        with page.expect_response("**/ui/clock"):
            page.get_by_role("region", name="Clock").get_by_role("button", name=name).click()

    assert desk.clock.offset.total_seconds() == 3600 + 86_400 + 604_800


def test_warnings_are_shown_and_cleared(desk, page):
    desk.api("files.upload")
    expect(page.get_by_text("files.upload was refused: unknown_method")).to_be_visible()
    page.get_by_role("button", name="Clear notices").click()

    expect(page.get_by_text("files.upload")).to_have_count(0)
