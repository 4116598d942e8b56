"""Inputs: what Slack's client checks before the app is asked, what they begin with, and when they speak by themselves."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from workspace_desk import KEY, PLAIN
from workspace_toy import plain, text_input

from bot.workspace.fields import field_errors
from bot.workspace.inputs import VALUE_KEYS

OPTIONS = [{"text": plain(each), "value": each} for each in ("One", "Two", "Three")]


def number(**limits):
    return {"type": "number_input", "is_decimal_allowed": True} | limits


TEXT, WHOLE = {"type": "plain_text_input"}, number(is_decimal_allowed=False)
SOME = {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 2}
REQUIRED = "Please complete this required field."
CHECKED = [
    (TEXT, None, REQUIRED),
    (TEXT, "x" * 3000, None),
    (TEXT, "x" * 3001, "Please enter at most 3000 characters."),
    (TEXT | {"min_length": 3}, "xx", "Please enter at least 3 characters."),
    (TEXT | {"min_length": 3, "max_length": 3}, "xxx", None),
    (TEXT | {"max_length": 3}, "xxxx", "Please enter at most 3 characters."),
    (number(), "1.5", None),
    (number(), "NaN", "Please enter a number."),
    (number(), "Infinity", "Please enter a number."),
    (number(), "1,5", "Please enter a number."),
    (WHOLE, "1.5", "Please enter a whole number."),
    (WHOLE, "2.0", None),
    (number(min_value="-1.5"), "-1.5", None),
    (number(min_value="-1.5"), "-1.51", "Please enter a number of at least -1.5."),
    (number(max_value="10"), "10", None),
    (number(max_value="10"), "10.01", "Please enter a number of at most 10."),
    ({"type": "email_text_input"}, "ada", "Please enter a valid email address."),
    ({"type": "email_text_input"}, "ada@acme.example.com", None),
    ({"type": "url_text_input"}, "acme.example.com", "Please enter a valid URL."),
    ({"type": "url_text_input"}, "https://acme.example.com", None),
    (SOME, [], REQUIRED),
    (SOME, OPTIONS[:2], None),
    (SOME, OPTIONS, "Please select no more than 2."),
    ({"type": "users_select"}, None, REQUIRED),
    ({"type": "datepicker"}, None, REQUIRED),
]


def errors_of(element, value, **block):
    element = element | {"action_id": "a"}
    state = {"values": {"b": {"a": {VALUE_KEYS[element["type"]][0]: value}}}}
    return field_errors(
        {"blocks": [{"type": "input", "block_id": "b", "element": element} | block], "state": state}
    )


@pytest.mark.parametrize(("element", "value", "sentence"), CHECKED)
def test_a_field_is_checked_at_its_limits(element, value, sentence):
    assert errors_of(element, value) == ({"b": sentence} if sentence else {})


@pytest.mark.parametrize(
    ("element", "value"), [(TEXT | {"min_length": 3}, None), (number(min_value="1"), None), (SOME, [])]
)
def test_an_optional_field_may_stay_empty_and_is_checked_when_it_is_not(element, value):
    assert errors_of(element, value, optional=True) == {}
    assert errors_of(TEXT | {"min_length": 3}, "xx", optional=True) == {
        "b": "Please enter at least 3 characters."
    }


def labelled(element, **block):
    name = element["action_id"]
    return {"type": "input", "block_id": name, "label": plain(name.title()), "element": element} | block


def modal(*blocks):
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Inputs"),
        "submit": plain("Send it"),
        "blocks": list(blocks),
    }


@pytest.fixture
def page(chromium: Browser, desk) -> Iterator[Page]:
    page = chromium.new_page(timezone_id="UTC")
    page.set_default_timeout(30_000)
    page.goto(f"{desk.url}/?key={KEY}")
    yield page
    page.close()


def shown(desk, browser, page, *blocks):
    """The modal with these blocks, in the page."""
    browser.do("/toy form")
    desk.api("views.update", view_id=browser.view()["id"], view=modal(*blocks))
    desk.toy.bodies.clear()
    return page.get_by_role("dialog", name="Inputs")


def element(kind, name, **more):
    return {"type": kind, "action_id": name} | more


@pytest.mark.browser
def test_fields_begin_with_what_the_view_says_and_untouched_send_it(desk, ada, page):
    dialog = shown(
        desk,
        ada,
        page,
        labelled(element("plain_text_input", "words", initial_value="so")),
        labelled(element("number_input", "amount", initial_value="7.5", is_decimal_allowed=True)),
        labelled(element("static_select", "one", options=OPTIONS, initial_option=OPTIONS[1])),
        labelled(element("radio_buttons", "way", options=OPTIONS, initial_option=OPTIONS[2])),
        labelled(element("checkboxes", "boxes", options=OPTIONS, initial_options=OPTIONS[:2])),
        labelled(element("users_select", "who", initial_user="U02BOB")),
        labelled(element("channels_select", "where", initial_channel="C01MARKETS")),
        labelled(element("datepicker", "day", initial_date="2026-11-23")),
        labelled(element("timepicker", "hour", initial_time="09:30")),
        labelled(element("datetimepicker", "moment", initial_date_time=1_800_000_000)),
        labelled(element("plain_text_input", "empty", placeholder=plain("Say why")), optional=True),
    )
    expect(dialog.get_by_label("Words")).to_have_value("so")
    expect(dialog.get_by_label("Moment")).to_have_value("2027-01-15T08:00")
    expect(dialog.get_by_label("Empty (optional)")).to_have_attribute("placeholder", "Say why")
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog).to_be_hidden()

    values = {
        block: next(iter(each.values())) for block, each in desk.toy.last()["view"]["state"]["values"].items()
    }
    assert {name: each[VALUE_KEYS[each["type"]][0]] for name, each in values.items()} == {
        "words": "so",
        "amount": "7.5",
        "one": OPTIONS[1],
        "way": OPTIONS[2],
        "boxes": OPTIONS[:2],
        "who": "U02BOB",
        "where": "C01MARKETS",
        "day": "2026-11-23",
        "hour": "09:30",
        "moment": 1_800_000_000,
        "empty": None,
    }


@pytest.mark.browser
def test_a_field_speaks_by_itself_on_enter_or_with_each_character_as_it_was_told(desk, ada, page):
    each = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    dialog = shown(
        desk,
        ada,
        page,
        labelled(element("plain_text_input", "quiet")),
        labelled(element("plain_text_input", "entered"), dispatch_action=True),
        labelled(element("plain_text_input", "typed") | each, dispatch_action=True),
    )
    dialog.get_by_label("Quiet").fill("a")
    dialog.get_by_label("Entered").fill("b")
    with page.expect_response("**/ui/action"):
        dialog.get_by_label("Typed").fill("c")
    with page.expect_response("**/ui/action"):
        dialog.get_by_label("Entered").press("Enter")

    said = [
        (body["type"], body["actions"][0]["action_id"], body["actions"][0]["value"])
        for body in desk.toy.bodies
    ]
    assert said == [("block_actions", "typed", "c"), ("block_actions", "entered", "b")]
    expect(dialog).to_be_visible()


@pytest.mark.browser
def test_a_choice_that_is_not_confirmed_is_taken_back(desk, ada, page):
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It costs."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    chooser = element("static_select", "one", options=OPTIONS, initial_option=OPTIONS[0], confirm=confirm)
    dialog = shown(
        desk, ada, page, {"type": "actions", "block_id": "row", "elements": [chooser]}, text_input("why")
    )
    dialog.get_by_role("combobox").select_option("Two")
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="No").click()

    expect(dialog.get_by_role("combobox")).to_have_value("One")
    assert desk.toy.bodies == []


def test_a_menu_that_asks_for_it_gives_a_response_url_with_the_submission(desk, ada):
    ada.do("/toy form")
    menus = [
        labelled(element("channels_select", name, response_url_enabled=wants), optional=True)
        for name, wants in (("here", True), ("there", False))
    ]
    desk.api("views.update", view_id=ada.view()["id"], view=modal(*menus))
    chosen = {name: {name: {"selected_channel": "C01MARKETS"}} for name in ("here", "there")}
    ada.post("submit", view_id=ada.view()["id"], values=chosen)

    (given,) = desk.toy.last()["response_urls"]
    assert [given[each] for each in ("block_id", "action_id", "channel_id")] == ["here", "here", "C01MARKETS"]
    httpx.post(given["response_url"], json={"response_type": "in_channel", "text": "Chosen"}, **PLAIN)
    assert ada.messages()[-1]["text"] == "Chosen"
