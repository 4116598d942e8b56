"""Who is where: joining and leaving, how far each has read, reactions, and what a restart and a reload keep."""

import pytest
from workspace_desk import build

from bot.workspace import SteerableClock
from bot.workspace.snapshot import save

MARKETS, BOBS = "C01MARKETS", "C02PRIVATE"


@pytest.fixture
def state_path(tmp_path):
    return tmp_path / "workspace.json"


def channels(browser):
    return [each["id"] for each in browser.state()["channels"] if each["kind"] == "channel"]


def channel(browser, name=MARKETS):
    return next(each for each in browser.state()["channels"] if each["id"] == name)


def test_people_join_leave_invite_and_are_removed_and_everybody_reads_it(ada, bob):
    assert [each["name"] for each in ada.state()["joinable"]] == ["bobs"]
    assert ada.do("/join #bobs") == {"ok": True}
    assert channels(ada) == [MARKETS, BOBS]
    assert ada.post("send", channel=BOBS, text="/leave") == {"ok": True}
    assert bob.post("send", channel=BOBS, text="/invite @ada") == {"ok": True}
    assert bob.post("send", channel=BOBS, text="/remove @ada") == {"ok": True}

    assert channels(ada) == [MARKETS]
    assert [(each["subtype"], each["text"]) for each in bob.messages(BOBS)] == [
        ("channel_join", "<@U01ADA> joined #bobs."),
        ("channel_leave", "<@U01ADA> left #bobs."),
        ("channel_join", "<@U01ADA> was added to #bobs by <@U02BOB>."),
        ("channel_leave", "<@U01ADA> was removed from #bobs by <@U02BOB>."),
    ]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        ("/invite @bob", "Bob Noyce is already in this channel."),
        ("/invite", "Name people by their handle, such as @ada."),
        ("/remove @nobody", "Name people by their handle, such as @ada."),
        ("/join #nowhere", "There is no public channel #nowhere."),
    ],
)
def test_a_command_of_slacks_own_says_what_it_could_not_do(ada, command, refusal):
    assert ada.do(command)["error"] == refusal


def test_a_private_channel_is_offered_to_nobody(ada, bob):
    room = {"id": "C03SECRET", "name": "secret", "members": ["U02BOB"], "is_private": True}
    bob.client.post("/_test/seed", json={"channels": [room]})

    assert channel(bob, "C03SECRET")["is_private"] is True
    assert "secret" not in [each["name"] for each in ada.state()["joinable"]]
    assert ada.do("/join #secret")["error"] == "There is no public channel #secret."


def test_what_was_read_is_marked_for_one_person_and_never_less(ada, bob):
    first, second = ada.do("One")["ts"], ada.do("Two")["ts"]
    bob.post("read", channel=MARKETS, ts=second)
    bob.post("read", channel=MARKETS, ts=first)
    bob.post("read", channel=MARKETS, ts=second, thread_ts=first)

    assert channel(bob)["read"] == {"": second, first: second}
    assert channel(ada)["read"] == {}
    assert bob.post("read", channel=MARKETS, ts="soon")["ok"] is False
    assert bob.state()["failure"] is None


def test_a_reaction_is_added_and_taken_back(ada, bob):
    where = {"channel": MARKETS, "message_ts": ada.do("Ship?")["ts"], "name": "eyes"}
    for browser in (ada, bob, ada):
        assert browser.post("react", **where) == {"ok": True}

    assert ada.messages()[0]["reactions"] == [{"name": "eyes", "users": ["U02BOB"], "count": 1}]
    bob.post("react", **where)
    assert ada.messages()[0]["reactions"] == []


def test_an_ephemeral_message_is_gone_from_a_page_that_is_loaded_again(desk, ada, bob):
    bob.post("switch", user="U01ADA")
    ada.do("/toy text")
    ada.client.get("/")

    assert ada.messages() == []
    assert [each["text"] for each in bob.messages()] == ["Just words"]
    ada.do("/toy text")
    assert [each["text"] for each in ada.messages()] == ["Just words"]


def test_whoever_dismisses_an_ephemeral_message_takes_it_from_nobody_else(desk, ada, bob):
    for user in ("U01ADA", "U02BOB"):
        desk.api("chat.postEphemeral", channel=MARKETS, user=user, text="Psst")
    (mine,) = ada.messages()
    ada.post("forget", channel=MARKETS, message_ts=bob.messages()[0]["ts"])
    ada.post("forget", channel=MARKETS, message_ts=mine["ts"])

    assert (len(ada.messages()), len(bob.messages())) == (0, 1)


def test_a_restart_keeps_who_is_where_and_all_that_was_said(background, desk, ada, bob, state_path):
    eve = {"id": "U03EVE", "name": "eve", "real_name": "Eve Moss"}
    room = {"id": "C03SECRET", "name": "secret", "members": ["U02BOB", "U03EVE"], "is_private": True}
    bob.client.post("/_test/seed", json={"members": [eve], "channels": [room]})
    parent = ada.do("Ship?")["ts"]
    below = ada.post("send", channel=MARKETS, text="Yes", thread_ts=parent)["ts"]
    bob.post("react", channel=MARKETS, message_ts=parent, name="eyes")
    bob.post("read", channel=MARKETS, ts=below, thread_ts=parent)
    ada.do("/topic What is priced")
    ada.do("/remove @Futarchy @bob")
    before = desk.app.state.workspace
    save(before, state_path)

    after = build(background, SteerableClock(), state_path).state.workspace
    assert after.conversations == before.conversations
    assert after.seed == before.seed
    assert after.read_marks == {"U02BOB": {f"{MARKETS}/{parent}": below}}
    assert after.conversations[MARKETS].topic == "What is priced"


def test_a_restart_keeps_what_was_uploaded(background, desk, state_path):
    workspace = desk.app.state.workspace
    asked = desk.api("files.getUploadURLExternal", filename="prices.png", length=3)
    ticket = asked["upload_url"].rpartition("/")[2]
    workspace.files.upload(ticket, b"png")
    desk.api("files.getUploadURLExternal", filename="never.png", length=3)
    save(workspace, state_path)

    after = build(background, SteerableClock(), state_path).state.workspace
    assert after.files.by_id == {asked["file_id"]: workspace.files.by_id[asked["file_id"]]}


def test_a_file_of_another_form_is_left_alone(background, state_path):
    state_path.write_text('{"conversations": {"C01MARKETS": []}}')

    assert build(background, SteerableClock(), state_path).state.workspace.conversations[MARKETS].members
