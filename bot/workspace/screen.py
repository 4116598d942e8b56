"""What one person sees at this moment, as the JSON that the page draws."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.workspace.builtin import BUILTIN
from bot.workspace.conversations import Conversation
from bot.workspace.inputs import fill
from bot.workspace.state import Workspace
from bot.workspace.threads import summed_up

Json = dict[str, Any]
AS_IS = (
    "files",
    "latest_reply",
    "reactions",
    "reply_count",
    "reply_users",
    "subtype",
    "thread_ts",
)


def screen_of(workspace: Workspace, user_id: str, loaded_at: float) -> Json:
    """`loaded_at` is when the page was: ephemeral messages from before are gone from it."""
    everything = workspace.conversations.values()
    mine = [each for each in everything if user_id in each.members]
    return {
        "me": user_id,
        "team": workspace.seed.team_name,
        "app": {
            "id": workspace.seed.bot_user_id,
            "name": workspace.seed.bot_name,
            "has_messages": workspace.manifest.has_messages_tab,
        },
        "people": [
            {"id": each.id, "name": each.name, "real_name": each.real_name, "title": each.title}
            for each in workspace.seed.members
        ],
        "channels": [channel_of(workspace, each, user_id, loaded_at) for each in mine],
        "joinable": [
            {"id": each.id, "name": each.name} for each in everything if each.is_open and each not in mine
        ],
        "views": workspace.views.stack(user_id),
        "home": workspace.views.homes.get(user_id),
        "commands": list(commands_of(workspace)),
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


def commands_of(workspace: Workspace) -> Iterator[Json]:
    """The app's first, then Slack's own."""
    for command in workspace.manifest.commands.values():
        yield shown_command(command.name, command.usage_hint, command.description, workspace.seed.bot_name)
    for name, builtin in BUILTIN.items():
        yield shown_command(name, builtin.usage_hint, builtin.description, "Slack")


def shown_command(name: str, usage_hint: str, description: str, by: str) -> Json:
    return {"command": name, "usage_hint": usage_hint, "description": description, "by": by}


def channel_of(workspace: Workspace, conversation: Conversation, user_id: str, loaded_at: float) -> Json:
    private = [
        {**each.message, "ephemeral": True}
        for each in workspace.ephemerals
        if (each.channel_id, each.user_id) == (conversation.id, user_id)
        and float(each.message["ts"]) > loaded_at
    ]
    messages = sorted([*conversation.messages, *private], key=lambda each: float(each["ts"]))
    threads = conversation.threads()
    is_silent = conversation.kind == "dm" and workspace.manifest.is_direct_message_read_only
    return {
        "id": conversation.id,
        "name": conversation.name,
        "topic": conversation.topic,
        "kind": conversation.kind,
        "members": list(conversation.members),
        "is_private": conversation.is_private,
        "is_archived": conversation.is_archived,
        "bookmarks": conversation.bookmarks,
        "read_only": is_silent or conversation.is_archived,
        "read": marks_in(workspace, conversation, user_id),
        "messages": [message_of(workspace, each, threads.get(each["ts"], [])) for each in messages],
    }


def marks_in(workspace: Workspace, conversation: Conversation, user_id: str) -> dict[str, str]:
    """How far the person has read: the channel under an empty name, and each thread under its own."""
    marks = workspace.read_marks.get(user_id, {}).items()
    found = ((place.partition("/"), ts) for place, ts in marks)
    return {thread: ts for (channel, _, thread), ts in found if channel == conversation.id}


def message_of(workspace: Workspace, message: Json, replies: list[Json]) -> Json:
    told = summed_up(message, replies)
    return {
        "ts": message["ts"],
        "author": author_of(workspace, message["user"]),
        "author_id": message["user"],
        "at": datetime.fromtimestamp(float(message["ts"]), UTC).isoformat(timespec="seconds"),
        "text": message["text"],
        "blocks": message["blocks"],
        "values": fill(message["blocks"]),
        **({"edited": True} if message.get("edited") else {}),
        **({"pinned": True} if message.get("pinned_to") else {}),
        **({"ephemeral": True} if message.get("ephemeral") else {}),
        **{name: told[name] for name in AS_IS if name in told},
    }


def author_of(workspace: Workspace, user_id: str) -> str:
    if user_id == workspace.seed.bot_user_id:
        return workspace.seed.bot_name
    member = workspace.seed.find_member(user_id)
    return member.real_name if member else "Slackbot"
