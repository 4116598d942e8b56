"""Whether this process is well, over HTTP: ``/healthz`` for whoever restarts it, ``/metrics`` for Prometheus.

Both say only counts and ages: nothing of what people decide or hold.
"""

import asyncio
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.door import Exchange
from bot.edge import Asgi, Receive, Scope, Send
from bot.jobs import Heartbeat
from bot.sockets import Sockets
from core.exchange import telling
from core.writer import PATIENCE_SECONDS

HEALTH_PATH, METRICS_PATH = "/healthz", "/metrics"
BEAT_MOST_SECONDS = 30.0
READ_MOST_SECONDS = 2.0


class Health:
    def __init__(self, exchange: Exchange, heartbeat: Heartbeat) -> None:
        self._exchange = exchange
        self._heartbeat = heartbeat
        self.sockets: Sockets | None = None  # Where Slack is heard by Socket Mode.

    def before(self, app: Asgi) -> Asgi:
        """The app, with these two paths in front of it."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            answer = await self._answer(scope)
            await (answer or app)(scope, receive, send)

        return watched

    async def alone(self, scope: Scope, receive: Receive, send: Send) -> None:
        """These two paths and nothing else: where Slack is heard by Socket Mode."""
        answer = await self._answer(scope) or PlainTextResponse("There is nothing here.", 404)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        if scope["path"] == HEALTH_PATH:
            found, is_well = await self.check()
            return JSONResponse(found, 200 if is_well else 503)
        if scope["path"] == METRICS_PATH:
            return Response(self._measured(), media_type=CONTENT_TYPE_LATEST)
        return None

    async def check(self) -> tuple[dict[str, Any], bool]:
        """What it is found to be, and whether that is well."""
        load, now = self._exchange.writer.load, self._exchange.clock()
        beaten = _seconds(self._heartbeat.beaten_at, now)
        waiting = await self._waiting()
        connected = None if self.sockets is None else self.sockets.connected
        is_beating = beaten is not None and beaten <= BEAT_MOST_SECONDS
        is_well = (
            waiting is not None and load.age_seconds <= PATIENCE_SECONDS and is_beating and connected != 0
        )
        found: dict[str, Any] = {
            "status": "well" if is_well else "unwell",
            "database": "unreachable" if waiting is None else "reachable",
            "writer": {"waiting": load.waiting, "age_seconds": round(load.age_seconds, 3)},
            "heartbeat_seconds_ago": beaten,
            "announcements_waiting": waiting,
        }
        return found | ({} if connected is None else {"sockets_connected": connected}), is_well

    async def _waiting(self) -> int | None:
        """How many announcements are due and not told; None if the database does not answer."""
        try:
            async with asyncio.timeout(READ_MOST_SECONDS):
                found: int = await self._exchange.read(telling.backlog, self._exchange.clock())
                return found
        except (SQLAlchemyError, OSError, TimeoutError):
            return None

    def _measured(self) -> bytes:
        metrics, load = self._exchange.metrics, self._exchange.writer.load
        metrics.waiting.set(load.waiting)
        metrics.age.set(load.age_seconds)
        return generate_latest(metrics.registry)


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 3)
