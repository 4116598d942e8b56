"""Fault switches: what each does to a request, how often it strikes, and what cannot be switched on."""

import time

import httpx
import pytest
from workspace_desk import PLAIN, TOKEN

MARKETS = "C01MARKETS"
TROUBLE = "We had some trouble connecting. Try again?"


def switch(browser, name, direction="to_app", **how):
    answer = browser.post("faults", name=name, direction=direction, **how)
    assert answer["ok"], answer
    return answer


def passages(browser, *kinds):
    found = browser.client.get("/ui/traffic").json()["passages"]
    return [each for each in found if each["kind"] in kinds]


def waiting_for(holds):
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("name", "error", "arrivals", "seconds"),
    [
        ("drop", "operation_timeout", 0, 3),
        ("error", "dispatch_failed", 0, 0),
        ("limited", "dispatch_failed", 0, 0),
        ("lost_ack", "operation_timeout", 1, 3),
    ],
)
def test_a_fault_on_the_way_to_the_app_strikes_once(desk, ada, name, error, arrivals, seconds):
    switch(ada, name, kind="command")
    began = time.monotonic()

    assert ada.do("/toy text")["error"] == f'/toy failed with the error "{error}"'
    assert time.monotonic() - began >= seconds
    assert len(desk.toy.bodies) == arrivals
    assert ada.do("/toy text") == {"ok": True}


def test_what_is_delayed_past_three_seconds_has_failed_and_arrives_all_the_same(desk, ada):
    switch(ada, "delay", kind="command", seconds=3.2)

    assert ada.do("/toy form")["error"] == '/toy failed with the error "operation_timeout"'
    assert ada.state()["views"] == []
    waiting_for(lambda: "views.open was refused: expired_trigger_id" in ada.state()["warnings"])


def test_a_short_delay_only_delays(desk, ada):
    switch(ada, "delay", kind="command", seconds=0.3)
    began = time.monotonic()

    assert ada.do("/toy text") == {"ok": True}
    assert time.monotonic() - began >= 0.3


def test_a_duplicate_arrives_twice_with_everything_the_same(desk, ada):
    switch(ada, "duplicate", kind="command", seconds=0.01)

    assert ada.do("/toy text") == {"ok": True}
    waiting_for(lambda: len(desk.toy.bodies) == 2)
    assert desk.toy.bodies[0] == desk.toy.bodies[1]
    assert len(ada.messages()) == 1


def test_an_expired_trigger_opens_nothing(desk, ada):
    switch(ada, "expired_trigger", kind="command")

    ada.do("/toy form")
    assert ada.state()["views"] == []
    assert "views.open was refused: expired_trigger_id" in ada.state()["warnings"]
    ada.do("/toy form")
    assert len(ada.state()["views"]) == 1


def call(desk):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    said = {"channel": MARKETS, "text": "Hello"}
    return httpx.post(f"{desk.url}/api/chat.postMessage", json=said, headers=headers, **PLAIN)


@pytest.mark.parametrize(("name", "posted"), [("drop", 0), ("lost_ack", 1)])
def test_a_lost_connection_to_slack_gives_no_answer(desk, ada, name, posted):
    switch(ada, name, "to_slack", kind="chat.postMessage")

    with pytest.raises(httpx.RemoteProtocolError):
        call(desk)
    assert len(ada.messages()) == posted
    assert call(desk).json()["ok"] is True


def test_slack_can_fail_and_can_be_busy(desk, ada):
    switch(ada, "error", "to_slack", kind="chat.postMessage")
    assert call(desk).status_code == 500

    switch(ada, "limited", "to_slack", kind="chat.postMessage", seconds=7)
    answer = call(desk)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json() == {"ok": False, "error": "ratelimited"}
    assert ada.messages() == []
    assert call(desk).json()["ok"] is True


def test_a_response_url_can_fail_too(desk, ada):
    ada.do("/toy")
    url = desk.toy.last()["response_url"]
    switch(ada, "error", "to_slack", kind="response_url")

    assert [httpx.post(url, json={"text": "x"}, **PLAIN).status_code for _ in range(2)] == [500, 200]


def test_a_fault_strikes_as_often_as_was_said_and_only_its_kind(desk, ada):
    switch(ada, "error", kind="command", times=2)
    ada.post("home")

    assert [ada.do("/toy text")["ok"] for _ in range(3)] == [False, False, True]
    assert passages(ada, "event")[0]["status"] == 200


def test_a_fault_for_always_goes_on_until_it_is_switched_off(desk, ada):
    (fault,) = switch(ada, "error", times=None)["switched"]

    assert [ada.do("/toy text")["ok"] for _ in range(3)] == [False] * 3
    assert ada.post("faults", off=fault["number"])["switched"] == []
    assert ada.do("/toy text")["ok"] is True


def test_a_fault_by_chance_strikes_some_of_the_time(desk, ada):
    draws = iter([0.2, 0.9, 0.4, 0.6])
    desk.app.state.workspace.faults.draw = lambda: next(draws)
    switch(ada, "error", kind="command", times=None, chance=0.5)

    assert [ada.do("/toy text")["ok"] for _ in range(4)] == [False, True, False, True]


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "gremlin", "direction": "to_app"},
        {"name": "drop", "direction": "sideways"},
        {"name": "duplicate", "direction": "to_slack"},
        {"name": "drop", "direction": "to_app", "kind": "views.open"},
        {"name": "drop", "direction": "to_slack", "kind": "views.opne"},
        {"name": "drop", "direction": "to_app", "times": 0},
        {"name": "drop", "direction": "to_app", "chance": 2},
        {"name": "delay", "direction": "to_app", "seconds": "long"},
    ],
)
def test_a_fault_that_could_never_strike_is_refused(ada, wanted):
    answer = ada.post("faults", **wanted)

    assert not answer["ok"]
    assert ada.client.get("/ui/faults").json()["switched"] == []


def test_an_event_that_was_lost_is_tried_again(desk, ada):
    switch(ada, "error", kind="event", times=2)

    assert ada.post("home") == {"ok": True}
    retries = [each["request"].get("X-Slack-Retry-Num") for each in passages(ada, "event")]
    assert retries == [None, "1", "2"]
    assert passages(ada, "event")[1]["request"]["X-Slack-Retry-Reason"] == "http_error"


def test_slacks_tiers_are_played_where_they_are_switched_on(desk, ada):
    listing = [desk.api("conversations.list") for _ in range(25)]
    assert all(each["ok"] for each in listing)

    assert ada.post("faults", rate_limits=True)["rate_limits"] is True
    told = [desk.api("conversations.list") for _ in range(21)]
    assert [each["ok"] for each in told] == [True] * 20 + [False]
    assert told[-1]["error"] == "ratelimited"

    posts = [call(desk) for _ in range(4)]
    assert [each.status_code for each in posts] == [200, 200, 200, 429]
    assert posts[-1].headers["retry-after"] == "1"
    assert desk.api("chat.postMessage", channel="U01ADA", text="elsewhere")["ok"] is True
