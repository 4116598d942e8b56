"""What scripts may do under /_test: start over, add people and channels, move the clock, read what was posted."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from workspace_desk import KEY, MANIFEST, SECRET, SEED, TOKEN

from bot.workspace import SteerableClock, build_workspace

MARKETS = "C01MARKETS"
WEEK = timedelta(weeks=1)


def ask(browser, name):
    return browser.client.get(f"/_test/{name}").json()


def tell(browser, name, **body):
    return browser.client.post(f"/_test/{name}", json=body).json()


def test_a_reset_forgets_everything_but_the_time(desk, ada):
    ada.do("Hello")
    ada.do("/toy form")
    desk.api("files.upload")
    ada.post("faults", name="drop", direction="to_app", times=None)
    ada.post("clock", seconds=60)
    tell(ada, "reset")

    state = ada.state()
    assert (state["views"], state["warnings"], ada.messages()) == ([], [], [])
    assert ask(ada, "faults")["switched"] == []
    assert ask(ada, "log")["passages"] == []
    assert state["offset_seconds"] == 60


def test_people_channels_and_messages_are_added(desk, ada):
    answer = tell(
        ada,
        "seed",
        members=[{"id": "U03EVE", "name": "eve", "real_name": "Eve Moss"}],
        channels=[{"id": "C03NEW", "name": "new", "members": ["U01ADA", "U03EVE"]}],
        messages=[{"channel": "C03NEW", "user": "U03EVE", "text": "Hello"}],
    )

    assert answer == {"ok": True}
    (message,) = ada.messages("C03NEW")
    assert (message["author"], message["text"]) == ("Eve Moss", "Hello")
    assert desk.api("users.info", user="U03EVE")["ok"]
    assert desk.api("chat.postMessage", channel="U03EVE", text="Welcome")["channel"] == "D03EVE"


@pytest.mark.parametrize("wrong", [{"members": [{"id": "U1"}]}, {"messages": [{"text": "x"}]}])
def test_a_seed_that_is_none_is_refused(ada, wrong):
    assert not tell(ada, "seed", **wrong)["ok"]


def test_the_outbox_is_all_that_the_app_said(desk, ada):
    desk.api("chat.postMessage", channel=MARKETS, text="One")
    ada.do("Not the app's")
    desk.api("chat.postEphemeral", channel=MARKETS, user="U01ADA", text="Two")
    desk.api("chat.postMessage", channel="U01ADA", text="Three")

    told = [(each["channel"], each.get("to"), each["text"]) for each in ask(ada, "outbox")["messages"]]
    assert told == [(MARKETS, None, "One"), (MARKETS, "U01ADA", "Two"), ("D01ADA", None, "Three")]


def test_the_clock_goes_to_a_moment_or_to_the_next_date_that_the_app_named(desk, ada):
    moment = (desk.clock() + WEEK).replace(microsecond=0)
    earlier, past = moment - timedelta(days=1), desk.clock() - WEEK
    for date in (moment, earlier, past):
        text = f"Due <!date^{date.timestamp():.0f}^{{date}}|then>"
        desk.api("chat.postMessage", channel=MARKETS, text=text)

    assert ask(ada, "clock")["next"] == earlier.isoformat()
    assert tell(ada, "clock", to="next")["next"] == moment.isoformat()
    assert timedelta(0) <= desk.clock() - earlier < timedelta(minutes=1)
    tell(ada, "clock", to=(moment + WEEK).isoformat())
    assert timedelta(0) <= desk.clock() - moment - WEEK < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"seconds": -1}, "The clock only goes forward."),
        ({"to": "2001-01-01T00:00:00+00:00"}, "The clock only goes forward."),
        ({"to": "next"}, "The app has named no date that is still to come."),
        ({"to": "soon"}, "Say by how many seconds, or to which moment with its zone, or to the next date."),
        ({"seconds": "x"}, "Say by how many seconds, or to which moment with its zone, or to the next date."),
    ],
)
def test_a_time_that_cannot_be_reached_is_refused(desk, ada, wanted, sentence):
    assert tell(ada, "clock", **wanted) == {"ok": False, "error": sentence}
    assert desk.clock.offset == timedelta(0)


def test_scripts_are_let_in_only_where_that_was_asked_for():
    app = build_workspace(
        seed=SEED,
        manifest=MANIFEST,
        app_url="http://127.0.0.1:1",
        bot_token=TOKEN,
        app_token="xapp-local-1",
        signing_secret=SECRET,
        session_key=KEY,
        clock=SteerableClock(),
        state_path=None,
        base_url="http://127.0.0.1:8321",
    )

    async def knock():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8321") as client:
            await client.get("/", params={"key": KEY})
            looks = [await client.get(f"/_test/{name}") for name in ("log", "outbox", "faults", "clock")]
            acts = [await client.post(f"/_test/{name}", json={}) for name in ("reset", "seed", "clock")]
            return [await client.get("/ui/faults"), *looks, *acts]

    assert [each.status_code for each in asyncio.run(knock())] == [200, *[404] * 7]
