"""How long Slack waits: from a signed delivery over HTTP to its ack, for ours and for Bolt's own no-op on the same server."""

import asyncio
import multiprocessing
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bench.figures import percentile
from bench.machine import load
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.modals import trade_form
from bot.modals.quoting import Draft
from bot.modals.ticket import Way
from bot.running import EVENTS_PATH, bind, listening, running
from bot.story import cast
from bot.workspace.delivery import Delivery, signature, written
from core.database import open_engine
from core.exchange import granting
from core.units import MICRO

SECRET, TOKEN = "a-signing-secret", "xoxb-local-bench"
PEOPLE_MOST = 256
CREDITS = 10_000 * MICRO
START_SECONDS = 60
_spawned = multiprocessing.get_context("spawn")
_numbers = count()

Make = Callable[[int], Delivery]


@dataclass(frozen=True)
class Row:
    """Latencies in milliseconds; the ratios are to Bolt's no-op with as many people in the same run."""

    what: str
    people: int
    per_s: float
    p50_ms: float
    p99_ms: float
    rate_ratio: float
    p50_ratio: float
    p99_ratio: float
    load: float


@dataclass(frozen=True)
class _Figures:
    per_s: float
    p50_ms: float
    p99_ms: float


def measure(url: str, people: list[int], seconds: float) -> list[Row]:
    """Every kind of delivery by so many people at once, then by the next many, beside its floor."""
    return asyncio.run(_measure(url, people, seconds))


async def _measure(url: str, people: list[int], seconds: float) -> list[Row]:
    socket = bind(0)
    slack = Starlette(routes=[Route("/api/{method}", _take, methods=["GET", "POST"])])
    rows = []
    async with listening(slack, socket):
        slack_port = socket.getsockname()[1]
        async with _serving(_bolt, url, slack_port) as floor, _serving(_ours, url, slack_port) as ours:
            await _crowd(
                ours, len(MAKES) * max(people), _event, 1
            )  # Everybody is known before the clock runs.
            for many in people:
                base = await _crowd(floor, many, _event, seconds)
                rows.append(_row("Bolt's no-op", many, base, base))
                for what, make in MAKES.items():
                    rows.append(_row(what, many, await _crowd(ours, many, make, seconds), base))
    return rows


def _row(what: str, many: int, found: _Figures, base: _Figures) -> Row:
    ratios = (found.per_s / base.per_s, found.p50_ms / base.p50_ms, found.p99_ms / base.p99_ms)
    return Row(what, many, found.per_s, found.p50_ms, found.p99_ms, *ratios, load())


async def _crowd(port: int, many: int, make: Make, seconds: float) -> _Figures:
    """So many people, each of whom waits for one ack before the next delivery."""
    until = time.perf_counter() + seconds
    many = min(many, PEOPLE_MOST)
    found = await asyncio.gather(*(_one(port, number, make, until) for number in range(many)))
    waits = [wait for each in found for wait in each]
    return _Figures(len(waits) / seconds, 1e3 * percentile(waits, 0.5), 1e3 * percentile(waits, 0.99))


async def _one(port: int, number: int, make: Make, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    while time.perf_counter() < until:
        request = _signed(make(number))
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        answer = await reader.readexactly(length)
        waits.append(time.perf_counter() - begun)
        if not head.startswith(b"HTTP/1.1 200") or b"errors" in answer or b"Something went wrong" in answer:
            raise RuntimeError(f"no ack: {head!r} {answer!r}")
    writer.close()
    return waits


def _signed(delivery: Delivery) -> bytes:
    body, content_type = written(delivery)
    at = str(int(time.time()))
    head = (
        f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body.encode())}\r\nX-Slack-Request-Timestamp: {at}\r\n"
        f"X-Slack-Signature: {signature(SECRET, at, body)}\r\n\r\n"
    )
    return f"{head}{body}".encode()


def _event(number: int) -> Delivery:
    """The messages tab is opened: nothing is to be done, by Bolt's listener or by ours."""
    event = {"type": "app_home_opened", "user": _user(number), "tab": "messages"}
    payload = {
        "type": "event_callback",
        "team_id": cast.TEAM_ID,
        "event": event,
        "event_id": uuid.uuid4().hex,
    }
    return Delivery("event", "app_home_opened", EVENTS_PATH, payload)


def _list(number: int) -> Delivery:
    who = {"team_id": cast.TEAM_ID, "user_id": _user(number), "trigger_id": uuid.uuid4().hex}
    return Delivery("command", "/market", EVENTS_PATH, {"command": "/market", "text": ""} | who)


def _quote(number: int) -> Delivery:
    action = {"type": "plain_text_input", "action_id": trade_form.CHANGED, "block_id": "amount"}
    changed = [action | {"action_ts": f"{time.time():.6f}", "value": "1"}]
    return _interaction("block_actions", number, actions=changed)


def _trade(number: int) -> Delivery:
    return _interaction("view_submission", number)


def _interaction(kind: str, number: int, **more: Any) -> Delivery:
    """In the trading form of somebody's own, one credit on one side and then on the other."""
    way = (Way.FIRST, Way.SECOND)[next(_numbers) % 2]
    draft = Draft(
        uuid.uuid4().hex, "D-1", [1, way, MICRO, [], None, None, None], limit=1, meant=[[int(way)], None]
    )
    typed = {
        "option": {"option": {"type": "static_select", "selected_option": {"value": "1"}}},
        "way": {"way": {"type": "radio_buttons", "selected_option": {"value": way}}},
        "amount": {trade_form.CHANGED: {"type": "number_input", "value": "1"}},
    }
    view = {
        "id": f"V{number}",
        "type": "modal",
        "callback_id": trade_form.VIEW,
        "private_metadata": draft.write(),
        "blocks": [],
        "state": {"values": typed},
    }
    who = {"user": {"id": _user(number), "team_id": cast.TEAM_ID}, "team": {"id": cast.TEAM_ID}}
    payload = {"type": kind, "trigger_id": uuid.uuid4().hex, "view": view} | who | more
    return Delivery(kind, trade_form.VIEW, EVENTS_PATH, payload)


MAKES: dict[str, Make] = {"our no-op": _event, "/market": _list, "live quote": _quote, "trade": _trade}


def _user(number: int) -> str:
    return f"U{number:06}"


async def _take(_request: Request) -> Response:
    """Slack, which takes everything at once."""
    return JSONResponse(
        {"ok": True, "channel": "C", "ts": "1.0", "view": {"id": "V"}, "user": {"locale": "en-US"}}
    )


@asynccontextmanager
async def _serving(serve: Callable[..., Any], url: str, slack_port: int) -> AsyncIterator[int]:
    """A process of its own; its port."""
    ours, theirs = _spawned.Pipe()
    process = _spawned.Process(target=_run, args=(serve, url, slack_port, theirs))
    process.start()
    try:
        if not await asyncio.to_thread(ours.poll, START_SECONDS):
            raise RuntimeError("the server did not start")
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _run(serve: Callable[..., Any], url: str, slack_port: int, told: Any) -> None:
    client = AsyncWebClient(TOKEN, base_url=f"http://127.0.0.1:{slack_port}/api/")
    asyncio.run(serve(url, client, told))


async def _bolt(_url: str, client: AsyncWebClient, told: Any) -> None:
    """Bolt as its documentation has it, with two listeners."""
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    @app.event("app_home_opened")
    async def opened() -> None:
        pass

    @app.command("/market")
    async def market(ack: Any) -> None:
        await ack()

    await _listen(AsyncSlackRequestHandler(app, EVENTS_PATH), told)


async def _ours(url: str, client: AsyncWebClient, told: Any) -> None:
    engine = open_engine(url)
    clock = lambda: datetime.now(UTC)  # noqa: E731 - as serve has it
    async with running(engine, clock, client, SECRET, cast.MARKETS, time.time) as app:
        await cast.seed(app.exchange)
        for number in range(PEOPLE_MOST):
            to = f"{cast.TEAM_ID}/{_user(number)}"
            admin = cast.identity(cast.ADMIN)
            await app.exchange.write(
                granting.grant, admin, to, CREDITS, f"bench:{number}", "for the benchmark"
            )
        await _listen(app.asgi, told)


async def _listen(app: Any, told: Any) -> None:
    socket = bind(0)
    async with listening(app, socket):
        told.send(socket.getsockname()[1])
        await asyncio.Event().wait()
