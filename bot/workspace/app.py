"""Puts the workspace together as one Starlette application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import bot.workspace.methods  # noqa: F401 - registers the Web API's methods
from bot.workspace import ui
from bot.workspace.clock import SteerableClock
from bot.workspace.delivery import AppLink
from bot.workspace.door import Door, Sessions
from bot.workspace.errors import ApiError
from bot.workspace.manifest import read_manifest
from bot.workspace.responses import answer_hook, read_answer
from bot.workspace.seed import Seed
from bot.workspace.snapshot import Saver, load
from bot.workspace.state import Workspace
from bot.workspace.webapi import serve_method

STATIC = Path(__file__).parent / "static"


def build_workspace(
    *,
    seed: Seed,
    manifest: Mapping[str, Any],
    app_url: str,
    bot_token: str,
    signing_secret: str,
    session_key: str,
    clock: SteerableClock,
    state_path: Path | None,
    base_url: str,
) -> Starlette:
    link = AppLink(app_url, signing_secret)
    workspace = Workspace(seed, read_manifest(manifest), clock, link, base_url.rstrip("/"), bot_token)
    saver = saver_for(workspace, state_path)
    port = urlsplit(base_url).port or 80
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Door, port=port, changes=workspace.changes)],
        lifespan=lambda _app: running(workspace, saver),
    )
    app.state.workspace = workspace
    app.state.sessions = Sessions(session_key, base_url, seed.members[0].id)
    # Whoever stops the server may call this first, so that open pages do not hold it up.
    app.state.close_streams = workspace.changes.close
    return app


def saver_for(workspace: Workspace, state_path: Path | None) -> Saver | None:
    if state_path is None:
        return None
    load(workspace, state_path)
    saver = Saver(workspace, state_path)
    workspace.changes.on_change = saver.note_change
    return saver


@asynccontextmanager
async def running(workspace: Workspace, saver: Saver | None) -> AsyncIterator[None]:
    # The app stands on this machine and speaks plain HTTP: no proxy, and no certificates worth loading.
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:  # noqa: S501
        workspace.link.client = client
        yield
    workspace.link.client = None
    if saver:
        saver.write()


def routes() -> list[Route | Mount]:
    return [
        Route("/", show_page),
        Route("/api/{method}", serve_method, methods=["GET", "POST"]),
        Route("/hooks/{name}", serve_hook, methods=["POST"]),
        *ui.ROUTES,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def show_page(request: Request) -> Response:
    sessions: Sessions = request.app.state.sessions
    if "key" in request.query_params:
        return sessions.enter(request, request.query_params["key"])
    if sessions.person(request) is None:
        return PlainTextResponse("Open the address that was printed at the start.", 403)
    return FileResponse(STATIC / "index.html")


async def serve_hook(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    try:
        hook = workspace.hooks.use(request.path_params["name"], workspace.clock())
        answer_hook(workspace, hook, read_answer((await request.body()).decode()))
    except ApiError as error:
        workspace.warn(f"A post to a response_url was refused: {error.code} {error.details or ''}")
        return JSONResponse({"ok": False, "error": error.code} | error.details, 404)
    return PlainTextResponse("ok")
