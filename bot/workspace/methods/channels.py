"""Methods about conversations as such: which there are, who is in them, how to open one."""

from typing import Any

from bot.workspace.conversations import Conversation, direct_message_id
from bot.workspace.errors import ApiError
from bot.workspace.state import Workspace
from bot.workspace.webapi import method

Json = dict[str, Any]


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
            return each
    raise ApiError("channel_not_found")


def channel_shape(workspace: Workspace, conversation: Conversation) -> Json:
    if conversation.kind == "dm":
        return {"id": conversation.id, "is_im": True, "user": conversation.members[0], "is_archived": False}
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": False,
        "is_general": conversation.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": True,
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
    return {"channel": channel_shape(workspace, find_conversation(workspace, arguments["channel"]))}


@method(
    "conversations.list",
    scope="channels:read",
    optional=("types", "exclude_archived", "limit", "cursor"),
)
def channel_list(workspace: Workspace, arguments: Json) -> Json:
    types = arguments.get("types", "public_channel")
    if "im" in types.split(",") and "im:read" not in workspace.manifest.scopes:
        raise ApiError("missing_scope", needed="im:read", provided=",".join(workspace.manifest.scopes))
    kinds = {"channel": "public_channel", "dm": "im"}
    chosen = [each for each in workspace.conversations.values() if kinds[each.kind] in types.split(",")]
    shapes = [channel_shape(workspace, each) for each in chosen]
    return {"channels": shapes, "response_metadata": {"next_cursor": ""}}


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
    return {"channel": channel_shape(workspace, conversation), "warning": "already_in_channel"}
