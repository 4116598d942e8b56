"""The Web API: tokens, scopes, arguments, and Slack's error codes."""

import asyncio

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from workspace_desk import PLAIN, TOKEN
from workspace_toy import form

MARKETS = "C01MARKETS"


def test_without_a_token_nobody_is_authed(desk):
    assert httpx.post(f"{desk.url}/api/auth.test", **PLAIN).json()["error"] == "not_authed"


def test_a_wrong_token_is_invalid(desk):
    answer = httpx.get(f"{desk.url}/api/auth.test", params={"token": "xoxb-other"}, **PLAIN)

    assert answer.json() == {"ok": False, "error": "invalid_auth"}


def test_an_unknown_method_is_refused_and_shown(desk, ada):
    assert desk.api("files.upload")["error"] == "unknown_method"
    assert ada.state()["warnings"] == ["files.upload was refused: unknown_method"]


def test_an_unknown_argument_is_refused_by_name(desk):
    answer = desk.api("chat.postMessage", channel=MARKETS, text="x", icon_emoji=":tada:")

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] unexpected argument: icon_emoji"]


def test_a_channel_counts_its_members_when_asked(desk):
    told = [desk.api("conversations.info", channel=MARKETS, **asked)["channel"] for asked in ({}, COUNTED)]

    assert [each.get("num_members") for each in told] == [None, 3]


COUNTED = {"include_num_members": True}


def test_a_scope_missing_in_the_manifest_is_named(desk):
    answer = desk.api("conversations.history", channel=MARKETS)

    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert answer["provided"] == "commands,chat:write,files:write,im:write,users:read,channels:read"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": MARKETS}, "no_text"),
        (
            "chat.postMessage",
            {"channel": MARKETS, "text": "x", "blocks": [{"type": "what"}]},
            "invalid_blocks",
        ),
        (
            "chat.postEphemeral",
            {"channel": "C02PRIVATE", "user": "U01ADA", "text": "x"},
            "user_not_in_channel",
        ),
        ("chat.update", {"channel": MARKETS, "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("views.update", {"view_id": "V0", "view": {}}, "not_found"),
        ("views.open", {"trigger_id": "1.2.x", "view": {}}, "invalid_trigger_id"),
        ("conversations.open", {"users": "U01ADA,U02BOB"}, "user_not_found"),
    ],
)
def test_failures_carry_slacks_codes(desk, method, arguments, error):
    assert desk.api(method, **arguments)["error"] == error


def test_an_app_cannot_change_what_a_person_wrote(desk, ada):
    ts = ada.do("Mine")["ts"]

    assert desk.api("chat.update", channel=MARKETS, ts=ts, text="x")["error"] == "cant_update_message"
    assert desk.api("chat.delete", channel=MARKETS, ts=ts)["error"] == "cant_delete_message"


def test_an_update_keeps_blocks_that_it_does_not_name(desk, ada):
    blocks = [{"type": "divider", "block_id": "line"}]
    ts = desk.api("chat.postMessage", channel=MARKETS, text="Before", blocks=blocks)["ts"]
    desk.api("chat.update", channel=MARKETS, ts=ts, text="After")

    (message,) = ada.messages()
    assert (message["text"], message["blocks"], message["edited"]) == ("After", blocks, True)


def test_blocks_without_text_are_posted_with_a_warning(desk, ada):
    answer = desk.api("chat.postMessage", channel=MARKETS, blocks=[{"type": "divider"}])

    assert (answer["ok"], answer["warning"]) == (True, "missing_text_in_message")
    assert len(ada.state()["warnings"]) == 1


def test_a_message_to_a_person_is_a_direct_message(desk, ada, bob):
    assert desk.api("chat.postMessage", channel="U01ADA", text="Psst")["channel"] == "D01ADA"
    assert [each["text"] for each in ada.messages("D01ADA")] == ["Psst"]
    assert all(each["id"] != "D01ADA" for each in bob.state()["channels"])


def test_an_ephemeral_message_is_seen_by_one_and_in_no_history(desk, ada, bob):
    desk.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="Psst")

    assert ada.messages()[0]["ephemeral"] is True
    assert bob.messages() == []


def test_slacks_own_client_works(desk):
    async def tour():
        client = AsyncWebClient(token=TOKEN, base_url=f"{desk.url}/api/")
        posted = await client.chat_postMessage(channel=MARKETS, text="Hello", unfurl_links=False)
        listed = await client.conversations_list(types="public_channel", limit=10)
        opened = await client.conversations_open(users=["U02BOB"])
        home = await client.views_publish(user_id="U01ADA", view={"type": "home", "blocks": []})
        link = await client.chat_getPermalink(channel=MARKETS, message_ts=posted["ts"])
        return [
            posted["ok"],
            listed["channels"][0]["name"],
            opened["channel"]["id"],
            home["view"]["type"],
            link["ok"],
        ]

    assert asyncio.run(tour()) == [True, "markets", "D02BOB", "home", True]


def test_a_stale_hash_is_a_conflict(desk):
    old = desk.api("views.publish", user_id="U01ADA", view={"type": "home", "blocks": []})["view"]["hash"]
    publish = {"user_id": "U01ADA", "view": {"type": "home", "blocks": []}}

    assert desk.api("views.publish", hash=old, **publish)["ok"]
    assert desk.api("views.publish", hash=old, **publish)["error"] == "hash_conflict"


def test_a_view_of_the_wrong_kind_is_refused(desk):
    answer = desk.api("views.publish", user_id="U01ADA", view=form())

    assert answer["errors"] == ["must be home [json-pointer:/type]"]


def test_a_malformed_body_is_no_server_error(desk):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(f"{desk.url}/api/auth.test", content="{", headers=headers, **PLAIN)

    assert answer.json() == {"ok": False, "error": "invalid_json"}


def test_a_refusal_reaches_slacks_client_as_its_error(desk):
    async def fail():
        await AsyncWebClient(token=TOKEN[:-1], base_url=f"{desk.url}/api/").auth_test()

    with pytest.raises(SlackApiError, match="invalid_auth"):
        asyncio.run(fail())
