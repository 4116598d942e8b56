"""Server-sent events: one whenever what a person sees has changed, named by its digest.

A stream ends after a few seconds and the browser opens the next one, telling the digest it knows.
So nothing is missed, and a server that stops never waits long for an open page.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from bot.workspace.door import Session
from bot.workspace.screen import screen_of
from bot.workspace.state import Workspace

LIFE_SECONDS = 3.0


def digest(workspace: Workspace, session: Session) -> str:
    screen = screen_of(workspace, session.person, session.loaded_at)
    return hashlib.sha256(json.dumps(screen).encode()).hexdigest()[:16]


async def events(workspace: Workspace, session: Session, known: str) -> AsyncIterator[str]:
    until = time.monotonic() + LIFE_SECONDS
    yield "retry: 100\n\n"
    with workspace.changes.subscribe() as changed:
        while time.monotonic() < until and not workspace.changes.is_closed:
            changed.clear()
            current = digest(workspace, session)
            if current != known:
                known = current
                yield f"id: {current}\ndata: changed\n\n"
            await wait_for(changed, until - time.monotonic())


async def wait_for(changed: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(changed.wait(), max(seconds, 0))
    except TimeoutError:
        return


def stream(workspace: Workspace, session: Session, known: str) -> StreamingResponse:
    """The session is looked at anew each time: it may switch to another person while the stream is open."""
    return StreamingResponse(events(workspace, session, known), media_type="text/event-stream")
