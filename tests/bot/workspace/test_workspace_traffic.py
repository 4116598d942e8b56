"""What the inspector shows: every request with its answer, both ways, in order, and nothing that is secret."""

import json

import httpx
from workspace_desk import PLAIN, SECRET, TOKEN

from bot.workspace.traffic import PASSAGES_MOST, PAYLOAD_MOST, Traffic


def passages(browser, after=0):
    return browser.client.get("/ui/traffic", params={"after": after}).json()["passages"]


def test_a_command_and_the_calls_it_makes_are_written_down(desk, ada):
    ada.do("/toy form")

    opened, command = passages(ada)[-2:]
    assert (opened["direction"], opened["kind"], opened["status"]) == ("to_slack", "views.open", 200)
    assert (command["direction"], command["kind"], command["name"]) == ("to_app", "command", "/toy")
    assert command["request"]["text"] == "form"
    assert opened["answer"]["view"]["callback_id"] == "form"
    assert 0 < opened["seconds"] < command["seconds"]
    assert not opened["is_warning"]


def test_interactions_are_named_by_what_the_app_tells_them_apart_by(desk, ada):
    ada.do("/toy form")
    ada.post("submit", view_id=ada.view()["id"], values={"chance": {"number": {"value": "70"}}})
    ada.do("/toy ask")
    message = ada.messages()[-1]
    ada.post("action", channel="C01MARKETS", message_ts=message["ts"], block_id="row", action_id="ask")

    named = {(each["kind"], each["name"]) for each in passages(ada) if each["direction"] == "to_app"}
    assert named >= {("view_submission", "form"), ("block_actions", "ask")}
    assert "response_url" in {each["kind"] for each in passages(ada)}


def test_what_slack_would_not_like_is_marked(desk, ada):
    desk.api("files.upload")
    desk.api("chat.postMessage", channel="C01MARKETS", blocks=[{"type": "divider"}])
    ada.do("/toy crash")

    marked = {each["kind"] for each in passages(ada) if each["is_warning"]}
    assert marked == {"files.upload", "chat.postMessage", "warning", "command"}


def test_no_secret_is_shown(desk, ada):
    ada.do("/toy ask")
    desk.api("auth.test", token=TOKEN)
    message = ada.messages()[-1]
    ada.post("action", channel="C01MARKETS", message_ts=message["ts"], block_id="row", action_id="ask")

    written = json.dumps(passages(ada))
    url = desk.toy.last()["response_url"]
    assert url not in written
    assert url.rsplit("/", 1)[1] not in written
    assert TOKEN not in written
    assert SECRET not in written
    assert "local-verification-token" not in written


def test_whoever_follows_is_given_only_what_is_new(desk, ada):
    ada.do("/toy text")
    known = passages(ada)[-1]["number"]
    ada.do("/toy public")

    assert [each["request"]["text"] for each in passages(ada, known)] == ["public"]


def test_only_the_newest_are_kept_and_the_long_are_cut():
    traffic = Traffic()
    for number in range(PASSAGES_MOST + 10):
        said = {"text": "x" * 30_000, "number": number}
        traffic.note("to_slack", "a", "a", status=200, seconds=0, request=said, answer="{}")

    kept = traffic.after(0)
    assert [kept[0]["number"], kept[-1]["number"]] == [11, PASSAGES_MOST + 10]
    assert len(kept[0]["request"]) < PAYLOAD_MOST + 100
    assert kept[0]["request"].endswith("more characters")


def test_the_inspector_needs_a_session(desk):
    for path in ("/ui/traffic", "/ui/faults", "/ui/clock", "/_test/log", "/_test/outbox"):
        assert httpx.get(desk.url + path, **PLAIN).status_code == 403
    assert httpx.post(f"{desk.url}/_test/reset", json={}, **PLAIN).status_code == 403
