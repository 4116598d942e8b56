"""The parts of an app's manifest that Slack acts on: commands, addresses, scopes and events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.workspace.errors import ApiError


@dataclass(frozen=True)
class Command:
    name: str
    path: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """``kind`` is ``global`` or ``message``."""

    callback_id: str
    kind: str
    name: str
    description: str


@dataclass(frozen=True)
class AppManifest:
    commands: dict[str, Command]
    shortcuts: dict[tuple[str, str], Shortcut]
    scopes: tuple[str, ...]
    events: frozenset[str]
    interactivity_path: str
    events_path: str
    is_direct_message_read_only: bool
    is_socket_mode: bool
    has_messages_tab: bool
    has_home: bool

    def require_scope(self, needed: str) -> None:
        if needed not in self.scopes:
            raise ApiError("missing_scope", needed=needed, provided=",".join(self.scopes))


def read_manifest(manifest: Mapping[str, Any]) -> AppManifest:
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    subscriptions = settings.get("event_subscriptions", {})
    scopes = tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
    home = features.get("app_home", {})
    # Commands and shortcuts come with a scope; without it nobody ever sees them.
    given = features if "commands" in scopes else {}
    commands = [read_command(each) for each in given.get("slash_commands", [])]
    shortcuts = [read_shortcut(each) for each in given.get("shortcuts", [])]
    return AppManifest(
        commands={each.name: each for each in commands},
        shortcuts={(each.kind, each.callback_id): each for each in shortcuts},
        scopes=scopes,
        events=frozenset(subscriptions.get("bot_events", [])),
        interactivity_path=path_of(settings.get("interactivity", {})),
        events_path=path_of(subscriptions),
        is_direct_message_read_only=home.get("messages_tab_read_only_enabled", False),
        is_socket_mode=settings.get("socket_mode_enabled", False),
        has_messages_tab=home.get("messages_tab_enabled", True),
        has_home=home.get("home_tab_enabled", False),
    )


def read_command(entry: Mapping[str, Any]) -> Command:
    return Command(
        name=entry["command"],
        path=urlsplit(entry["url"]).path,
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=entry.get("should_escape", False),
    )


def read_shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(entry["callback_id"], entry["type"], entry["name"], entry.get("description", ""))


def path_of(section: Mapping[str, Any]) -> str:
    """Only the path counts here: the host in the manifest is where production listens."""
    return urlsplit(str(section.get("request_url", ""))).path
