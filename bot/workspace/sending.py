"""A person writes into a conversation: a message for all, or a command for the app."""

from typing import Any

from bot.workspace.builtin import BUILTIN
from bot.workspace.composing import say_privately
from bot.workspace.conversations import Conversation
from bot.workspace.delivery import Reply
from bot.workspace.errors import ApiError, Refused
from bot.workspace.escaping import escape, link_names
from bot.workspace.payloads import slash_command
from bot.workspace.requests import send_command
from bot.workspace.responses import answer_command
from bot.workspace.state import Workspace

Json = dict[str, Any]


async def send(workspace: Workspace, user_id: str, body: Json) -> Json:
    conversation, text = workspace.conversation_of(user_id, body["channel"]), body["text"].strip()
    if conversation.kind == "dm" and workspace.manifest.is_direct_message_read_only:
        raise Refused("Sending messages to this app has been turned off.")
    if conversation.is_archived:
        raise Refused("This channel is archived.")
    if not text:
        raise Refused("There is nothing to send.")
    if text.startswith("/"):
        if body.get("thread_ts"):
            raise Refused(f"{text.split()[0]} is not supported in threads. Sorry!")
        return await give_command(workspace, user_id, conversation, text)
    return {"ts": say(workspace, user_id, conversation, text, body)}


def say(workspace: Workspace, user_id: str, conversation: Conversation, text: str, body: Json) -> str:
    words, is_broadcast = link_names(workspace, escape(text)), bool(body.get("reply_broadcast"))
    try:
        return workspace.say(conversation, user_id, words, body.get("thread_ts"), is_broadcast=is_broadcast)
    except ApiError as error:
        raise Refused("Nobody can reply to that message.") from error


async def give_command(workspace: Workspace, user_id: str, conversation: Conversation, text: str) -> Json:
    name, _, rest = text.partition(" ")
    if name in BUILTIN and conversation.kind == "channel":
        BUILTIN[name].run(workspace, conversation, user_id, rest)
        return {}
    command = workspace.manifest.commands.get(name)
    if command is None:
        raise Refused(f"{name} is not a valid command.")
    words = escape(rest.strip())
    words = link_names(workspace, words) if command.should_escape else words
    fields = slash_command(workspace, user_id, conversation, command, words)
    reply = await send_command(workspace, command, fields)
    failure = command_failure(workspace, user_id, conversation, reply, escape(text))
    if failure:
        raise Refused(f'{name} failed with the error "{failure}"')
    return {}


def command_failure(
    workspace: Workspace, user_id: str, conversation: Conversation, reply: Reply, typed: str
) -> str | None:
    if reply.is_late:
        return "operation_timeout"
    if not reply.is_ok:
        return "dispatch_failed"
    try:
        answer_command(workspace, conversation, user_id, reply.body, typed)
    except ApiError as error:
        workspace.warn(f"The app answered a command wrongly: {error.code} {error.details}.")
        return "dispatch_failed"
    return None


def say_failure(workspace: Workspace, user_id: str, body: Json, sentence: str) -> None:
    """Slackbot tells the person where they typed; unlike the notice bar it stays beside the command."""
    conversation = workspace.conversation_of(user_id, body["channel"])
    content = {"text": sentence, "thread_ts": body.get("thread_ts")}
    say_privately(workspace, conversation, user_id, content)["user"] = "USLACKBOT"
