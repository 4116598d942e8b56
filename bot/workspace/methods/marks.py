"""Methods that mark what is there: reactions, pins and bookmarks. The page does not draw them."""

import re
from typing import Any

from bot.workspace.errors import ApiError
from bot.workspace.methods.channels import conversation_to_use
from bot.workspace.state import Workspace
from bot.workspace.webapi import method

Json = dict[str, Any]


@method("reactions.add", scope="reactions:write", required=("channel", "timestamp", "name"))
def add_reaction(workspace: Workspace, arguments: Json) -> Json:
    message = marked_message(workspace, arguments)
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", arguments["name"]):
        raise ApiError("invalid_name")
    reactions = message.setdefault("reactions", [])
    found = next((each for each in reactions if each["name"] == arguments["name"]), None)
    me = workspace.seed.bot_user_id
    if found and me in found["users"]:
        raise ApiError("already_reacted")
    if found is None:
        found = {"name": arguments["name"], "users": [], "count": 0}
        reactions.append(found)
    found["users"].append(me)
    found["count"] += 1
    return {}


@method("pins.add", scope="pins:write", required=("channel", "timestamp"))
def add_pin(workspace: Workspace, arguments: Json) -> Json:
    message, channel = marked_message(workspace, arguments), arguments["channel"]
    if channel in message.setdefault("pinned_to", []):
        raise ApiError("already_pinned")
    message["pinned_to"].append(channel)
    return {}


@method(
    "bookmarks.add",
    scope="bookmarks:write",
    required=("channel_id", "title", "type"),
    optional=("link", "emoji", "entity_id", "parent_id"),
)
def add_bookmark(workspace: Workspace, arguments: Json) -> Json:
    conversation = conversation_to_use(workspace, arguments["channel_id"])
    if arguments["type"] != "link" or not str(arguments.get("link", "")).startswith(("http://", "https://")):
        raise ApiError("invalid_link")
    given = {name: arguments.get(name, "") for name in ("title", "link", "emoji", "type")}
    bookmark = given | {"id": workspace.next_id("Bk"), "channel_id": conversation.id}
    conversation.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def marked_message(workspace: Workspace, arguments: Json) -> Json:
    message = conversation_to_use(workspace, arguments["channel"]).find_message(arguments["timestamp"])
    if message is None:
        raise ApiError("message_not_found")
    return message
