"""Sends payloads to the addresses of the manifest and notes in the page what the app did wrong."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

from bot.workspace.delivery import Reply
from bot.workspace.manifest import Command
from bot.workspace.state import Workspace

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"

# Slack waits a minute and five before the later tries; nobody wants to watch that on a desk.
EVENT_PAUSES_SECONDS = (0.0, 0.1, 0.3)


async def send_command(workspace: Workspace, command: Command, fields: dict[str, str]) -> Reply:
    reply = await workspace.link.post(command.path, urlencode(fields), FORM)
    return noted(workspace, reply, command.name)


async def send_interaction(workspace: Workspace, payload: Json) -> Reply:
    body = urlencode({"payload": json.dumps(payload)})
    reply = await workspace.link.post(workspace.manifest.interactivity_path, body, FORM)
    return noted(workspace, reply, payload["type"])


async def send_event(workspace: Workspace, payload: Json) -> Reply:
    """Events alone are tried again, unless the app says that it wants no retry."""
    reply = await post_event(workspace, payload, {})
    for attempt, pause in enumerate(EVENT_PAUSES_SECONDS, start=1):
        if reply.is_ok or reply.headers.get("x-slack-no-retry") == "1":
            break
        await asyncio.sleep(pause)
        reason = "http_timeout" if reply.is_late else "http_error"
        reply = await post_event(
            workspace, payload, {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        )
    return noted(workspace, reply, payload["event"]["type"])


async def post_event(workspace: Workspace, payload: Json, extra: dict[str, str]) -> Reply:
    return await workspace.link.post(
        workspace.manifest.events_path, json.dumps(payload), "application/json", extra
    )


def noted(workspace: Workspace, reply: Reply, what: str) -> Reply:
    if not reply.is_ok:
        workspace.warn(f"The app failed {what}: {reply.outcome}.")
    return reply
