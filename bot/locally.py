"""`futarchy workspace`: a local Slack workspace in a browser, and the real app behind it, in one process."""

import asyncio
import secrets
import shutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from starlette.applications import Starlette

from bot import faults, serving, starting
from bot import workspace as local
from bot.door import Exchange
from bot.running import USUAL, Paces, Running, bind, listening, running
from bot.settings import LOCAL_APP_TOKEN, LOCAL_TOKEN
from bot.sockets import hearing
from bot.sources.reading import Sources
from bot.story import cast
from bot.story import play as playing
from bot.story.stage import Stuck
from core.database import migrate, open_engine
from core.writer import AnotherWriter, hold

_out = Console(soft_wrap=True)


class Mode(StrEnum):
    """How Slack speaks to the app."""

    HTTP = "http"
    SOCKET = "socket"


def workspace(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served, on this machine only.")
    ] = 8321,
    directory: Annotated[Path, typer.Option(help="Where the database and the page's state are kept.")] = Path(
        "workspace"
    ),
    mode: Annotated[
        Mode, typer.Option(help="How the workspace speaks to the app: HTTP or Socket Mode.")
    ] = Mode.HTTP,
    test: Annotated[
        bool, typer.Option("--test", help="Let scripts steer it under /_test: faults, clock, reset.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: drop database and page state.")] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Begin without credits and decisions: only Ada, who is admin.")
    ] = False,
    play: Annotated[
        bool, typer.Option("--play", help="Let the people live a whole decision by themselves.")
    ] = False,
    leave: Annotated[
        bool, typer.Option("--exit", help="With --play: print what everybody saw, then stop.")
    ] = False,
) -> None:
    """Start a Slack workspace on this machine with the exchange in it: no account, nothing to configure."""
    _check(play=play, leave=leave, empty=empty)
    try:
        _prepare(directory, fresh=fresh)
        asyncio.run(_workspace(port, directory, mode, play=play, leave=leave, test=test, empty=empty))
    except (AnotherWriter, OSError) as problem:
        starting.fail(
            f"The workspace cannot start: {problem}. Another one may be running; --port and --directory choose others."
        )
    except Stuck as problem:
        starting.fail(f"The story stopped: {problem}")


def _check(*, play: bool, leave: bool, empty: bool) -> None:
    """Ends the command with what was wrong about it."""
    if leave and not play:
        starting.fail("--exit goes with --play.")
    if empty and play:
        starting.fail("--play needs the decision and the credits that --empty leaves out.")
    if starting.settings().has_real_token:
        starting.fail(
            "This environment holds a real Slack token; a workspace for trying is not started beside it."
        )


@dataclass(frozen=True)
class LocalWorkspace:
    """A running workspace: its page's address, and what stands behind it."""

    base_url: str
    key: str
    app_url: str
    signing_secret: str
    clock: local.SteerableClock
    exchange: Exchange
    page: Starlette


@asynccontextmanager
async def local_workspace(
    directory: Path,
    port: int,
    mode: Mode = Mode.HTTP,
    *,
    paces: Paces = USUAL,
    is_for_tests: bool = False,
    is_empty: bool = False,
) -> AsyncIterator[LocalWorkspace]:
    """The page and the real app behind it, in one process, on one steerable clock. Raises OSError, AnotherWriter."""
    page_socket, app_socket, engine = bind(port), bind(0), _database(directory)
    base_url, app_url = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (page_socket, app_socket))
    clock, key, secret = local.SteerableClock(), secrets.token_urlsafe(12), secrets.token_hex(16)
    token, app_token = (f"{begin}{secrets.token_hex(8)}" for begin in (LOCAL_TOKEN, LOCAL_APP_TOKEN))
    page = local.build_workspace(
        seed=_local_seed(),
        manifest=_manifest(mode),
        app_url=app_url,
        bot_token=token,
        app_token=app_token,
        signing_secret=secret,
        session_key=key,
        clock=clock,
        state_path=directory / "page.json",
        base_url=base_url,
        is_for_tests=is_for_tests,
    )
    client, here = AsyncWebClient(token, base_url=f"{base_url}/api/"), _sources()
    with faults.kept(directory / "futarchy.log"):
        async with (
            listening(page, page_socket, is_workspace=True),
            running(engine, clock, client, secret, cast.MARKETS, time.time, paces=paces, sources=here) as app,
            _connected(app, client, app_socket, app_token if mode is Mode.SOCKET else ""),
        ):
            await (cast.appoint(app.exchange) if is_empty else cast.seed(app.exchange))
            yield LocalWorkspace(base_url, key, app_url, secret, clock, app.exchange, page)
            page.state.close_streams()
    engine.dispose()


@asynccontextmanager
async def _connected(
    app: Running, client: AsyncWebClient, bound: socket.socket, app_token: str
) -> AsyncIterator[None]:
    """The app hears the workspace: over HTTP, or with an app-level token by Socket Mode."""
    if not app_token:
        async with listening(app.asgi, bound):
            yield
        return
    async with (
        listening(app.health.alone, bound),
        hearing(app.bolt, app_token, client) as app.health.sockets,
    ):
        yield


def _sources() -> Sources:
    """What is tried here stands on this machine too."""
    return replace(starting.settings().sources(), allows_private=True)


def _database(directory: Path) -> Engine:
    engine = open_engine(f"sqlite:///{directory / 'exchange.db'}")
    migrate(engine)
    return engine


def _prepare(directory: Path, *, fresh: bool) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if fresh:
        database = directory / "exchange.db"
        held = hold(open_engine(f"sqlite:///{database}"))  # A workspace that is still running keeps its data.
        for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm"), directory / "page.json"):
            file.unlink(missing_ok=True)
        shutil.rmtree(directory / "page.files", ignore_errors=True)
        if held:
            held.close()


async def _workspace(
    port: int, directory: Path, mode: Mode, *, play: bool, leave: bool, test: bool, empty: bool
) -> None:
    async with local_workspace(directory, port, mode, is_for_tests=test, is_empty=empty) as running_here:
        _out.print(f"The workspace is open: {running_here.base_url}/?key={running_here.key}")
        if play:
            await playing.play(running_here.base_url, running_here.key, _out.print, watched=not leave)
        if not leave:
            _out.print("Stop it with Ctrl-C.")
            await serving.interrupted()


def _local_seed() -> local.Seed:
    everybody = tuple(role.id for role in cast.CAST)
    committee = tuple(role.id for role in (*cast.DECIDERS, cast.ADMIN))
    return local.Seed(
        cast.TEAM_ID,
        cast.TEAM_NAME,
        tuple(
            local.Member(role.id, role.handle, role.name, role.title, locale=role.locale)
            for role in cast.CAST
        ),
        (
            local.Channel(
                cast.MARKETS, "markets", everybody, "Every open decision, and what it is priced at"
            ),
            local.Channel(cast.COMMITTEE, "release-committee", committee, "Spread reports for the committee"),
        ),
    )


def _manifest(mode: Mode) -> dict[str, Any]:
    """manifest.yml, from the installed package or from the checkout, for this way of speaking to the app."""
    here = Path(__file__).parent
    found = next(file for file in (here / "manifest.yml", here.parent / "manifest.yml") if file.exists())
    manifest: dict[str, Any] = yaml.safe_load(found.read_text(encoding="utf-8"))
    manifest["settings"]["socket_mode_enabled"] = mode is Mode.SOCKET
    return manifest
