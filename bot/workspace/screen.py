"""What one person sees at this moment, as the JSON that the page draws."""

from datetime import UTC, datetime
from typing import Any

from bot.workspace.conversations import Conversation
from bot.workspace.inputs import fill
from bot.workspace.state import Workspace

Json = dict[str, Any]


def screen_of(workspace: Workspace, user_id: str) -> Json:
    mine = [each for each in workspace.conversations.values() if user_id in each.members]
    return {
        "me": user_id,
        "team": workspace.seed.team_name,
        "app": {"id": workspace.seed.bot_user_id, "name": workspace.seed.bot_name},
        "people": [
            {"id": each.id, "name": each.name, "real_name": each.real_name, "title": each.title}
            for each in workspace.seed.members
        ],
        "channels": [channel_of(workspace, each, user_id) for each in mine],
        "views": workspace.views.stack(user_id),
        "home": workspace.views.homes.get(user_id),
        "commands": [
            {"command": each.name, "usage_hint": each.usage_hint, "description": each.description}
            for each in workspace.manifest.commands.values()
        ],
        "shortcuts": [
            {
                "kind": each.kind,
                "callback_id": each.callback_id,
                "name": each.name,
                "description": each.description,
            }
            for each in workspace.manifest.shortcuts.values()
        ],
        "warnings": list(workspace.warnings),
        "failure": workspace.failures.get(user_id),
        "offset_seconds": workspace.clock.offset.total_seconds(),
    }


def channel_of(workspace: Workspace, conversation: Conversation, user_id: str) -> Json:
    private = [
        {**each.message, "ephemeral": True}
        for each in workspace.ephemerals
        if (each.channel_id, each.user_id) == (conversation.id, user_id)
    ]
    messages = sorted([*conversation.messages, *private], key=lambda each: float(each["ts"]))
    is_read_only = conversation.kind == "dm" and workspace.manifest.is_direct_message_read_only
    return {
        "id": conversation.id,
        "name": conversation.name,
        "topic": conversation.topic,
        "kind": conversation.kind,
        "members": list(conversation.members),
        "read_only": is_read_only,
        "messages": [message_of(workspace, each) for each in messages],
    }


def message_of(workspace: Workspace, message: Json) -> Json:
    shown = {
        "ts": message["ts"],
        "author": author_of(workspace, message["user"]),
        "author_id": message["user"],
        "at": datetime.fromtimestamp(float(message["ts"]), UTC).isoformat(timespec="seconds"),
        "text": message["text"],
        "blocks": message["blocks"],
        "values": fill(message["blocks"]),
    }
    if message.get("edited"):
        shown["edited"] = True
    return shown | {name: message[name] for name in ("ephemeral", "files", "thread_ts") if name in message}


def author_of(workspace: Workspace, user_id: str) -> str:
    if user_id == workspace.seed.bot_user_id:
        return workspace.seed.bot_name
    member = workspace.seed.find_member(user_id)
    return member.real_name if member else "Slackbot"
