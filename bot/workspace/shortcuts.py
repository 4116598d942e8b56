"""A person uses a shortcut of the app's: from the composer, or on a message."""

from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.payloads import global_shortcut, message_shortcut
from bot.workspace.requests import send_interaction
from bot.workspace.state import Workspace

Json = dict[str, Any]


async def use_shortcut(workspace: Workspace, user_id: str, body: Json) -> Json:
    reply = await send_interaction(workspace, payload_of(workspace, user_id, body))
    if not reply.is_ok:
        raise Refused(f"{workspace.seed.bot_name} did not respond ({reply.outcome}). Try again?")
    if reply.body.strip():
        workspace.warn("The app answered a shortcut with a body, which Slack ignores.")
    return {}


def payload_of(workspace: Workspace, user_id: str, body: Json) -> Json:
    """An ephemeral message has no shortcuts."""
    kind = "message" if "message_ts" in body else "global"
    if (kind, body["callback_id"]) not in workspace.manifest.shortcuts:
        raise Refused("The app has no such shortcut.")
    if kind == "global":
        return global_shortcut(workspace, user_id, body["callback_id"])
    conversation = workspace.conversation_of(user_id, body.get("channel", ""))
    message = conversation.find_message(body["message_ts"])
    if message is None:
        raise Refused("That message is no longer there.")
    return message_shortcut(workspace, user_id, body["callback_id"], conversation, message)
