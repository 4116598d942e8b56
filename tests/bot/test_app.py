"""The one list of everything that Slack can call: nothing that people can press or send leads nowhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from acts import choose, close_market, settle, start_trade, trade, type_amount
from live import COMMITTEE, Live, Person, option_of

from bot.app import ROUTES
from core.exchange import audit

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())


def test_every_command_and_event_of_the_manifest_has_a_route():
    """And there is none that Slack would never send."""
    commands = {each["command"] for each in MANIFEST["features"]["slash_commands"]}
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

    assert {name for kind, name in ROUTES if kind == "command"} == commands
    assert {name for kind, name in ROUTES if kind == "event"} == events


def test_everything_that_can_be_pressed_or_sent_in_a_life_has_a_route(
    live: Live, ada: Person, emil: Person, carol: Person, mona: Person
):
    """And each route is reached from somewhere; the scopes of the manifest suffice, and the books hold."""
    people = (ada, emil, carol, mona)
    ada.home()
    seen = set(offered(people))

    ada.type("/decision new")
    for step in steps():
        ada.submit(**step)
        seen |= set(offered(people))
    ada.close()
    trade(emil, "100", option="Release")
    start_trade(emil)
    choose(emil, option="Hold", side="Lower")
    type_amount(emil, "50")
    seen |= set(offered(people))
    emil.close()
    emil.home()
    emil.press_home("sell")
    seen |= set(offered(people))
    emil.close()
    carol.type("/decision withdraw D-2", COMMITTEE)
    carol.submit(reason={"value": "Asked too early."})
    seen |= set(offered(people))
    carol.submit()
    carol.close()
    close_market(live, carol)
    carol.type("/decision record D-1", COMMITTEE)
    carol.submit(option=option_of(carol.element("option"), "Release"), reason={"value": "Better."})
    carol.home()
    seen |= set(offered(people))
    carol.submit()
    carol.close()
    live.advance(days=1, hours=1)
    mona.wait_for("is final")
    mona.type("/decision metric D-1")
    mona.home()
    seen |= set(offered(people))
    mona.close()
    live.advance(days=29)
    mona.wait_for("needs you", "D0MONA")
    seen |= set(offered(people))
    settle(live, mona, "71")
    emil.wait_for("is settled. Your shares paid", "D0EMIL")

    assert seen - set(ROUTES) == set()
    assert {route for route in ROUTES if route[0] in {"action", "view"}} - seen == set()
    assert [person.user for person in people if person.state["warnings"] or person.state["failure"]] == []
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []


def offered(people: tuple[Person, ...]) -> Iterator[tuple[str, str]]:
    """What these people can press or send just now, as the door would call it."""
    for person in people:
        state = person.state
        messages = [message for channel in state["channels"] for message in channel["messages"]]
        for surface in (*messages, *state["views"], *filter(None, [state["home"]])):
            yield from (("action", name) for name in acting(surface.get("blocks") or []))
        yield from (("view", view["callback_id"]) for view in state["views"] if view.get("submit"))


def acting(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Action ids that send a delivery of their own; what stands in a form is sent with it."""
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        if block["type"] == "input" and block.get("dispatch_action"):
            elements = [block["element"]]
        yield from (element["action_id"].partition(":")[0] for element in elements)


def steps() -> list[dict[str, Any]]:
    """The three steps of opening a decision."""
    return [
        {
            "question": {"value": "Do we move?"},
            "options": {"value": "Move\nStay"},
            "deciders": {"selected_users": ["U0CAROL"]},
        },
        {
            "metric_name": {"value": "Findings"},
            "metric_unit": {"value": "%"},
            "low": {"value": "0"},
            "high": {"value": "40"},
            "metric_wording": {"value": "As counted."},
            "base_rate_1": {"value": "18"},
            "base_rate_2": {"value": "12"},
            "metric_owner": {"selected_user": "U0MONA"},
        },
        {"subsidy": {"value": "400"}, "committee": {"selected_channel": COMMITTEE}},
    ]
