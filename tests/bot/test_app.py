"""The one list of everything that Slack can call: what the manifest names is there, and nothing that Slack never sends."""

from pathlib import Path

import yaml

from bot.app import ROUTES

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
