"""Puts the workspace together as one Starlette application."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

import bot.workspace.methods  # noqa: F401 - registers the Web API's methods
from bot.workspace import tools, ui
from bot.workspace.clock import SteerableClock
from bot.workspace.delivery import HttpLink
from bot.workspace.door import Door, Sessions
from bot.workspace.errors import ApiError
from bot.workspace.manifest import read_manifest
from bot.workspace.passing import serve
from bot.workspace.responses import answer_hook, read_answer
from bot.workspace.seed import Seed
from bot.workspace.snapshot import Saver, load
from bot.workspace.sockets import SocketLink
from bot.workspace.state import Workspace
from bot.workspace.verifying import verify
from bot.workspace.webapi import serve_method

STATIC = Path(__file__).parent / "static"


def build_workspace(
    *,
    seed: Seed,
    manifest: Mapping[str, Any],
    app_url: str,
    bot_token: str,
    app_token: str,
    signing_secret: str,
    session_key: str,
    clock: SteerableClock,
    state_path: Path | None,
    base_url: str,
    is_for_tests: bool = False,
) -> Starlette:
    """The manifest says whether the app is spoken to over HTTP, at ``app_url``, or by Socket Mode.

    ``is_for_tests`` opens /_test, with which a script may change everything.
    """
    refuse_the_real_world(base_url, app_url, bot_token, app_token)
    read = read_manifest(manifest)
    link = SocketLink(seed.app_id) if read.is_socket_mode else HttpLink(app_url, signing_secret)
    workspace = Workspace(seed, read, clock, link, base_url.rstrip("/"), bot_token, app_token)
    saver = saver_for(workspace, state_path)
    port = urlsplit(base_url).port or 80
    app = Starlette(
        routes=[*routes(), *(tools.TEST_ROUTES if is_for_tests else [])],
        middleware=[Middleware(Door, port=port, changes=workspace.changes)],
        lifespan=lambda _app: running(workspace, saver),
    )
    app.state.workspace = workspace
    app.state.sessions = Sessions(session_key, base_url, seed.members[0].id)
    # Whoever stops the server may call this first, so that open pages do not hold it up.
    app.state.close_streams = workspace.changes.close
    return app


def refuse_the_real_world(base_url: str, app_url: str, bot_token: str, app_token: str) -> None:
    """What plays Slack listens on this machine only, and is never given what opens the real one."""
    for url in (base_url, app_url):
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(f"the workspace stays on this machine, not {url}")
    for token, begins in ((bot_token, "xoxb-local-"), (app_token, "xapp-local-")):
        if not token.startswith(begins):
            raise ValueError(f"the workspace takes only a token that begins with {begins}")


def saver_for(workspace: Workspace, state_path: Path | None) -> Saver | None:
    if state_path is None:
        return None
    load(workspace, state_path)
    saver = Saver(workspace, state_path)
    workspace.changes.on_change = saver.note_change
    return saver


@asynccontextmanager
async def running(workspace: Workspace, saver: Saver | None) -> AsyncIterator[None]:
    async with AsyncExitStack() as opened:
        if isinstance(workspace.link, HttpLink):
            # The app stands on this machine and speaks plain HTTP: no proxy, and no certificates worth loading.
            client = httpx.AsyncClient(trust_env=False, verify=False)  # noqa: S501
            workspace.link.client = await opened.enter_async_context(client)
            verifying = asyncio.create_task(verify(workspace))
            workspace.in_flight.add(verifying)
        yield
        await stop_deliveries(workspace)
    if saver:
        saver.write()


async def stop_deliveries(workspace: Workspace) -> None:
    """Nobody waits for these any more."""
    under_way = list(workspace.in_flight)
    for each in under_way:
        each.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def routes() -> list[BaseRoute]:
    return [
        Route("/", show_page),
        Route("/tools", show_tools),
        Route("/api/{method}", serve_method, methods=["GET", "POST"]),
        Route("/hooks/{name}", serve_hook, methods=["POST"]),
        Route("/upload/v1/{ticket}", take_file, methods=["POST"]),
        Route("/files-pri/{id}/{name}", show_file),
        WebSocketRoute("/link/", serve_link),
        *ui.ROUTES,
        *tools.ROUTES,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def show_page(request: Request) -> Response:
    sessions: Sessions = request.app.state.sessions
    if "key" in request.query_params:
        return sessions.enter(request, request.query_params["key"])
    session = sessions.find(request)
    if session:
        session.loaded_at = float(request.app.state.workspace.next_ts())
    return page_for(request, "index.html")


async def show_tools(request: Request) -> Response:
    return page_for(request, "tools.html")


def page_for(request: Request, file: str) -> Response:
    if request.app.state.sessions.person(request) is None:
        return PlainTextResponse("Open the address that was printed at the start.", 403)
    return FileResponse(STATIC / file)


async def serve_hook(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    name, answer = request.path_params["name"], read_answer((await request.body()).decode())
    return await serve(workspace, "response_url", answer, lambda: use_hook(workspace, name, answer))


def use_hook(workspace: Workspace, name: str, answer: dict[str, Any]) -> Response:
    try:
        answer_hook(workspace, workspace.hooks.use(name, workspace.clock()), answer)
    except ApiError as error:
        workspace.warn(f"A post to a response_url was refused: {error.code} {error.details or ''}")
        return JSONResponse({"ok": False, "error": error.code} | error.details, 404)
    return PlainTextResponse("ok")


async def serve_link(connection: WebSocket) -> None:
    link = connection.app.state.workspace.link
    if isinstance(link, SocketLink):
        await link.serve(connection)
    else:
        await connection.close(1008)


async def take_file(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    try:
        workspace.files.upload(request.path_params["ticket"], await request.body())
    except ApiError as error:
        return PlainTextResponse(error.code, 400)
    return PlainTextResponse("OK")


async def show_file(request: Request) -> Response:
    """For whoever has the page open, and only as what it is."""
    workspace: Workspace = request.app.state.workspace
    sessions: Sessions = request.app.state.sessions
    file = workspace.files.by_id.get(request.path_params["id"])
    if sessions.person(request) is None or file is None or file.data is None:
        return PlainTextResponse("There is no such file.", 404)
    return Response(file.data, media_type=file.kind)
