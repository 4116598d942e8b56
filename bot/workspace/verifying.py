"""What Slack asks an address before it sends anything there: the challenge of url_verification, and ssl_check."""

import asyncio
import json
import secrets
import time

from bot.workspace.delivery import Delivery, Reply
from bot.workspace.passing import note_delivery
from bot.workspace.payloads import VERIFICATION_TOKEN
from bot.workspace.state import Workspace

TRIES, PAUSE_SECONDS = 60, 0.25  # The app may start after the workspace.
NOBODY_THERE = 502


async def verify(workspace: Workspace) -> None:
    """Warns in the page when an address of the manifest does not answer as Slack demands."""
    if workspace.manifest.events_path:
        await verify_events(workspace)
    for path in sorted({each.path for each in workspace.manifest.commands.values()}):
        asked = {"ssl_check": "1", "token": VERIFICATION_TOKEN}
        reply = await patient(workspace, Delivery("ssl_check", "", path, asked))
        if not reply.is_ok:
            workspace.warn(f"The app failed the ssl_check of its commands: {reply.outcome}.")
    workspace.changes.announce()


async def verify_events(workspace: Workspace) -> None:
    challenge = secrets.token_urlsafe(30)
    asked = {"type": "url_verification", "token": VERIFICATION_TOKEN, "challenge": challenge}
    reply = await patient(workspace, Delivery("url_verification", "", workspace.manifest.events_path, asked))
    if not reply.is_ok:
        workspace.warn(f"The app failed url_verification: {reply.outcome}.")
    elif challenge not in (reply.body.strip(), challenge_in(reply.body)):
        workspace.warn("The app answered url_verification without its challenge.")


async def patient(workspace: Workspace, delivery: Delivery) -> Reply:
    """Asks until somebody is there; only the last answer is written down."""
    for _ in range(TRIES):
        began = time.monotonic()
        reply = await workspace.link.deliver(delivery)
        if reply.status != NOBODY_THERE:
            break
        await asyncio.sleep(PAUSE_SECONDS)
    note_delivery(workspace, delivery, reply, time.monotonic() - began)
    return reply


def challenge_in(body: str) -> object:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer.get("challenge") if isinstance(answer, dict) else None
