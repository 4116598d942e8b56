"""The one list of everything that Slack can call: nothing that people can press or send leads nowhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import varied
import yaml
from acts import (
    bid,
    choose,
    close_market,
    file_reading,
    identity,
    record,
    settle,
    shown,
    start_trade,
    trade,
    type_amount,
)
from live import COMMITTEE, Live, Person, elements_of, option_of

from bot.app import ROUTES
from bot.home import page
from core.exchange import audit, cancelling, staffing

Route = tuple[str, str]
People = tuple[Person, Person, Person, Person]

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())


def test_every_command_event_and_shortcut_of_the_manifest_has_a_route():
    """And there is none that Slack would never send."""
    commands = {each["command"] for each in MANIFEST["features"]["slash_commands"]}
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

    assert {name for kind, name in ROUTES if kind == "command"} == commands
    assert {name for kind, name in ROUTES if kind == "event"} == events
    kinds = {"global": "shortcut", "message": "message_action"}
    shortcuts = {(kinds[each["type"]], each["callback_id"]) for each in MANIFEST["features"]["shortcuts"]}
    assert {route for route in ROUTES if route[0] in kinds.values()} == shortcuts


def test_everything_that_can_be_pressed_or_sent_in_a_life_has_a_route(
    live: Live, ada: Person, emil: Person, carol: Person, mona: Person, monkeypatch: pytest.MonkeyPatch
):
    """And each route is reached from somewhere; the scopes of the manifest suffice, and the books hold."""
    people = (ada, emil, carol, mona)
    ada.home()
    seen = (
        set(offered(people))
        | looking(live, people, monkeypatch)
        | steering(live, people)
        | trading(live, people)
        | deciding(live, people)
        | reading(live, people)
    )
    emil.home()
    emil.press_home("leaders")
    seen |= set(offered(people))

    assert seen - set(ROUTES) == set()
    assert {route for route in ROUTES if route[0] in {"action", "view"}} - seen == set()
    assert [person.user for person in people if person.state["warnings"] or person.state["failure"]] == []
    assert [proof.claim for proof in live.read(audit.audit) if not proof.holds] == []


def looking(live: Live, people: People, monkeypatch: pytest.MonkeyPatch) -> set[Route]:
    """What Home offers a newcomer, and whoever has several limit orders and pages."""
    _, emil, _, _ = people
    emil.home()
    emil.press_home("practise")
    seen = set(offered(people))
    emil.close()
    for price in (400_000, 450_000):
        bid(live, "U0EMIL", 1, price, 10_000_000)
    emil.home()
    seen |= set(offered(people))
    with monkeypatch.context() as patch:
        patch.setattr(page, "PAGE_BLOCKS", 1)
        for number in range(1, 6):
            emil.home()
            seen |= set(offered(people))
            patch.setattr(page, "PAGE_BLOCKS", number)
    live.write(cancelling.cancel_all, identity("U0EMIL"))
    return seen


def steering(live: Live, people: People) -> set[Route]:
    """What only admins are offered, beside opening decisions and ruling."""
    ada, emil, _, _ = people
    seen = set()
    ada.type("/decision Should we move the office?")
    seen |= set(offered(people))
    for action in ("grant", "allowance", "ask"):
        ada.home()
        ada.press_home(action)
        seen |= set(offered(people))
        ada.close()
    for action in ("add_option", "halt", "postpone"):
        ada.press(shown(ada), action)
        seen |= set(offered(people))
        ada.close()
    ada.type("/futarchy people <@U0EMIL|emil>")
    seen |= set(offered(people))
    ada.close()
    return seen | reversing(live, ada, emil, people)


def reversing(live: Live, ada: Person, emil: Person, people: People) -> set[Route]:
    """Emil is an admin for as long as it takes to look at a grant that is to be taken back."""
    seen = set()
    live.write(staffing.appoint, identity("U0ADA"), identity("U0EMIL"), "To help.")
    ada.type("/futarchy grant <@U0MONA|mona> 7 welcome")
    ada.press([m for m in ada.messages() if m.get("ephemeral")][-1], "take_back")
    seen |= set(offered(people))
    ada.submit(reason={"value": "Meant for Erin."})
    ada.close()
    ada.type("/futarchy grant <@U0MONA|mona> 7 welcome")
    seen |= set(offered(people))
    emil.press(emil.wait_for("asks to take a grant", "D0EMIL"), "reversal", "D0EMIL")
    seen |= set(offered(people))
    emil.close()
    live.write(staffing.dismiss, identity("U0ADA"), identity("U0EMIL"), "Thank you.")
    return seen


def trading(live: Live, people: People) -> set[Route]:
    """D-2 is opened by its form, D-3 has several measures; what is offered on the way."""
    ada, emil, _, _ = people
    seen = set()
    ada.type("/decision new")
    for step in steps():
        ada.submit(**step)
        seen |= set(offered(people))
    ada.close()
    varied.open_varied(live)
    trade(emil, "100", option="Release")
    start_trade(emil)
    choose(emil, option="Hold", way="Lower")
    type_amount(emil, "150")
    seen |= set(offered(people))
    emil.submit()
    seen |= set(offered(people))
    emil.close()
    start_trade(emil, "D-3")
    choose(emil, option="Release: Incidents")
    seen |= set(offered(people))
    emil.close()
    emil.home()
    emil.press_home("sell")
    seen |= set(offered(people))
    emil.close()
    emil.press_home("notifications")
    seen |= set(offered(people))
    emil.close()
    emil.press(emil.wait_for("granted you", "D0EMIL"), "mute", "D0EMIL")
    emil.wait_for("You get no more messages about credits received", "D0EMIL")
    return seen | set(offered(people))


def deciding(live: Live, people: People) -> set[Route]:
    """D-2 is withdrawn, D-1 and D-3 are decided and final; what is offered on the way."""
    _, _, carol, mona = people
    carol.type("/decision withdraw D-2", COMMITTEE)
    carol.submit(reason={"value": "Asked too early."})
    seen = set(offered(people))
    carol.submit()
    carol.close()
    close_market(live, carol)
    carol.type("/decision record D-1", COMMITTEE)
    carol.submit(option=option_of(carol.element("option"), "Release"), reason={"value": "Better."})
    carol.home()
    seen |= set(offered(people))
    carol.submit()
    carol.close()
    record(carol, "Release", name="D-3")
    live.advance(days=1, hours=1)
    mona.wait_for("D-3 “Do we share the weights?” is final")
    return seen


def reading(live: Live, people: People) -> set[Route]:
    """A reading of D-3 is doubted, D-1 is settled; what is offered on the way."""
    ada, emil, _, mona = people
    file_reading(mona, "70", "D-3", "Trust in us")
    emil.press(emil.wait_for(", filed by"), "object")
    seen = set(offered(people))
    emil.submit(reason={"value": "It counts one twice."})
    emil.close()
    ada.press(ada.wait_for("is held up:"), "rule")
    seen |= set(offered(people))
    ada.close()
    mona.type("/decision metric D-3")
    mona.home()
    seen |= set(offered(people))
    mona.fill("measured", option_of(mona.element("measured"), "It was never measured"))
    mona.submit(source={"value": "Down."})
    seen |= set(offered(people))
    mona.close()
    live.advance(days=29)
    mona.wait_for("needs you", "D0MONA")
    seen |= set(offered(people))
    settle(live, mona, "71")
    emil.wait_for("is settled. Your shares paid", "D0EMIL")
    return seen


def offered(people: People) -> Iterator[Route]:
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
        elements = elements_of(block) if block["type"] in {"actions", "section"} else []
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
