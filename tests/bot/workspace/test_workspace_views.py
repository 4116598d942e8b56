"""Modals and the Home: triggers, stacks, typed input, submissions and their answers."""

import time

import pytest
from workspace_toy import form, plain

from bot.workspace.errors import ApiError
from bot.workspace.tickets import Triggers


def open_form(browser):
    assert browser.do("/toy form") == {"ok": True}
    return browser.view()


def type_chance(browser, view, value, **values):
    return browser.post(
        "action",
        view_id=view["id"],
        block_id="chance",
        action_id="number",
        value={"value": value},
        values=values,
    )


def test_a_trigger_opens_one_view(desk, ada):
    ada.do("/toy twice")

    assert desk.toy.errors == ["exchanged_trigger_id"]
    assert len(ada.state()["views"]) == 1


def test_a_trigger_expires_after_three_seconds(monkeypatch):
    triggers = Triggers()
    name = triggers.issue("U01ADA")
    later = time.monotonic() + 3.1
    monkeypatch.setattr("bot.workspace.tickets.time.monotonic", lambda: later)

    with pytest.raises(ApiError, match="expired_trigger_id"):
        triggers.holder(name)


def test_typed_input_survives_an_update_where_both_ids_stay(desk, ada):
    view = open_form(ada)

    assert type_chance(ada, view, "70", why={"typed": {"value": "because"}}) == {"ok": True}

    updated = ada.view()
    values = updated["state"]["values"]
    assert updated["blocks"][1]["text"]["text"] == "You say 70"
    assert updated["hash"] != view["hash"]
    assert (values["chance"]["number"]["value"], values["why"]["typed"]["value"]) == ("70", "because")


def test_typed_input_is_dropped_where_an_id_changes(desk, ada):
    view = open_form(ada)
    type_chance(ada, view, "70")
    changed = form()
    changed["blocks"][0] |= {"block_id": "chance again"}
    desk.api("views.update", view_id=view["id"], view=changed)

    assert ada.view()["state"]["values"]["chance again"]["number"]["value"] is None


def test_a_dispatched_input_sends_the_whole_state(desk, ada):
    view = open_form(ada)
    type_chance(ada, view, "5", why={"typed": {"value": "so"}})

    body = desk.toy.last()
    assert body["type"] == "block_actions"
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert body["actions"][0]["value"] == "5"
    assert body["view"]["state"]["values"]["why"]["typed"] == {"type": "plain_text_input", "value": "so"}
    assert "channel" not in body
    assert "response_url" not in body


def test_an_input_without_dispatch_sends_nothing_by_itself(ada):
    view = open_form(ada)
    answer = ada.post("action", view_id=view["id"], block_id="why", action_id="typed", value={"value": "x"})

    assert answer == {"ok": False, "error": "This input is only sent with the whole form."}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"chance": "Please complete this required field."}),
        ({"chance": {"number": {"value": "many"}}}, {"chance": "Please enter a number."}),
        ({"chance": {"number": {"value": "100"}}}, {"chance": "Please enter a number of at most 99."}),
        ({"chance": {"number": {"value": "0"}}}, {"chance": "Please enter a number of at least 1."}),
        ({"chance": {"number": {"value": "1.5"}}}, {"chance": "Please enter a whole number."}),
        (
            {"chance": {"number": {"value": "50"}}, "why": {"typed": {"value": "ab"}}},
            {"why": "Please enter at least 3 characters."},
        ),
    ],
)
def test_fields_are_checked_before_the_app_is_asked(desk, ada, values, errors):
    view = open_form(ada)
    asked = len(desk.toy.bodies)

    assert ada.post("submit", view_id=view["id"], values=values)["errors"] == errors
    assert len(desk.toy.bodies) == asked


def submit(browser):
    return browser.post(
        "submit", view_id=browser.view()["id"], values={"chance": {"number": {"value": "70"}}}
    )


def test_an_empty_answer_closes_the_view(desk, ada):
    open_form(ada)

    assert submit(ada) == {"ok": True}
    assert ada.state()["views"] == []
    assert desk.toy.last()["view"]["state"]["values"]["chance"] == {
        "number": {"type": "number_input", "value": "70"}
    }


def test_the_app_may_answer_with_field_errors(desk, ada):
    open_form(ada)
    desk.toy.answer = {"response_action": "errors", "errors": {"why": "Say more"}}

    assert submit(ada)["errors"] == {"why": "Say more"}
    assert len(ada.state()["views"]) == 1


def test_the_app_may_replace_the_view(desk, ada):
    view = open_form(ada)
    desk.toy.answer = {"response_action": "update", "view": form(title="Done")}

    assert submit(ada) == {"ok": True}
    assert (ada.view()["title"]["text"], ada.view()["id"]) == ("Done", view["id"])


def test_the_app_may_push_and_clear(desk, ada):
    open_form(ada)
    desk.toy.answer = {"response_action": "push", "view": form(title="Next")}
    submit(ada)

    first, second = ada.state()["views"]
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])

    desk.toy.answer = {"response_action": "clear"}
    submit(ada)
    assert ada.state()["views"] == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"preview": "no input block"}},
        {"response_action": "explode"},
        {"response_action": "update", "view": {"type": "modal", "title": plain("No blocks")}},
    ],
)
def test_a_wrong_answer_is_trouble_connecting(desk, ada, answer):
    open_form(ada)
    desk.toy.answer = answer

    assert submit(ada) == {"ok": False, "error": "We had some trouble connecting. Try again?"}
    assert len(ada.state()["views"]) == 1
    assert ada.state()["warnings"]


def test_a_stack_is_three_views_deep(desk, ada):
    open_form(ada)
    for _ in range(3):
        view_id = ada.view()["id"]
        ada.post("action", view_id=view_id, block_id="more", action_id="push", value={})

    assert len(ada.state()["views"]) == 3
    assert desk.toy.errors == ["push_limit_reached"]


def test_closing_tells_the_app_when_it_wants_to_know(desk, ada):
    root = open_form(ada)
    ada.post("action", view_id=root["id"], block_id="more", action_id="push", value={})

    ada.post("close", view_id=ada.view()["id"])
    assert (desk.toy.last()["type"], desk.toy.last()["is_cleared"]) == ("view_closed", False)
    assert ada.view()["id"] == root["id"]

    ada.post("close", view_id=root["id"], all=True)
    assert (desk.toy.last()["view"]["id"], desk.toy.last()["is_cleared"]) == (root["id"], True)


def test_a_view_may_take_the_whole_stack_with_it_when_it_is_closed(desk, ada):
    root = open_form(ada)
    ada.post("action", view_id=root["id"], block_id="more", action_id="push", value={})
    top = ada.view()["id"]
    desk.api("views.update", view_id=top, view=form() | {"clear_on_close": True})
    ada.post("close", view_id=top)

    assert ada.state()["views"] == []


def test_nobody_acts_in_anothers_view(ada, bob):
    view = open_form(ada)

    assert bob.post("submit", view_id=view["id"], values={})["error"] == "That view is no longer open."


def published(browser):
    """Bolt acknowledges events before it runs their listener, so the Home comes a little after the answer."""
    until = time.monotonic() + 5
    while browser.state()["home"] is None and time.monotonic() < until:
        time.sleep(0.01)
    return browser.state()["home"]


def test_opening_the_home_lets_the_app_fill_it(desk, ada):
    assert ada.post("home") == {"ok": True}

    event = desk.toy.last()
    assert event["event"]["type"] == "app_home_opened"
    assert event["event"]["channel"] == "D01ADA"
    assert published(ada)["blocks"][0]["text"]["text"] == "Welcome"


def test_a_failed_event_is_tried_again_with_retry_headers(desk, ada):
    desk.toy.event_failures = 2

    assert ada.post("home") == {"ok": True}
    assert len({each["event_id"] for each in desk.toy.bodies}) == 1
    assert len(desk.toy.bodies) == 3


def test_an_event_is_given_up_after_three_retries(desk, ada):
    desk.toy.event_failures = 9

    assert ada.post("home")["ok"] is False
    assert len(desk.toy.bodies) == 4


def test_an_app_may_ask_not_to_be_tried_again(desk, ada):
    desk.toy.event_failures, desk.toy.failure_headers = 9, {"x-slack-no-retry": "1"}

    assert ada.post("home")["ok"] is False
    assert len(desk.toy.bodies) == 1
