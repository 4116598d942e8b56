"""Threads: who can reply to what, what the app is told of it, and where each reply is seen."""

from dataclasses import replace

import httpx
import pytest
from workspace_desk import PLAIN
from workspace_toy import MESSAGE_BLOCKS

from bot.workspace.manifest import Shortcut

MARKETS = "C01MARKETS"
SCOPES = ("channels:history", "channels:read", "chat:write", "commands", "files:write")


@pytest.fixture
def desk(desk):
    workspace = desk.app.state.workspace
    manifest = replace(workspace.manifest, scopes=SCOPES)
    workspace.manifest = manifest
    return desk


@pytest.fixture
def parent(desk):
    return desk.api("chat.postMessage", channel=MARKETS, text="Ship?", blocks=MESSAGE_BLOCKS)["ts"]


def reply(browser, parent, text="I think so", **more):
    return browser.post("send", channel=MARKETS, text=text, thread_ts=parent, **more)


def say(desk, text="Noted", **where):
    return desk.api("chat.postMessage", channel=MARKETS, text=text, **where)


def shown(browser, ts):
    return next(each for each in browser.messages() if each["ts"] == ts)


def told(desk, method, **arguments):
    return desk.api(f"conversations.{method}", channel=MARKETS, **arguments)["messages"]


def test_people_and_the_app_reply_and_the_parent_says_how_many_did(desk, ada, bob, parent):
    first = reply(ada, parent)["ts"]
    last = say(desk, thread_ts=parent)["ts"]
    one, two, three = told(desk, "replies", ts=parent)

    summary = ("reply_count", "reply_users_count", "reply_users", "latest_reply", "thread_ts")
    assert [one[each] for each in summary] == [2, 2, ["U01ADA", "U0FUTARCHY"], last, parent]
    assert [(each["ts"], each["thread_ts"], each["parent_user_id"]) for each in (two, three)] == [
        (first, parent, "U0FUTARCHY"),
        (last, parent, "U0FUTARCHY"),
    ]
    assert (shown(bob, parent)["reply_count"], shown(bob, first)["thread_ts"]) == (2, parent)


def test_a_reply_is_in_the_channel_only_where_it_was_sent_there_as_well(desk, ada, parent):
    reply(ada, parent)
    loud = reply(ada, parent, "All should know", reply_broadcast=True)["ts"]
    quiet = say(desk, thread_ts=parent)["ts"]
    louder = say(desk, thread_ts=parent, reply_broadcast=True)["ts"]

    assert [each["ts"] for each in told(desk, "history")] == [louder, loud, parent]
    assert shown(ada, loud)["subtype"] == "thread_broadcast"
    desk.api("chat.update", channel=MARKETS, ts=quiet, text="After all", reply_broadcast=True)
    assert quiet in [each["ts"] for each in told(desk, "history")]


def test_nobody_replies_to_what_is_not_there_or_to_a_reply(desk, ada, parent):
    below = reply(ada, parent)["ts"]

    assert say(desk, thread_ts="1.000001")["error"] == "thread_not_found"
    assert say(desk, thread_ts=below)["error"] == "cannot_reply_to_message"
    assert reply(ada, below) == {"ok": False, "error": "Nobody can reply to that message."}
    private = desk.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="Psst")["message_ts"]
    assert say(desk, thread_ts=private)["error"] == "thread_not_found"


def test_a_command_is_refused_in_a_thread_and_the_app_hears_nothing(desk, ada, parent):
    assert reply(ada, parent, "/toy text")["error"] == "/toy is not supported in threads. Sorry!"

    assert desk.toy.bodies == []
    slackbot = ada.messages()[-1]
    assert (slackbot["author"], slackbot["thread_ts"], slackbot["ephemeral"]) == ("Slackbot", parent, True)


def press(browser, ts):
    where = {"channel": MARKETS, "message_ts": ts, "block_id": "row", "action_id": "ask"}
    return browser.post("action", **where, value={})


def test_the_app_is_told_the_thread_of_what_was_pressed(desk, ada, parent):
    press(ada, parent)
    alone = desk.toy.last()
    assert "thread_ts" not in alone["container"]
    assert "thread_ts" not in alone["message"]

    below = say(desk, blocks=MESSAGE_BLOCKS, thread_ts=parent)["ts"]
    press(ada, below)
    assert (desk.toy.last()["container"]["thread_ts"], desk.toy.last()["message"]["thread_ts"]) == (
        parent,
        parent,
    )
    press(ada, parent)
    message = desk.toy.last()["message"]
    assert (message["thread_ts"], message["reply_count"]) == (parent, 1)


def test_a_shortcut_tells_the_thread_of_its_message(desk, ada, parent):
    workspace = desk.app.state.workspace
    shortcut = Shortcut("ask", "message", "Ask", "Asks about a message")
    workspace.manifest = replace(workspace.manifest, shortcuts={("message", "ask"): shortcut})
    below = reply(ada, parent)["ts"]
    ada.post("shortcut", callback_id="ask", channel=MARKETS, message_ts=below)

    body = desk.toy.last()
    assert (body["type"], body["message_ts"], body["message"]["thread_ts"]) == (
        "message_action",
        below,
        parent,
    )


def test_an_ephemeral_answer_goes_where_it_says(desk, ada, bob, parent):
    press(ada, parent)
    url = desk.toy.last()["response_url"]
    httpx.post(url, json={"text": "Here", "thread_ts": parent}, **PLAIN)
    where = {"channel": MARKETS, "user": "U01ADA", "thread_ts": parent}
    private = desk.api("chat.postEphemeral", text="Psst", **where)["message_ts"]

    assert [each.get("thread_ts") for each in ada.messages()[1:]] == [None, parent, parent]
    assert len(bob.messages()) == 1
    assert shown(ada, parent).get("reply_count") is None
    assert private not in [each["ts"] for each in told(desk, "replies", ts=parent)]


def test_a_deleted_parent_leaves_a_stone_over_its_replies(desk, ada, parent):
    reply(ada, parent)
    assert desk.api("chat.delete", channel=MARKETS, ts=parent)["ts"] == parent

    stone, below = told(desk, "replies", ts=parent)
    assert (stone["subtype"], stone["text"]) == ("tombstone", "This message was deleted.")
    assert below["text"] == "I think so"
    desk.api("chat.delete", channel=MARKETS, ts=say(desk, "Alone")["ts"])
    assert len(told(desk, "history")) == 1


def test_an_update_takes_nothing_away_that_others_added(desk, ada, parent):
    reply(ada, parent)
    below = say(desk, thread_ts=parent)["ts"]
    ada.post("react", channel=MARKETS, message_ts=below, name="eyes")
    desk.api("chat.update", channel=MARKETS, ts=below, text="Changed")
    desk.api("chat.update", channel=MARKETS, ts=parent, text="Changed")

    first, _, last = told(desk, "replies", ts=parent)
    assert first["reply_count"] == 2
    assert (last["text"], last["thread_ts"], last["reactions"][0]["users"]) == ("Changed", parent, ["U01ADA"])
