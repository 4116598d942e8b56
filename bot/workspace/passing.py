"""Where everything passes between workspace and app, both ways: here faults strike, and here it is written down."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.workspace.delivery import TIMEOUT_SECONDS, Delivery, Reply, retried
from bot.workspace.faults import Direction, Fault
from bot.workspace.state import Workspace

Json = dict[str, Any]
Struck = dict[str, Fault]


async def deliver(workspace: Workspace, delivery: Delivery) -> Reply:
    """Hands it to the app, by whatever link there is."""
    struck = workspace.faults.strike(Direction.TO_APP, delivery.kind)
    if "expired_trigger" in struck:
        workspace.triggers.expire(delivery.payload.get("trigger_id", ""))
    if "duplicate" in struck:
        keep(workspace, later(struck["duplicate"].seconds, lambda: timed(workspace, delivery, {})))
    return await timed(workspace, delivery, struck)


async def timed(workspace: Workspace, delivery: Delivery, struck: Struck) -> Reply:
    began = time.monotonic()
    reply = await reply_of(workspace, delivery, struck)
    note_delivery(workspace, delivery, reply, time.monotonic() - began, struck)
    return reply


def note_delivery(
    workspace: Workspace, delivery: Delivery, reply: Reply, seconds: float, struck: Iterable[str] = ()
) -> None:
    workspace.traffic.note(
        Direction.TO_APP,
        delivery.kind,
        delivery.name,
        status=reply.status,
        seconds=seconds,
        request=delivery.payload | retried(delivery.retry),
        answer=reply.body,
        faults=struck,
    )


async def reply_of(workspace: Workspace, delivery: Delivery, struck: Struck) -> Reply:
    """What Slack hears within its three seconds; a delivery that is late arrives all the same."""
    if "error" in struck:
        return Reply(500)
    if "limited" in struck:
        return Reply(429, headers={"retry-after": f"{struck['limited'].seconds:.0f}"})
    if "drop" in struck:
        await asyncio.sleep(TIMEOUT_SECONDS)
        return Reply(0)
    began, pause = time.monotonic(), struck["delay"].seconds if "delay" in struck else 0.0
    done, _ = await asyncio.wait(
        {keep(workspace, later(pause, lambda: workspace.link.deliver(delivery)))}, timeout=TIMEOUT_SECONDS
    )
    if "lost_ack" in struck:
        await asyncio.sleep(TIMEOUT_SECONDS - (time.monotonic() - began))
        return Reply(0)
    return done.pop().result() if done else Reply(0)


async def later(seconds: float, act: Callable[[], Awaitable[Reply]]) -> Reply:
    await asyncio.sleep(seconds)
    return await act()


def keep(workspace: Workspace, act: Coroutine[Any, Any, Reply]) -> "asyncio.Task[Reply]":
    """Runs it beside whoever waits, who may go away before it is done."""
    task = asyncio.ensure_future(act)
    workspace.in_flight.add(task)
    task.add_done_callback(workspace.in_flight.discard)
    return task


async def serve(workspace: Workspace, kind: str, given: Json, call: Callable[[], Response]) -> Response:
    """Lets the app call the workspace; `given` is what it said."""
    began = time.monotonic()
    struck = workspace.faults.strike(Direction.TO_SLACK, kind)
    response = await response_of(struck, call)
    workspace.traffic.note(
        Direction.TO_SLACK,
        kind,
        kind,
        status=response.status_code,
        seconds=time.monotonic() - began,
        request=given,
        answer=bytes(response.body).decode(),
        faults=struck,
    )
    return response


async def response_of(struck: Struck, call: Callable[[], Response]) -> Response:
    if "delay" in struck:
        await asyncio.sleep(struck["delay"].seconds)
    if "limited" in struck:
        return rate_limited(struck["limited"].seconds)
    if "error" in struck:
        return PlainTextResponse("Internal Server Error", 500)
    if "drop" in struck:
        return Broken()
    response = call()
    return Broken() if "lost_ack" in struck else response


def rate_limited(seconds: float) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": f"{seconds:.0f}"})


class Broken(Response):
    """An answer that never comes: the connection ends where its body should stand."""

    def __init__(self) -> None:
        super().__init__(status_code=0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as responses are called
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
