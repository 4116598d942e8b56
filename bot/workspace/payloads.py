"""The payloads that Slack sends to an app, in its exact shapes."""

import time
from collections.abc import Iterator
from typing import Any

from bot.workspace.conversations import Conversation, direct_message_id
from bot.workspace.inputs import VALUE_KEYS, elements_in
from bot.workspace.manifest import Command
from bot.workspace.state import Workspace
from bot.workspace.threads import as_told

Json = dict[str, Any]

# Slack still sends this long deprecated token; nobody should check it.
VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105 - it opens nothing


def user_name(workspace: Workspace, user_id: str) -> str:
    member = workspace.seed.find_member(user_id)
    return member.name if member else user_id


def common(workspace: Workspace, user_id: str) -> Json:
    seed, name = workspace.seed, user_name(workspace, user_id)
    return {
        "user": {"id": user_id, "username": name, "name": name, "team_id": seed.team_id},
        "team": {"id": seed.team_id, "domain": seed.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": seed.app_id,
        "token": VERIFICATION_TOKEN,
    }


def hook_url(
    workspace: Workspace, conversation: Conversation, user_id: str, message_ts: str | None = None
) -> str:
    name = workspace.hooks.issue(conversation.id, user_id, workspace.clock(), message_ts)
    return f"{workspace.base_url}/hooks/{name}"


def channel_name(conversation: Conversation) -> str:
    if conversation.kind == "dm":
        return "directmessage"
    return "privategroup" if conversation.is_private else conversation.name


def slash_command(
    workspace: Workspace, user_id: str, conversation: Conversation, command: Command, text: str
) -> dict[str, str]:
    seed = workspace.seed
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": seed.team_id,
        "team_domain": seed.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user_id,
        "user_name": user_name(workspace, user_id),
        "command": command.name,
        "text": text,
        "api_app_id": seed.app_id,
        "is_enterprise_install": "false",
        "response_url": hook_url(workspace, conversation, user_id),
        "trigger_id": workspace.triggers.issue(user_id),
    }


def block_actions_in_message(
    workspace: Workspace,
    user_id: str,
    conversation: Conversation,
    message: Json,
    *,
    action: Json,
    state: Json,
) -> Json:
    is_ephemeral = workspace.find_ephemeral(conversation.id, user_id, message["ts"]) is not None
    told = as_told(conversation, message)
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": is_ephemeral,
    } | {name: told[name] for name in ("thread_ts",) if name in told}
    return {
        "type": "block_actions",
        **common(workspace, user_id),
        "trigger_id": workspace.triggers.issue(user_id),
        "container": container,
        "channel": {"id": conversation.id, "name": channel_name(conversation)},
        **({} if is_ephemeral else {"message": told}),
        "state": {"values": state},
        "response_url": hook_url(workspace, conversation, user_id, message["ts"]),
        "actions": [action],
    }


def block_actions_in_view(workspace: Workspace, user_id: str, view: Json, action: Json) -> Json:
    return {
        "type": "block_actions",
        **common(workspace, user_id),
        "trigger_id": workspace.triggers.issue(user_id),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def global_shortcut(workspace: Workspace, user_id: str, callback_id: str) -> Json:
    return {
        "type": "shortcut",
        **common(workspace, user_id),
        "action_ts": workspace.next_ts(),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user_id),
    }


def message_shortcut(
    workspace: Workspace, user_id: str, callback_id: str, conversation: Conversation, message: Json
) -> Json:
    return global_shortcut(workspace, user_id, callback_id) | {
        "type": "message_action",
        "channel": {"id": conversation.id, "name": channel_name(conversation)},
        "message_ts": message["ts"],
        "message": as_told(conversation, message),
        "response_url": hook_url(workspace, conversation, user_id, message["ts"]),
    }


def view_submission(workspace: Workspace, user_id: str, view: Json) -> Json:
    return {
        "type": "view_submission",
        **common(workspace, user_id),
        "trigger_id": workspace.triggers.issue(user_id),
        "response_urls": list(response_urls(workspace, user_id, view)),
        "view": view,
    }


def response_urls(workspace: Workspace, user_id: str, view: Json) -> Iterator[Json]:
    """One for each channel that was chosen in a menu which asks for it."""
    for block, element in elements_in(view["blocks"]):
        if not element.get("response_url_enabled"):
            continue
        names = {name: each[name] for name, each in (("block_id", block), ("action_id", element))}
        value = view["state"]["values"][names["block_id"]][names["action_id"]]
        chosen = workspace.conversations.get(value.get(VALUE_KEYS[element["type"]][0]) or "")
        if chosen:
            url = hook_url(workspace, chosen, user_id)
            yield names | {"channel_id": chosen.id, "response_url": url}


def view_closed(workspace: Workspace, user_id: str, view: Json, *, is_cleared: bool) -> Json:
    return {"type": "view_closed", **common(workspace, user_id), "view": view, "is_cleared": is_cleared}


def app_home_opened(workspace: Workspace, user_id: str) -> Json:
    seed, home = workspace.seed, workspace.views.homes.get(user_id)
    event = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": direct_message_id(user_id),
        "tab": "home",
        "event_ts": workspace.next_ts(),
    } | ({"view": home} if home else {})
    return {
        "type": "event_callback",
        "token": VERIFICATION_TOKEN,
        "team_id": seed.team_id,
        "context_team_id": seed.team_id,
        "context_enterprise_id": None,
        "api_app_id": seed.app_id,
        "event": event,
        "event_id": workspace.next_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": seed.team_id,
                "user_id": seed.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": workspace.next_id("EC"),
    }
