"""What strangers and broken deliveries send over HTTP is turned away in order, and never does anything."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from acts import TEAM, counts, deliver, send_command, submission
from live import Live, Person, read

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EMIL = {"id": "U0EMIL", "team_id": TEAM}


@pytest.fixture(scope="module")
def watcher(quiet: Live) -> Person:
    return quiet.person("U0EMIL")


@pytest.fixture
def untouched(quiet: Live, watcher: Person) -> Iterator[Live]:
    """The workspace, with a look afterwards that nothing was written."""
    before = counts(quiet)
    yield quiet
    assert counts(quiet) == before
    assert watcher.state["warnings"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"x_slack_signature": ""},
        {"x_slack_signature": "v0=" + "0" * 64},
        {"x_slack_signature": "nonsense"},
        {"x_slack_request_timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "-1"},
        {"timestamp": "1" * 400},
        {"timestamp": "1.5"},
    ],
)
def test_what_slack_did_not_sign_is_turned_away(untouched: Live, headers: dict[str, str]):
    form = b"command=/futarchy&text=grant+pool+5&team_id=T0FUTARCHY&user_id=U0ADA&trigger_id=1"

    assert untouched.post(form, **headers).status_code == 401


@pytest.mark.parametrize("name", [b"x-slack-signature", b"x-slack-request-timestamp"])
def test_a_header_that_is_no_ascii_is_turned_away(untouched: Live, name: bytes):
    sent = {b"x-slack-signature": b"v0=00", b"x-slack-request-timestamp": b"%d" % time.time()}
    url = f"{untouched.workspace.app_url}/slack/events"
    answer = httpx.post(url, content=b"a=b", headers=sent | {name: b"\xb2\xe9"}, trust_env=False)

    assert answer.status_code == 401


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_delivery_from_another_time_is_turned_away(untouched: Live, seconds: int):
    at = str(int(time.time()) + seconds)

    assert untouched.post(b"command=/market", timestamp=at).status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{oops", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"", JSON),
        (b"[" * 200_000, JSON),
        (b'{"a":' * 100_000, JSON),
        (b"\xff\xfe", JSON),
        (b"\xff\xfe", FORM),
        (b"{oops", FORM),
        (b"{oops", ""),
        (b"payload=", FORM),
        (b"payload=oops", FORM),
        (b"payload=%5B1%5D", FORM),
        (b"payload=%ff", FORM),
        (b"payload={}&payload=[]", FORM),
        (b"payload=" + b"[" * 200_000, FORM),
        (b"a" * 1_000_001, FORM),
    ],
)
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_body_that_is_not_what_it_says_is_refused_whoever_sends_it(
    untouched: Live, body: bytes, content_type: str, is_signed: bool
):
    """Nothing that a stranger sends makes the edge fail, however it is put."""
    headers = {} if is_signed else {"x_slack_signature": "v0=" + "0" * 64}

    assert untouched.post(body, content_type, **headers).status_code in {400, 401, 413}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_posts_are_deliveries(untouched: Live, method: str):
    answer = httpx.request(method, f"{untouched.workspace.app_url}/slack/events", trust_env=False)

    assert answer.status_code in {404, 405}


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/more", "/slack/../slack/event", "/%00"])
def test_there_is_one_path(untouched: Live, path: str):
    body = b"command=/market&team_id=T0FUTARCHY&user_id=U0EMIL"
    at = str(int(time.time()))
    headers = {
        "content-type": FORM,
        "x-slack-request-timestamp": at,
        "x-slack-signature": untouched.signature(at, body),
    }
    answer = httpx.post(untouched.workspace.app_url + path, content=body, headers=headers, trust_env=False)

    assert answer.status_code == 404


def test_slack_gets_its_challenge_back(untouched: Live):
    answer = untouched.post(b'{"type": "url_verification", "challenge": "abc"}', JSON)

    assert answer.json()["challenge"] == "abc"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": None},
        {"type": "block_actions", "actions": ["trade"]},
        {"type": "block_actions", "actions": [{"value": "1"}], "user": EMIL},
        {"type": "block_actions", "actions": [{"action_id": "trade", "value": "1"}]},
        {"type": "block_actions", "actions": [{"action_id": "trade", "value": "1"}], "user": None},
        {"type": "block_actions", "actions": [{"action_id": "trade", "value": "one"}], "user": EMIL},
        {"type": "block_actions", "actions": [{"action_id": "trade"}], "user": EMIL},
        {"type": "block_actions", "actions": [{"action_id": "trade_changed"}], "user": EMIL},
        {"type": "block_actions", "actions": [{"action_id": "sell:1:0", "value": "1"}], "user": EMIL},
        {"type": "view_submission", "user": EMIL},
        {"type": "view_submission", "user": EMIL, "view": None},
        {"type": "view_submission", "user": EMIL, "view": {}},
        {"type": "view_submission", "user": EMIL, "view": {"callback_id": "trade"}},
        {"type": "view_submission", "user": EMIL, "view": {"callback_id": "trade", "blocks": []}},
        {"type": "view_submission", "user": EMIL, "view": {"callback_id": "record_confirm", "blocks": []}},
        {"type": "view_closed"},
        {"type": "message_action", "callback_id": "trade"},
        {"type": "shortcut", "callback_id": "trade"},
        {"type": ["view_submission"]},
    ],
)
def test_an_interaction_that_lacks_its_parts_is_answered_and_does_nothing(
    untouched: Live, payload: dict[str, Any]
):
    assert deliver(untouched, payload).status_code < 500


@pytest.mark.parametrize(
    "form",
    [
        {"command": "/market"},
        {"command": "/market", "user_id": "U0EMIL"},
        {"command": "/market", "team_id": TEAM},
        {"command": "/decision", "text": "new", "team_id": TEAM, "user_id": "U0ADA"},
        {"command": "/futarchy", "text": "grant pool 5", "team_id": TEAM, "user_id": "U0ADA"},
        {"ssl_check": "1"},
    ],
)
def test_a_command_that_lacks_its_parts_is_answered_and_does_nothing(untouched: Live, form: dict[str, str]):
    assert send_command(untouched, **form).status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b'{"type": "event_callback"}',
        b'{"type": "event_callback", "event": null}',
        b'{"type": "event_callback", "event": {}}',
        b'{"type": "event_callback", "event": {"type": "app_home_opened"}}',
        b'{"type": "event_callback", "event": {"type": "message"}, "team_id": "T0FUTARCHY"}',
        b'{"type": "app_rate_limited"}',
    ],
)
def test_an_event_that_lacks_its_parts_is_answered_and_does_nothing(quiet: Live, body: bytes):
    before = counts(quiet)

    assert quiet.post(body, JSON).status_code < 500
    assert counts(quiet) == before


def test_an_unknown_command_is_answered_with_what_there_is(untouched: Live):
    answer = send_command(untouched, command="/nope", team_id=TEAM, user_id="U0EMIL").json()

    assert "/market" in answer["text"] or "/futarchy" in answer["text"]
    assert "button" not in answer["text"]


def test_an_unknown_button_says_so_to_whoever_pressed_it(quiet: Live, watcher: Person):
    """Also when the trigger is spent, so that no modal can be opened."""
    action = {"action_id": "gone", "block_id": "b", "type": "button", "value": "1", "action_ts": "1"}
    pressed = {"type": "block_actions", "user": EMIL, "team": {"id": TEAM}, "actions": [action]}
    deliver(quiet, pressed | {"trigger_id": "1.2.3", "channel": {"id": "C0MARKETS"}})

    assert "older version" in read(watcher.answer)
    watcher.act("dismiss")


def test_an_unknown_view_says_so_in_its_place(untouched: Live):
    view = {"id": "V1", "type": "modal", "callback_id": "gone", "blocks": [], "state": {"values": {}}}
    answer = deliver(untouched, submission("U0EMIL", view)).json()

    assert "older version" in read(answer["view"])


def test_a_person_is_known_by_their_own_team(quiet: Live):
    """The id of an admin, coming from somebody else's workspace, is nobody's here."""
    form = {"command": "/futarchy", "text": "grant pool 5", "user_id": "U0ADA", "trigger_id": "t"}
    answer = send_command(quiet, **form, team_id="T0OTHER").json()

    assert "Only admins can do that" in answer["text"]
