"""Turns what the app sends into stored messages and views, after Block Kit's rules have been checked."""

import json
from typing import Any

from bot.workspace.checks import check_message, check_view, error_code
from bot.workspace.conversations import Conversation, Ephemeral
from bot.workspace.errors import ApiError
from bot.workspace.inputs import fill
from bot.workspace.state import Workspace
from bot.workspace.threads import threaded
from bot.workspace.viewbook import new_hash

Json = dict[str, Any]


def refuse(problems: list[str]) -> None:
    if problems:
        messages = [f"[ERROR] {each}" for each in problems]
        raise ApiError(error_code(problems), errors=problems, response_metadata={"messages": messages})


def with_ids(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id, as Slack sees to."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for block in copied:
        block.setdefault("block_id", workspace.next_id("b"))
        elements = [block.get("element"), block.get("accessory")]
        elements += block["elements"] if block["type"] == "actions" else []
        for element in elements:
            if element and element["type"] != "image":
                element.setdefault("action_id", workspace.next_id("a"))
    return copied


def compose_message(workspace: Workspace, content: Json) -> Json:
    """A message of the app's; `content` has text, blocks, metadata, thread_ts as chat.postMessage takes them."""
    refuse(check_message(content))
    seed = workspace.seed
    message: Json = {
        "type": "message",
        "ts": workspace.next_ts(),
        "text": content.get("text") or "",
        "user": seed.bot_user_id,
        "bot_id": seed.bot_id,
        "app_id": seed.app_id,
        "team": seed.team_id,
        "blocks": with_ids(workspace, content.get("blocks") or []),
    }
    extra = {name: content[name] for name in ("metadata", "thread_ts") if content.get(name)}
    return message | extra


def say_privately(workspace: Workspace, conversation: Conversation, user_id: str, content: Json) -> Json:
    message = threaded(conversation, compose_message(workspace, content))
    workspace.ephemerals.append(Ephemeral(conversation.id, user_id, message))
    return message


def compose_view(workspace: Workspace, given: Any, kind: str) -> Json:
    problems = check_view(given) if isinstance(given, dict) else ["must be an object [json-pointer:/view]"]
    if not problems and given["type"] != kind:
        problems = [f"must be {kind} [json-pointer:/type]"]
    refuse(problems)
    seed, view_id = workspace.seed, workspace.next_id("V")
    blocks = with_ids(workspace, given["blocks"])
    return {
        "id": view_id,
        "team_id": seed.team_id,
        "type": kind,
        "title": given.get("title"),
        "submit": given.get("submit"),
        "close": given.get("close"),
        "blocks": blocks,
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "state": {"values": fill(blocks)},
        "hash": new_hash(workspace.next_ts()),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "previous_view_id": None,
        "root_view_id": view_id,
        "app_id": seed.app_id,
        "app_installed_team_id": seed.team_id,
        "bot_id": seed.bot_id,
    }
