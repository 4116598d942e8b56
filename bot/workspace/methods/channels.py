"""Methods about conversations as such: which there are, who is in them, how to open one."""

from typing import Any

from bot.workspace.conversations import Conversation, direct_message_id
from bot.workspace.errors import ApiError
from bot.workspace.state import Workspace
from bot.workspace.webapi import method

Json = dict[str, Any]
READ_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def find_conversation(workspace: Workspace, reference: Any) -> Conversation:
    """By id, by #name, or by the id of the person whose direct message it is."""
    reference = str(reference)
    name = reference.removeprefix("#")
    for each in workspace.conversations.values():
        is_named = each.kind == "channel" and each.name == name
        if (
            is_named
            or each.id == reference
            or (each.kind == "dm" and each.id == direct_message_id(reference))
        ):
            return seen(workspace, each)
    raise ApiError("channel_not_found")


def seen(workspace: Workspace, conversation: Conversation) -> Conversation:
    """What is private does not exist for an app that is not in it."""
    if conversation.is_private and workspace.seed.bot_user_id not in conversation.members:
        raise ApiError("channel_not_found")
    return conversation


def conversation_to_use(workspace: Workspace, reference: Any) -> Conversation:
    """One in which the app may do something: it is in it, and it is not archived."""
    conversation = find_conversation(workspace, reference)
    if workspace.seed.bot_user_id not in conversation.members:
        raise ApiError("not_in_channel")
    if conversation.is_archived:
        raise ApiError("is_archived")
    return conversation


def conversation_to_post(workspace: Workspace, reference: Any) -> Conversation:
    """Without being in a public channel an app posts only by a scope of its own."""
    conversation = find_conversation(workspace, reference)
    may_post = "chat:write.public" in workspace.manifest.scopes and not conversation.is_archived
    return conversation if may_post else conversation_to_use(workspace, reference)


def channel_shape(workspace: Workspace, conversation: Conversation) -> Json:
    if conversation.kind == "dm":
        return {"id": conversation.id, "is_im": True, "user": conversation.members[0], "is_archived": False}
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not conversation.is_private,
        "is_group": conversation.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": conversation.is_private,
        "is_archived": conversation.is_archived,
        "is_general": conversation.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": workspace.seed.bot_user_id in conversation.members,
        "context_team_id": workspace.seed.team_id,
        "topic": {"value": conversation.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(conversation.members),
    }


@method(
    "conversations.info",
    scope="channels:read",
    required=("channel",),
    optional=("include_locale", "include_num_members"),
)
def channel_info(workspace: Workspace, arguments: Json) -> Json:
    shape = channel_shape(workspace, find_conversation(workspace, arguments["channel"]))
    if not arguments.get("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


@method(
    "conversations.list",
    optional=("types", "exclude_archived", "limit", "cursor"),
)
def channel_list(workspace: Workspace, arguments: Json) -> Json:
    types = arguments.get("types", "public_channel").replace(" ", "").split(",")
    for kind in types:
        if kind not in READ_SCOPES:
            raise ApiError("invalid_types")
        workspace.manifest.require_scope(READ_SCOPES[kind])
    chosen = [each for each in workspace.conversations.values() if is_listed(workspace, each, types)]
    leaves_out = arguments.get("exclude_archived")
    shapes = [channel_shape(workspace, each) for each in chosen if not (leaves_out and each.is_archived)]
    return {"channels": shapes, "response_metadata": {"next_cursor": ""}}


def is_listed(workspace: Workspace, conversation: Conversation, types: list[str]) -> bool:
    if conversation.kind == "dm":
        return "im" in types
    if not conversation.is_private:
        return "public_channel" in types
    return "private_channel" in types and workspace.seed.bot_user_id in conversation.members


@method("conversations.members", scope="channels:read", required=("channel",), optional=("cursor", "limit"))
def channel_members(workspace: Workspace, arguments: Json) -> Json:
    conversation = find_conversation(workspace, arguments["channel"])
    return {"members": list(conversation.members), "response_metadata": {"next_cursor": ""}}


@method(
    "conversations.open", scope="im:write", optional=("users", "channel", "return_im", "prevent_creation")
)
def open_direct_message(workspace: Workspace, arguments: Json) -> Json:
    users = arguments.get("users", "")
    wanted = users if isinstance(users, list) else users.split(",")
    if "channel" in arguments:
        wanted = [find_conversation(workspace, arguments["channel"]).members[0]]
    if len(wanted) != 1 or workspace.seed.find_member(wanted[0]) is None:
        raise ApiError("user_not_found")
    conversation = workspace.conversations[direct_message_id(wanted[0])]
    is_full = arguments.get("return_im") in (True, "1", "true")
    shape = channel_shape(workspace, conversation) if is_full else {"id": conversation.id}
    return {"channel": shape, "no_op": True, "already_open": True}


@method("conversations.join", scope="channels:join", required=("channel",))
def join_channel(workspace: Workspace, arguments: Json) -> Json:
    conversation = find_conversation(workspace, arguments["channel"])
    if conversation.kind == "dm" or conversation.is_private:
        raise ApiError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise ApiError("is_archived")
    was_there = workspace.seed.bot_user_id in conversation.members
    conversation.add(workspace.seed.bot_user_id)
    warning = {"warning": "already_in_channel"} if was_there else {}
    return {"channel": channel_shape(workspace, conversation)} | warning
