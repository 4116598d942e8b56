"""Socket Mode: Slack's deliveries over WebSockets that we open; two, so that one is there while the other is renewed.

The SDK's client is the watchdog of its own connection: it pings, and opens another when no answer comes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

_log = logging.getLogger(__name__)

CONNECTIONS = 2
PING_SECONDS = 5.0
FINISH_SECONDS = 5.0


class Sockets:
    def __init__(self, bolt: AsyncApp) -> None:
        self._bolt = bolt
        self._clients: list[SocketModeClient] = []
        self._answering = 0
        self._idle = asyncio.Event()
        self._is_deaf = False

    async def connect(self, app_token: str, client: AsyncWebClient, ping_seconds: float) -> None:
        """One more connection. Raises SlackApiError if Slack does not take the token."""
        url = (await client.apps_connections_open(app_token=app_token))["url"]
        socket = SocketModeClient(app_token, _log, client, ping_interval=ping_seconds)
        socket.wss_uri = url
        socket.socket_mode_request_listeners.append(self._hear)
        self._clients.append(socket)
        await socket.connect()  # type: ignore[no-untyped-call]

    @property
    def connected(self) -> int:
        """How many of them are open now."""
        sessions = [socket.current_session for socket in self._clients if not socket.stale]
        return sum(session is not None and not session.closed for session in sessions)

    async def close(self) -> None:
        """Answers what was heard, for a while, and then hears no more."""
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                while self._answering:
                    await self._idle.wait()
        except TimeoutError:
            _log.warning("%d deliveries were not answered in time", self._answering)
        self._is_deaf = True  # What still comes is not done, since nobody could be told so.
        for socket in self._clients:
            await socket.close()  # type: ignore[no-untyped-call]

    async def _hear(self, socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._is_deaf:
            return
        self._answering += 1
        self._idle.clear()
        try:
            response = await run_async_bolt_app(self._bolt, request)
            await send_async_response(socket, request, response, 0.0)  # When it began, for a debug line only.
        finally:
            self._answering -= 1
            if not self._answering:
                self._idle.set()


@asynccontextmanager
async def hearing(
    bolt: AsyncApp, app_token: str, client: AsyncWebClient, *, ping_seconds: float = PING_SECONDS
) -> AsyncIterator[Sockets]:
    """Hears Slack while the block runs. Raises SlackApiError if Slack does not take the token."""
    sockets = Sockets(bolt)
    try:
        for _ in range(CONNECTIONS):
            await sockets.connect(app_token, client, ping_seconds)
        yield sockets
    finally:
        await sockets.close()
