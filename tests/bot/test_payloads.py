"""All that the app says to Slack in a life in which every surface is seen, among people who type what they can."""

from collections.abc import Iterator
from typing import Any

import pytest
from live import Live, elements_of
from payloads import Emitted, Json, Payloads, faults
from sqlalchemy import Connection, select
from tour import ROUGH, Tour, sights

from bot.app import ROUTES
from bot.home import page
from bot.reports import RENDERERS, again
from core.announcements.tables import announcement
from core.exchange import audit

Route = tuple[str, str]


def test_every_route_and_every_kind_of_message_is_seen_and_none_makes_a_reader_stumble(
    live: Live, monkeypatch: pytest.MonkeyPatch
):
    """Nothing that can be pressed or sent leads nowhere; the scopes of the manifest suffice, and the books hold.

    That each payload is sound is asserted where the workspace is closed, of this life as of every other test's.
    """
    tour = Tour(live, ROUGH)
    seen = {sight.name for sight in sights(tour)}
    monkeypatch.setattr(page, "PAGE_BLOCKS", 1)
    tour.emil.press_home("home_page")
    monkeypatch.setattr(again, "PAGE", 1)
    tour.carol.type("/decision history D-2")
    tour.carol.press(tour.carol.answer, "report_history")
    payloads, told = live.payloads, live.read(announced)

    assert len(seen) > 100
    assert any(tour.voice.option in each for each in payloads.typed)
    assert set(ROUTES) - payloads.called == set()
    assert set(offered(payloads)) - set(ROUTES) == set()
    assert set(RENDERERS) - {kind for kind, key in told if key in payloads.told()} == set()
    assert [who.user for who in tour.people if who.state["warnings"] or who.state["failure"]] == []
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []


def announced(connection: Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in connection.execute(select(announcement.c.kind, announcement.c.key))]


def offered(payloads: Payloads) -> Iterator[Route]:
    """What people could press or send, as the door would call it."""
    for surface, _, content in payloads.emitted:
        yield from (("action", name) for name in acting(content.get("blocks") or []))
        if surface == "modal" and content.get("submit"):
            yield "view", content["callback_id"]


def acting(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Action ids that send a delivery of their own; what stands in a form is sent with it."""
    for block in blocks:
        elements = elements_of(block) if block["type"] in {"actions", "section"} else []
        if block["type"] == "input" and block.get("dispatch_action"):
            elements = [block["element"]]
        yield from (element["action_id"].partition(":")[0] for element in elements)


def section(text: str) -> Json:
    return {"type": "section", "block_id": "one", "text": {"type": "mrkdwn", "text": text}}


def buttons(*labels: str) -> Json:
    made = [
        {"type": "button", "action_id": str(n), "text": {"type": "plain_text", "text": label}}
        for n, label in enumerate(labels)
    ]
    return {"type": "actions", "block_id": "two", "elements": made}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"text": "Two trades"}, "no whole sentence"),
        ({"text": ""}, "no_text"),
        ({"text": "Hi.", "blocks": [section("<!channel> look")]}, "unescaped"),
        ({"text": "Hi.", "blocks": [section("R & D")]}, "unescaped"),
        ({"text": "Hi.", "blocks": [section("x" * 3001)]}, "must be less than"),
        ({"text": "Hi.", "blocks": [section("one"), section("two")]}, "duplicate block_id"),
        ({"text": "Hi.", "blocks": [buttons("Sell", "Sell")]}, "2 buttons are read out as 'Sell'"),
        ({"text": "Hi.", "blocks": [buttons("R &amp; D")]}, "markup in plain text"),
        ({"text": "Hi.", "blocks": [buttons("by <!date^1^{date}|1970>")]}, "markup in plain text"),
        (
            {"text": "Hi.", "blocks": [{"type": "image", "image_url": "https://a.b/c.png", "alt_text": "x"}]},
            "a picture without words",
        ),
    ],
)
def test_what_a_reader_would_stumble_over_is_found(content: Json, fault: str):
    assert fault in "\n".join(faults(Emitted("message", "chat.postMessage", content)))


def test_what_is_well_said_is_left_alone():
    said = {
        "text": "D-1 closes <!date^1^{date}|1970>.",
        "blocks": [section("<@U0EMIL> &amp; *co*"), buttons("Go")],
    }

    assert list(faults(Emitted("message", "chat.postMessage", said))) == []
