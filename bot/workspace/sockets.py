"""Deliveries to the app by Socket Mode: as envelopes, each over any one of the WebSockets that the app opened."""

import asyncio
import json
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace.delivery import TIMEOUT_SECONDS, Delivery, Reply

Json = dict[str, Any]

CONNECTIONS_MOST = 10
TICKETS_KEPT = 100


class SocketLink:
    """Connections take turns. An answer counts over whichever connection it comes."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: list[str] = []
        self._connections: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def issue_ticket(self) -> str:
        """Opens one connection, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets = [*self._tickets[1 - TICKETS_KEPT :], ticket]
        return ticket

    async def deliver(self, delivery: Delivery) -> Reply:
        if not self._connections:
            return Reply(502)
        connection = self._connections.pop(0)
        self._connections.append(connection)
        envelope_id = secrets.token_hex(16)
        answered = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await connection.send_json(enveloped(delivery, envelope_id))
                answer = await answered
        except (TimeoutError, WebSocketDisconnect, RuntimeError):  # Gone before it could answer.
            return Reply(0)
        finally:
            del self._waiting[envelope_id]
        return Reply(200, json.dumps(answer["payload"]) if answer.get("payload") else "")

    async def serve(self, connection: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        if connection.query_params.get("ticket") not in self._tickets:
            await connection.close(1008)
            return
        self._tickets.remove(connection.query_params["ticket"])
        await connection.accept()
        if len(self._connections) == CONNECTIONS_MOST:
            await connection.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await connection.close()
            return
        self._connections.append(connection)
        await connection.send_json(self._hello())
        try:
            await self._listen(connection)
        finally:
            if connection in self._connections:
                self._connections.remove(connection)

    async def refresh(self) -> None:
        """Asks for a new connection in place of the oldest, as Slack does with each after a few hours."""
        await self._connections.pop(0).send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def cut(self) -> None:
        """Ends one connection without a word."""
        await self._connections.pop(0).close(1011)

    @property
    def connections(self) -> int:
        return len(self._connections)

    async def _listen(self, connection: WebSocket) -> None:
        while True:
            try:
                said = json.loads(await connection.receive_text())
            except (WebSocketDisconnect, RuntimeError):
                return
            waiting = self._waiting.get(str(said.get("envelope_id")))
            if waiting is not None and not waiting.done():
                waiting.set_result(said)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "local", "approximate_connection_time": 18060},
        }


def enveloped(delivery: Delivery, envelope_id: str) -> Json:
    envelope = {
        "envelope_id": envelope_id,
        "type": delivery.envelope,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "event",
    }
    if delivery.kind != "event":
        return envelope
    retry = delivery.retry
    return envelope | {
        "retry_attempt": retry.attempt if retry else 0,
        "retry_reason": retry.reason if retry else "",
    }
