"""Who gets in: only this machine, only our own page, only with the key; and what a restart keeps."""

import json
import time

import httpx
import pytest
from workspace_desk import KEY, PLAIN, build

from bot.workspace import SteerableClock

STATE = "/ui/state"


def get(desk, path, **headers):
    return httpx.get(desk.url + path, headers=headers, **PLAIN)


def test_without_the_key_nothing_is_shown(desk):
    assert get(desk, "/").status_code == 403
    assert get(desk, STATE).status_code == 403
    assert get(desk, "/?key=guess").status_code == 403


def test_the_key_is_exchanged_for_a_cookie_that_scripts_cannot_read(desk):
    answer = get(desk, f"/?key={KEY}")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert KEY not in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/", STATE, "/api/api.test", "/static/main.js"])
def test_a_foreign_host_is_refused(desk, path):
    assert get(desk, path, Host="evil.example.com").status_code == 403
    assert get(desk, path, Host="127.0.0.1:1").status_code == 403


def test_a_foreign_origin_is_refused(desk, ada):
    body = {"channel": "C01MARKETS", "text": "x"}
    answer = ada.client.post("/ui/send", json=body, headers={"Origin": "https://evil.example.com"})

    assert answer.status_code == 403
    assert ada.client.post("/ui/send", json=body, headers={"Origin": desk.url}).status_code == 200


def test_the_page_may_load_only_its_own_things(ada):
    headers = ada.client.get("/").headers

    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_each_browser_is_its_own_person(ada, bob):
    assert (ada.state()["me"], bob.state()["me"]) == ("U01ADA", "U02BOB")


def test_the_stream_tells_of_a_change_once(desk, ada, bob):
    with ada.client.stream("GET", "/ui/stream") as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("id:"))
        before = next(lines)
        bob.post("send", channel="C01MARKETS", text="News")

        assert next(lines) != before


def test_an_open_stream_follows_the_session_to_another_person(desk, ada):
    with ada.client.stream("GET", "/ui/stream") as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("id:"))
        before = next(lines)
        ada.post("switch", user="U02BOB")

        assert next(lines) != before


@pytest.fixture
def state_path(tmp_path):
    return tmp_path / "workspace.json"


def test_a_restart_keeps_messages_and_time(background, desk, ada, state_path):
    ada.do("Remember me")
    ada.do("/toy text")
    ada.post("clock", seconds=7200)
    time.sleep(0.5)

    clock = SteerableClock()
    again = build(background, clock, state_path).state.workspace
    assert [each["text"] for each in again.conversations["C01MARKETS"].messages] == ["Remember me"]
    assert clock.offset.total_seconds() == 7200
    assert json.loads(state_path.read_text())["last_moment"] == again.last_moment
