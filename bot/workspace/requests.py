"""Sends payloads to the addresses of the manifest and notes in the page what the app did wrong."""

import asyncio
from typing import Any

from bot.workspace.delivery import Delivery, Reply, Retry
from bot.workspace.manifest import Command
from bot.workspace.passing import deliver
from bot.workspace.state import Workspace

Json = dict[str, Any]

# Slack waits a minute and five before the later tries; nobody wants to watch that on a desk.
EVENT_PAUSES_SECONDS = (0.0, 0.1, 0.3)


async def send_command(workspace: Workspace, command: Command, fields: dict[str, str]) -> Reply:
    delivery = Delivery("command", command.name, command.path, dict(fields))
    return noted(workspace, await deliver(workspace, delivery), command.name)


async def send_interaction(workspace: Workspace, payload: Json) -> Reply:
    kind, path = payload["type"], workspace.manifest.interactivity_path
    return noted(workspace, await deliver(workspace, Delivery(kind, name_of(payload), path, payload)), kind)


def name_of(payload: Json) -> str:
    """What an app tells one interaction of a kind from another by."""
    if payload["type"] == "block_actions":
        return str(payload["actions"][0]["action_id"])
    return str(payload.get("callback_id") or payload.get("view", {}).get("callback_id", ""))


async def send_event(workspace: Workspace, payload: Json) -> Reply:
    """Events alone are tried again, unless the app says that it wants no retry."""
    name, path = payload["event"]["type"], workspace.manifest.events_path
    reply = await deliver(workspace, Delivery("event", name, path, payload))
    for attempt, pause in enumerate(EVENT_PAUSES_SECONDS, start=1):
        if reply.is_ok or reply.headers.get("x-slack-no-retry") == "1":
            break
        await asyncio.sleep(pause)
        retry = Retry(attempt, "http_timeout" if reply.is_late else "http_error")
        reply = await deliver(workspace, Delivery("event", name, path, payload, retry))
    return noted(workspace, reply, name)


def noted(workspace: Workspace, reply: Reply, what: str) -> Reply:
    if not reply.is_ok:
        workspace.warn(f"The app failed {what}: {reply.outcome}.")
    return reply
