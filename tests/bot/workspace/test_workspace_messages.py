"""Messages people act on: payloads and response URLs."""

import httpx
import pytest
from workspace_desk import PLAIN
from workspace_toy import button

from bot.workspace.delivery import Reply

MARKETS = "C01MARKETS"


@pytest.fixture
def question(ada):
    ada.do("/toy ask")
    return ada.messages()[-1]


def press(browser, message, action_id="ask", **value):
    return browser.post(
        "action", channel=MARKETS, message_ts=message["ts"], block_id="row", action_id=action_id, value=value
    )


def test_a_button_sends_the_message_it_stands_on(desk, ada, question):
    assert press(ada, question) == {"ok": True}

    body = desk.toy.last()
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "ask",
        "block_id": "row",
        "value": "42",
        "style": "primary",
        "text": {"type": "plain_text", "text": "Ask"},
        "action_ts": "",
    }
    assert body["container"]["is_ephemeral"] is False
    assert body["message"]["ts"] == question["ts"]
    assert body["state"]["values"] == {"row": {"pick": {"type": "static_select", "selected_option": None}}}


def test_an_answer_through_the_response_url_is_private(ada, bob, question):
    press(ada, question)

    assert ada.messages()[-1]["text"] == "Only you see this"
    assert len(bob.messages()) == 1


def test_an_option_is_looked_up_by_its_value(ada, question):
    press(ada, question, "pick", selected_option={"value": "2"})

    assert [each["text"] for each in ada.messages()] == ["Picked Two"]


def test_an_ephemeral_message_is_sent_without_its_content(desk, ada, question):
    blocks = [
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                {"type": "button", "action_id": "ask", "text": {"type": "plain_text", "text": "Go"}}
            ],
        }
    ]
    ts = desk.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="x", blocks=blocks)["message_ts"]
    press(ada, {"ts": ts})

    assert desk.toy.last()["container"]["is_ephemeral"] is True
    assert "message" not in desk.toy.last()


def use(url, **answer):
    return httpx.post(url, json=answer, **PLAIN)


def test_a_response_url_serves_five_times(desk, ada):
    ada.do("/toy")
    url = desk.toy.last()["response_url"]

    assert [use(url, text="again").status_code for _ in range(6)] == [200] * 5 + [404]


def test_a_response_url_serves_for_half_an_hour(desk, ada):
    ada.do("/toy")
    ada.post("clock", seconds=1801)

    assert use(desk.toy.last()["response_url"], text="late").json()["error"] == "expired_url"


def test_a_response_url_deletes_its_ephemeral_message(desk, ada, question):
    press(ada, question)
    url = desk.toy.last()["response_url"]

    assert use(url, delete_original=True).status_code == 200
    assert [each["text"] for each in ada.messages()] == ["Only you see this"]


def test_a_response_url_refuses_unknown_fields(desk, ada):
    ada.do("/toy")

    answer = use(desk.toy.last()["response_url"], text="x", colour="red").json()
    assert answer["response_metadata"]["messages"] == ["[ERROR] unexpected field: colour"]


def test_the_clock_moves_forward_only(desk, ada):
    assert ada.post("clock", seconds=3600)["ok"]
    assert desk.clock.offset.total_seconds() == 3600
    assert ada.post("clock", seconds=-1) == {"ok": False, "error": "The clock only goes forward."}


def test_a_response_url_replaces_an_ephemeral_message_and_nothing_else_can(desk, ada, question):
    blocks = [{"type": "actions", "block_id": "row", "elements": [button("ask")]}]
    where = {"channel": MARKETS, "user": "U01ADA"}
    ts = desk.api("chat.postEphemeral", text="Before", blocks=blocks, **where)["message_ts"]
    assert desk.api("chat.update", channel=MARKETS, ts=ts, text="x")["error"] == "message_not_found"
    press(ada, {"ts": ts})
    assert use(desk.toy.last()["response_url"], text="After", replace_original=True).status_code == 200

    assert [each["text"] for each in ada.messages() if each["ts"] == ts] == ["After"]


def test_a_response_url_serves_where_the_app_is_not(desk, ada, bob):
    ada.do("/remove @Futarchy")
    ada.do("/toy")
    use(desk.toy.last()["response_url"], text="To all", response_type="in_channel")

    assert desk.api("chat.postMessage", channel=MARKETS, text="x")["error"] == "not_in_channel"
    assert bob.messages()[-1]["text"] == "To all"


def test_a_body_in_the_answer_to_a_button_is_ignored_with_a_warning(desk, ada, question):
    desk.app.state.workspace.link = Chatty()
    assert press(ada, question) == {"ok": True}

    assert ada.state()["warnings"] == ["The app answered a block action with a body, which Slack ignores."]
    assert len(ada.messages()) == 1


class Chatty:
    """A link to an app that answers everything with words."""

    async def deliver(self, _):
        return Reply(200, "Thanks!")
