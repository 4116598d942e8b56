"""Where a lenient stand-in would let an app get away with what Slack refuses."""

from dataclasses import replace

import httpx
import pytest
from workspace_desk import MANIFEST, PLAIN, TOKEN
from workspace_toy import form

from bot.workspace.delivery import Reply
from bot.workspace.errors import ApiError
from bot.workspace.inputs import fill
from bot.workspace.manifest import read_manifest
from bot.workspace.verifying import verify
from bot.workspace.viewbook import ViewBook

MARKETS, BOBS = "C01MARKETS", "C02PRIVATE"
ALL_SCOPES = (
    "commands",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "groups:history",
    "groups:read",
    "im:read",
    "im:write",
    "pins:write",
    "reactions:write",
    "users:read",
    "users:read.email",
)


@pytest.fixture
def scoped(desk):
    """The app was given every scope."""
    allow(desk, *ALL_SCOPES)
    return desk


def allow(desk, *scopes):
    workspace = desk.app.state.workspace
    workspace.manifest = replace(workspace.manifest, scopes=scopes)


def error_of(desk, method, **arguments):
    return desk.api(method, **arguments).get("error", "ok")


def post(desk, channel=MARKETS):
    return desk.api("chat.postMessage", channel=channel, text="Hello")["ts"]


WRITES = [
    ("chat.postMessage", {"text": "x"}),
    ("chat.postEphemeral", {"text": "x", "user": "U01ADA"}),
    ("reactions.add", {"timestamp": "TS", "name": "eyes"}),
    ("pins.add", {"timestamp": "TS"}),
]


@pytest.mark.parametrize(("method", "arguments"), [*WRITES, ("conversations.history", {})])
def test_in_a_channel_that_it_was_removed_from_the_app_does_nothing(scoped, ada, method, arguments):
    ts = post(scoped)
    said = {name: ts if value == "TS" else value for name, value in arguments.items()}
    assert ada.do("/remove @Futarchy") == {"ok": True}

    assert error_of(scoped, method, channel=MARKETS, **said) == "not_in_channel"
    assert ada.do("/invite @Futarchy") == {"ok": True}
    assert error_of(scoped, method, channel=MARKETS, **said) == "ok"


def test_a_scope_lets_the_app_post_where_it_is_not(scoped, ada):
    ada.do("/remove @Futarchy")
    allow(scoped, *ALL_SCOPES, "chat:write.public")

    assert error_of(scoped, "chat.postMessage", channel=MARKETS, text="x") == "ok"


def test_the_app_joins_a_public_channel_by_itself(scoped, ada):
    assert scoped.api("conversations.join", channel=MARKETS)["warning"] == "already_in_channel"
    ada.do("/remove @Futarchy")
    assert scoped.api("conversations.info", channel=MARKETS)["channel"]["is_member"] is False

    assert "warning" not in scoped.api("conversations.join", channel=MARKETS)
    assert post(scoped)


@pytest.mark.parametrize(("method", "arguments"), WRITES)
def test_an_archived_channel_takes_nothing(scoped, ada, method, arguments):
    ts = post(scoped)
    said = {name: ts if value == "TS" else value for name, value in arguments.items()}
    ada.do("/archive")

    assert error_of(scoped, method, channel=MARKETS, **said) == "is_archived"
    assert ada.do("Hello?") == {"ok": False, "error": "This channel is archived."}


def test_a_private_channel_has_scopes_of_its_own_and_is_hidden_from_an_app_outside(scoped, bob):
    bob.client.post("/_test/seed", json={"channels": [SECRET_ROOM]})

    assert error_of(scoped, "conversations.history", channel="C03SECRET") == "ok"
    listed = scoped.api("conversations.list", types="private_channel")["channels"]
    assert [(each["id"], each["is_private"]) for each in listed] == [("C03SECRET", True)]
    allow(scoped, "channels:history", "channels:read", "chat:write")
    refusal = scoped.api("conversations.history", channel="C03SECRET")
    assert (refusal["error"], refusal["needed"]) == ("missing_scope", "groups:history")

    bob.post("send", channel="C03SECRET", text="/remove @Futarchy")
    assert error_of(scoped, "chat.postMessage", channel="C03SECRET", text="x") == "channel_not_found"


SECRET_ROOM = {"id": "C03SECRET", "name": "secret", "members": ["U02BOB"], "is_private": True}


def test_a_command_in_a_private_channel_does_not_name_it(scoped, bob):
    bob.client.post("/_test/seed", json={"channels": [SECRET_ROOM]})
    bob.post("send", channel="C03SECRET", text="/toy text")

    assert scoped.toy.last()["channel_name"] == "privategroup"


@pytest.mark.parametrize(
    ("kind", "needed"),
    [("public_channel", "channels:read"), ("im", "im:read"), ("private_channel", "groups:read")],
)
def test_each_kind_of_channel_is_listed_by_its_scope(scoped, kind, needed):
    assert error_of(scoped, "conversations.list", types=kind) == "ok"
    allow(scoped, *(each for each in ALL_SCOPES if each != needed))

    assert scoped.api("conversations.list", types=kind)["needed"] == needed


def test_without_its_scope_nobody_sees_the_apps_commands_and_shortcuts():
    shortcut = {"name": "Trade", "type": "global", "callback_id": "trade"}
    manifest = MANIFEST | {"features": MANIFEST["features"] | {"shortcuts": [shortcut]}}
    assert list(read_manifest(manifest).shortcuts) == [("global", "trade")]

    scopeless = read_manifest(manifest | {"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    assert (scopeless.commands, scopeless.shortcuts) == ({}, {})


def test_a_reaction_a_pin_and_a_bookmark_are_made_once(scoped):
    ts = post(scoped)
    where = {"channel": MARKETS, "timestamp": ts}

    assert [error_of(scoped, "reactions.add", **where, name="eyes") for _ in range(2)] == [
        "ok",
        "already_reacted",
    ]
    assert error_of(scoped, "reactions.add", **where, name=":eyes:") == "invalid_name"
    assert [error_of(scoped, "pins.add", **where) for _ in range(2)] == ["ok", "already_pinned"]
    bookmark = {"channel_id": MARKETS, "title": "Rules", "type": "link"}
    assert error_of(scoped, "bookmarks.add", **bookmark, link="https://x.example.com") == "ok"
    assert error_of(scoped, "bookmarks.add", **bookmark, link="rules") == "invalid_link"
    (message,) = scoped.api("conversations.history", channel=MARKETS)["messages"]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0FUTARCHY"], "count": 1}]


def test_people_are_found_by_address_only_with_its_scope(scoped, ada):
    eve = {"id": "U03EVE", "name": "eve", "real_name": "Eve Moss", "email": "eve@acme.example.com"}
    ada.client.post("/_test/seed", json={"members": [eve]})

    found = scoped.api("users.lookupByEmail", email="Eve@acme.example.com")["user"]
    assert (found["id"], found["profile"]["email"]) == ("U03EVE", "eve@acme.example.com")
    assert error_of(scoped, "users.lookupByEmail", email="nobody@acme.example.com") == "users_not_found"
    allow(scoped, "users:read")
    assert error_of(scoped, "users.lookupByEmail", email="eve@acme.example.com") == "missing_scope"
    assert "email" not in scoped.api("users.info", user="U03EVE")["user"]["profile"]


@pytest.mark.parametrize("method", ["chat.update", "chat.delete", "reactions.add"])
def test_an_ephemeral_message_cannot_be_changed_or_marked(scoped, ada, method):
    ts = scoped.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="Psst")["message_ts"]
    names = {"reactions.add": {"timestamp": ts, "name": "eyes"}, "chat.update": {"ts": ts, "text": "x"}}

    assert error_of(scoped, method, channel=MARKETS, **names.get(method, {"ts": ts})) == "message_not_found"
    assert scoped.api("conversations.history", channel=MARKETS)["messages"] == []


def test_a_home_and_a_direct_message_need_their_tab(desk, ada):
    workspace = desk.app.state.workspace
    workspace.manifest = replace(workspace.manifest, has_home=False, has_messages_tab=False)
    home = {"type": "home", "blocks": []}

    assert error_of(desk, "views.publish", user_id="U01ADA", view=home) == "not_enabled"
    assert ada.post("home") == {"ok": False, "error": "Futarchy has no Home tab."}
    assert error_of(desk, "chat.postMessage", channel="U01ADA", text="x") == "messages_tab_disabled"


def test_a_message_of_more_than_forty_thousand_characters_is_too_long(desk):
    assert error_of(desk, "chat.postMessage", channel=MARKETS, text="x" * 40_001) == "msg_too_long"
    assert error_of(desk, "chat.postMessage", channel=MARKETS, text="x" * 40_000) == "ok"


def test_an_update_of_a_view_by_a_stale_hash_is_a_conflict(desk, ada):
    ada.do("/toy form")
    view = ada.view()
    change = {"view_id": view["id"], "view": form(title="Other"), "hash": view["hash"]}

    assert [error_of(desk, "views.update", **change) for _ in range(2)] == ["ok", "hash_conflict"]


def test_a_view_that_was_closed_cannot_be_updated(desk, ada):
    ada.do("/toy form")
    view_id = ada.view()["id"]
    ada.post("close", view_id=view_id)

    assert error_of(desk, "views.update", view_id=view_id, view=form()) == "not_found"


def test_an_external_id_names_one_view(desk, ada):
    ada.do("/toy form")
    named = form() | {"external_id": "mine"}
    assert error_of(desk, "views.update", view_id=ada.view()["id"], view=named) == "ok"

    assert error_of(desk, "views.update", external_id="mine", view=form(title="Found")) == "ok"
    assert ada.view()["title"]["text"] == "Found"


def test_an_external_id_is_taken_once(desk):
    views = ViewBook()
    views.open("U01ADA", {"external_id": "mine"})

    with pytest.raises(ApiError, match="duplicate_external_id"):
        views.open("U02BOB", {"external_id": "mine"})


def test_elements_begin_with_their_initial_values():
    options = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in "ab"]
    elements = {
        "text": {"type": "plain_text_input", "initial_value": "so"},
        "number": {"type": "number_input", "initial_value": "7"},
        "select": {"type": "static_select", "options": options, "initial_option": options[1]},
        "boxes": {"type": "checkboxes", "options": options, "initial_options": options},
        "date": {"type": "datepicker", "initial_date": "2026-11-23"},
        "user": {"type": "users_select", "initial_user": "U01ADA"},
        "empty": {"type": "plain_text_input"},
    }
    blocks = [
        {"type": "input", "block_id": name, "element": each | {"action_id": "a"}}
        for name, each in elements.items()
    ]

    values = {name: each["a"] for name, each in fill(blocks).items()}
    assert values["text"]["value"] == "so"
    assert values["number"]["value"] == "7"
    assert values["select"]["selected_option"] == options[1]
    assert values["boxes"]["selected_options"] == options
    assert values["date"]["selected_date"] == "2026-11-23"
    assert values["user"]["selected_user"] == "U01ADA"
    assert values["empty"]["value"] is None


def test_the_apps_addresses_are_verified_at_the_start(desk, ada):
    found = ada.client.get("/ui/traffic").json()["passages"]

    assert [(each["kind"], each["status"]) for each in found] == [
        ("url_verification", 200),
        ("ssl_check", 200),
    ]
    assert ada.state()["warnings"] == []


class Deaf:
    """A link to an app that answers whatever it is told to."""

    def __init__(self, reply):
        self.reply = reply

    async def deliver(self, _):
        return self.reply


@pytest.mark.parametrize(
    ("reply", "warning"),
    [
        (Reply(200, "something else"), "The app answered url_verification without its challenge."),
        (Reply(404), "The app failed url_verification: HTTP 404."),
        (Reply(404), "The app failed the ssl_check of its commands: HTTP 404."),
    ],
)
def test_an_app_that_fails_its_verification_is_warned_of(background, desk, reply, warning):
    workspace = desk.app.state.workspace
    workspace.link = Deaf(reply)
    background.run(verify(workspace))

    assert warning in workspace.warnings


def test_a_token_in_the_query_is_as_good_as_a_bearer(desk):
    for how in ({"params": {"token": TOKEN}}, {"data": {"token": TOKEN}}):
        assert httpx.post(f"{desk.url}/api/auth.test", **how, **PLAIN).json()["ok"] is True
