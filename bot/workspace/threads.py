"""Threads: what can be replied to, what a reply says of its parent, and a parent of its replies."""

from collections.abc import Sequence
from typing import Any

from bot.workspace.conversations import Conversation
from bot.workspace.errors import ApiError

Json = dict[str, Any]
BROADCAST, TOMBSTONE = "thread_broadcast", "tombstone"


def is_reply(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) != message["ts"])


def is_in_channel(message: Json) -> bool:
    """A reply stands in its thread alone, unless it was sent to the channel as well."""
    return not is_reply(message) or message.get("subtype") == BROADCAST


def find_parent(conversation: Conversation, ts: str) -> Json:
    parent = conversation.find_message(ts)
    if parent is None:
        raise ApiError("thread_not_found")
    if is_reply(parent):
        raise ApiError("cannot_reply_to_message")
    return parent


def threaded(conversation: Conversation, message: Json, *, is_broadcast: bool = False) -> Json:
    """The message, with what Slack adds to a reply. Raises ApiError where nobody can reply."""
    if not message.get("thread_ts"):
        return message
    parent = find_parent(conversation, message["thread_ts"])
    return message | {"parent_user_id": parent["user"]} | ({"subtype": BROADCAST} if is_broadcast else {})


def as_told(conversation: Conversation, message: Json) -> Json:
    """The message as Slack gives it."""
    return summed_up(message, conversation.replies_to(message["ts"]))


def summed_up(message: Json, replies: Sequence[Json]) -> Json:
    """A parent says how many replied, who, and when last."""
    if not replies:
        return message
    users = list(dict.fromkeys(each["user"] for each in replies))
    return message | {
        "thread_ts": message["ts"],
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1]["ts"],
        "is_locked": False,
        "subscribed": False,
    }


def withdraw(conversation: Conversation, message: Json) -> None:
    """Deletes it; what was replied to leaves a stone behind, so that its thread still stands somewhere."""
    if not conversation.replies_to(message["ts"]):
        conversation.messages = [each for each in conversation.messages if each is not message]
        return
    kept = {"type": "message", "ts": message["ts"]}
    message.clear()
    message |= kept | {
        "subtype": TOMBSTONE,
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "blocks": [],
    }
