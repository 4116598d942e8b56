"""Messages that answer a person's act: the body of a command's ack, and posts to a response URL."""

import json
from typing import Any

from bot.workspace.composing import compose_message, say_privately
from bot.workspace.conversations import Conversation
from bot.workspace.errors import ApiError
from bot.workspace.state import Workspace
from bot.workspace.threads import threaded, withdraw
from bot.workspace.tickets import Hook

Json = dict[str, Any]
ANSWER_FIELDS = {
    "response_type",
    "text",
    "blocks",
    "metadata",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
}
HOOK_FIELDS = ANSWER_FIELDS | {"replace_original", "delete_original"}


def read_answer(body: str) -> Json:
    """A body that is no JSON object is plain text."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {"text": body}
    return answer if isinstance(answer, dict) else {"text": body}


def refuse_unknown(answer: Json, known: set[str]) -> None:
    for name in answer.keys() - known:
        raise ApiError(
            "invalid_arguments", response_metadata={"messages": [f"[ERROR] unexpected field: {name}"]}
        )


def say(workspace: Workspace, conversation: Conversation, user_id: str, answer: Json) -> None:
    if is_public(answer):
        conversation.messages.append(threaded(conversation, compose_message(workspace, answer)))
    else:
        say_privately(workspace, conversation, user_id, answer)


def answer_command(
    workspace: Workspace, conversation: Conversation, user_id: str, body: str, typed: str
) -> None:
    """An answer to all is preceded by what it answers."""
    if not body.strip():
        return
    answer = read_answer(body)
    refuse_unknown(answer, ANSWER_FIELDS)
    if is_public(answer):
        workspace.say(conversation, user_id, typed)
    say(workspace, conversation, user_id, answer)


def is_public(answer: Json) -> bool:
    return bool(answer.get("response_type") == "in_channel")


def answer_hook(workspace: Workspace, hook: Hook, answer: Json) -> None:
    refuse_unknown(answer, HOOK_FIELDS)
    conversation = workspace.conversations[hook.channel_id]
    if answer.get("delete_original"):
        delete_original(workspace, conversation, hook)
    elif answer.get("replace_original") and hook.message_ts:
        replace_original(workspace, conversation, hook, answer)
    else:
        say(workspace, conversation, hook.user_id, answer)


def find_original(workspace: Workspace, conversation: Conversation, hook: Hook) -> Json:
    ts = hook.message_ts or ""
    ephemeral = workspace.find_ephemeral(conversation.id, hook.user_id, ts)
    original = ephemeral.message if ephemeral else conversation.find_message(ts)
    if original is None:
        raise ApiError("message_not_found")
    return original


def replace_original(workspace: Workspace, conversation: Conversation, hook: Hook, answer: Json) -> None:
    original = find_original(workspace, conversation, hook)
    stays = {name: original[name] for name in ("ts", "thread_ts") if name in original}
    original |= compose_message(workspace, answer) | stays


def delete_original(workspace: Workspace, conversation: Conversation, hook: Hook) -> None:
    original = find_original(workspace, conversation, hook)
    withdraw(conversation, original)
    workspace.ephemerals = [each for each in workspace.ephemerals if each.message is not original]
