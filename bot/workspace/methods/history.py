"""Methods that read messages back."""

import math
from typing import Any

from bot.workspace.conversations import Conversation
from bot.workspace.errors import ApiError
from bot.workspace.methods.channels import find_conversation
from bot.workspace.state import Workspace
from bot.workspace.threads import is_in_channel, summed_up
from bot.workspace.webapi import method

Json = dict[str, Any]
WINDOW = ("latest", "oldest", "inclusive", "limit", "cursor", "include_all_metadata")


@method("conversations.history", scope="channels:history", required=("channel",), optional=WINDOW)
def channel_history(workspace: Workspace, arguments: Json) -> Json:
    """Newest first, without the replies in threads that were not sent to the channel as well."""
    conversation = readable(workspace, arguments)
    threads = conversation.threads()
    found = [each for each in conversation.messages if is_in_channel(each)]
    return page([shown(each, threads.get(each["ts"], []), arguments) for each in reversed(found)], arguments)


@method("conversations.replies", scope="channels:history", required=("channel", "ts"), optional=WINDOW)
def thread_replies(workspace: Workspace, arguments: Json) -> Json:
    """The parent first, then its replies, oldest first."""
    conversation = readable(workspace, arguments)
    parent = conversation.find_message(arguments["ts"])
    if parent is None:
        raise ApiError("thread_not_found")
    replies = conversation.replies_to(parent["ts"])
    told = [shown(parent, replies, arguments), *(shown(each, [], arguments) for each in replies)]
    return page(told, arguments)


def readable(workspace: Workspace, arguments: Json) -> Conversation:
    conversation = find_conversation(workspace, arguments["channel"])
    if workspace.seed.bot_user_id not in conversation.members:
        raise ApiError("not_in_channel")
    return conversation


def shown(message: Json, replies: list[Json], arguments: Json) -> Json:
    told = summed_up(message, replies)
    hidden = () if arguments.get("include_all_metadata") else ("metadata",)
    return {name: value for name, value in told.items() if name not in hidden}


def page(messages: list[Json], arguments: Json) -> Json:
    """A cursor is simply the number of messages already given."""
    inside = [each for each in messages if is_inside(each["ts"], arguments)]
    start, limit = read_number(arguments, "cursor", 0), read_number(arguments, "limit", 100)
    after = start + limit
    has_more = after < len(inside)
    metadata = {"response_metadata": {"next_cursor": str(after)}} if has_more else {}
    return {"messages": inside[start:after], "has_more": has_more} | metadata


def is_inside(ts: str, arguments: Json) -> bool:
    oldest, latest = read_moment(arguments, "oldest", 0), read_moment(arguments, "latest", math.inf)
    moment = float(ts)
    return oldest <= moment <= latest if arguments.get("inclusive") else oldest < moment < latest


def read_moment(arguments: Json, name: str, default: float) -> float:
    try:
        return float(arguments.get(name) or default)
    except ValueError as error:
        raise ApiError(f"invalid_ts_{name}") from error


def read_number(arguments: Json, name: str, default: int) -> int:
    try:
        return int(arguments.get(name) or default)
    except ValueError as error:
        raise ApiError("invalid_cursor" if name == "cursor" else "invalid_limit") from error
