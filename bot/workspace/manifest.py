"""The parts of an app's manifest that Slack acts on: commands, addresses, scopes and events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Command:
    name: str
    path: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class AppManifest:
    commands: dict[str, Command]
    scopes: tuple[str, ...]
    events: frozenset[str]
    interactivity_path: str
    events_path: str
    is_direct_message_read_only: bool


def read_manifest(manifest: Mapping[str, Any]) -> AppManifest:
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    subscriptions = settings.get("event_subscriptions", {})
    commands = [read_command(each) for each in features.get("slash_commands", [])]
    return AppManifest(
        commands={each.name: each for each in commands},
        scopes=tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(subscriptions.get("bot_events", [])),
        interactivity_path=path_of(settings.get("interactivity", {})),
        events_path=path_of(subscriptions),
        is_direct_message_read_only=features.get("app_home", {}).get("messages_tab_read_only_enabled", False),
    )


def read_command(entry: Mapping[str, Any]) -> Command:
    return Command(
        name=entry["command"],
        path=urlsplit(entry["url"]).path,
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=entry.get("should_escape", False),
    )


def path_of(section: Mapping[str, Any]) -> str:
    """Only the path counts here: the host in the manifest is where production listens."""
    return urlsplit(str(section.get("request_url", ""))).path
