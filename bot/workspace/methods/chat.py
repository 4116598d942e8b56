"""Methods with which the app posts, changes and withdraws messages."""

from typing import Any

from bot.workspace.composing import compose_message, say_privately
from bot.workspace.conversations import Conversation
from bot.workspace.errors import ApiError
from bot.workspace.methods.channels import conversation_to_post, conversation_to_use, find_conversation
from bot.workspace.state import Workspace
from bot.workspace.threads import BROADCAST, is_reply, threaded, withdraw
from bot.workspace.webapi import method

Json = dict[str, Any]
CONTENT = ("text", "blocks", "metadata", "thread_ts")
KEPT = ("ts", "thread_ts", "parent_user_id", "subtype", "files", "reactions", "pinned_to")
UNFURLING = ("unfurl_links", "unfurl_media")


def with_warning(answer: Json, arguments: Json) -> Json:
    """Blocks alone leave notifications and screen readers without words."""
    if arguments.get("text"):
        return answer
    warning = "missing_text_in_message"
    return answer | {"warning": warning, "response_metadata": {"warnings": [warning]}}


def warn_without_text(workspace: Workspace, method_name: str, arguments: Json) -> None:
    if not arguments.get("text"):
        workspace.warn(f"{method_name}: a message without text says nothing in a notification.")


@method(
    "chat.postMessage",
    scope="chat:write",
    required=("channel",),
    optional=(*CONTENT, *UNFURLING, "reply_broadcast"),
)
def post_message(workspace: Workspace, arguments: Json) -> Json:
    conversation = conversation_to_post(workspace, arguments["channel"])
    if conversation.kind == "dm" and not workspace.manifest.has_messages_tab:
        raise ApiError("messages_tab_disabled")
    is_broadcast = bool(arguments.get("reply_broadcast"))
    message = threaded(conversation, compose_message(workspace, arguments), is_broadcast=is_broadcast)
    conversation.messages.append(message)
    warn_without_text(workspace, "chat.postMessage", arguments)
    return with_warning({"channel": conversation.id, "ts": message["ts"], "message": message}, arguments)


@method(
    "chat.postEphemeral", scope="chat:write", required=("channel", "user"), optional=(*CONTENT, *UNFURLING)
)
def post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    conversation = conversation_to_use(workspace, arguments["channel"])
    if arguments["user"] not in conversation.members:
        raise ApiError("user_not_in_channel")
    message = say_privately(workspace, conversation, arguments["user"], arguments)
    warn_without_text(workspace, "chat.postEphemeral", arguments)
    return with_warning({"message_ts": message["ts"]}, arguments)


@method(
    "chat.update",
    scope="chat:write",
    required=("channel", "ts"),
    optional=("text", "blocks", "metadata", *UNFURLING, "reply_broadcast"),
)
def update_message(workspace: Workspace, arguments: Json) -> Json:
    """Blocks that are not given stay; an empty list takes them away. What others added to it stays."""
    conversation = conversation_to_post(workspace, arguments["channel"])
    message = own_message(workspace, conversation, arguments["ts"], "cant_update_message")
    content = {name: message.get(name) for name in ("blocks", "metadata")} | arguments
    updated = compose_message(workspace, content)
    edited = {"user": workspace.seed.bot_user_id, "ts": workspace.next_ts()}
    kept = {name: message[name] for name in KEPT if name in message}
    message.clear()
    message |= updated | kept | {"edited": edited}
    if arguments.get("reply_broadcast") and is_reply(message):
        message["subtype"] = BROADCAST
    answer = {"channel": conversation.id, "ts": message["ts"], "text": message["text"], "message": message}
    return with_warning(answer, arguments)


@method("chat.delete", scope="chat:write", required=("channel", "ts"))
def delete_message(workspace: Workspace, arguments: Json) -> Json:
    conversation = conversation_to_post(workspace, arguments["channel"])
    message = own_message(workspace, conversation, arguments["ts"], "cant_delete_message")
    withdraw(conversation, message)
    return {"channel": conversation.id, "ts": arguments["ts"]}


@method("chat.getPermalink", required=("channel", "message_ts"))
def permalink(workspace: Workspace, arguments: Json) -> Json:
    conversation = find_conversation(workspace, arguments["channel"])
    message = conversation.find_message(arguments["message_ts"])
    if message is None:
        raise ApiError("message_not_found")
    link = f"{workspace.base_url}/#{conversation.id}/{message['ts']}"
    return {"channel": conversation.id, "permalink": link}


def own_message(workspace: Workspace, conversation: Conversation, ts: str, refusal: str) -> Json:
    message = conversation.find_message(ts)
    if message is None:
        raise ApiError("message_not_found")
    if message["user"] != workspace.seed.bot_user_id:
        raise ApiError(refusal)
    return message
