"""The parts of a running app, put together and taken apart in order: writer, heartbeat, outbox, HTTP or Socket Mode."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import jobs, numerals
from bot.app import build_app
from bot.door import Exchange
from bot.edge import Asgi, guarded
from bot.health import Health
from bot.numerals import Numerals
from bot.outbox import PACE_SECONDS, Outbox
from bot.readers import Readers
from bot.sources.reading import Sources
from core.exchange import trading
from core.writer import Writer

EVENTS_PATH = "/slack/events"


@dataclass(frozen=True)
class Running:
    """An app that beats: its way to core, and what hears Slack."""

    exchange: Exchange
    bolt: AsyncApp
    asgi: Asgi
    health: Health


class Paces(NamedTuple):
    """How often the heartbeat beats, and how far apart messages to one channel are."""

    beat_seconds: float = jobs.BEAT_SECONDS
    pace_seconds: float = PACE_SECONDS


USUAL, NO_SOURCES = Paces(), Sources()


@asynccontextmanager
async def running(
    engine: Engine,
    clock: Callable[[], datetime],
    client: AsyncWebClient,
    signing_secret: str,
    markets_channel: str,
    wall_clock: Callable[[], float],
    *,
    numbers_by_default: Numerals = numerals.ENGLISH,
    paces: Paces = USUAL,
    sources: Sources = NO_SOURCES,
) -> AsyncIterator[Running]:
    """Starts everything but the listening; at the end, what was acknowledged is finished before it stops."""
    writer = Writer(engine, clock, batched={trading.execute})
    exchange = Exchange(engine, writer, clock, markets_channel, sources=sources)
    readers = Readers(client, clock, numbers_by_default)
    outbox = Outbox(exchange, client, readers, paces.pace_seconds)
    bolt = build_app(exchange, client, readers)
    slack = AsyncSlackRequestHandler(bolt, EVENTS_PATH)
    heartbeat = jobs.Heartbeat(exchange, outbox, paces.beat_seconds)
    health = Health(exchange, heartbeat)
    try:
        edge = guarded(slack, signing_secret, wall_clock)
        yield Running(exchange, bolt, health.before(edge), health)
    finally:
        await heartbeat.stop()
        await outbox.finish()
        await readers.stop()
        await asyncio.to_thread(writer.close)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to whoever runs several servers side by side."""
        yield


def bind(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A bound socket, on a free port for 0. Raises OSError if the port is taken."""
    bound = socket.create_server((host, port))
    # Accepted connections inherit it: without it, each answer on a kept-alive one waits 40 ms for an acknowledgement.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


@asynccontextmanager
async def listening(app: Asgi, bound: socket.socket, *, is_workspace: bool = False) -> AsyncIterator[None]:
    """Serves the app over HTTP on a bound socket while the block runs; the local workspace speaks WebSocket too."""
    config = uvicorn.Config(
        app,
        interface="asgi3",  # Not guessed: uvicorn takes a method for an application of an older kind.
        log_level="warning",
        access_log=False,
        lifespan="on" if is_workspace else "off",
        ws="websockets-sansio" if is_workspace else "none",
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has a flag and no event
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await serving
