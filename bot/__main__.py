"""The `futarchy` command line; it puts the parts together."""

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import exports, starting, tables
from bot import replay as replaying
from bot import workspace as local
from bot.door import Exchange
from bot.exports import Format
from bot.jobs import BEAT_SECONDS
from bot.outbox import PACE_SECONDS
from bot.running import EVENTS_PATH, bind, listening, running
from bot.settings import LOCAL_TOKEN, Settings
from bot.story import cast
from bot.story import play as playing
from bot.story.stage import Stuck
from core.database import migrate as migrate_database
from core.database import open_engine
from core.exchange import audit as auditing
from core.exchange import granting, journal, rebuild
from core.writer import AnotherWriter, hold, sweep_seldom

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@cli.command()
def migrate() -> None:
    """Bring the database of FUTARCHY_DATABASE_URL to this program's schema."""
    engine = starting.database(starting.settings())
    migrate_database(engine)
    _out.print("The database is up to date.")


@cli.command()
def audit(
    replay: Annotated[
        bool, typer.Option("--replay", help="Also make every balance and price anew from the journal alone.")
    ] = False,
) -> None:
    """Prove the books of FUTARCHY_DATABASE_URL: one line a proof; status 1 if one fails."""
    with starting.snapshot() as connection:
        proofs, head = auditing.audit(connection), auditing.head(connection)
        if replay:
            proofs += rebuild.rebuild(connection)
    for proof in proofs:
        _out.print(f"{'[green]holds[/]' if proof.holds else '[red]FAILS[/]'}  {escape(proof.claim)}")
        for fault in proof.faults:
            _out.print(f"       {escape(fault)}")
    _out.print(f"The journal's head is {head}")
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


@cli.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="What to write it for.")],
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file; standard output if none is named.")
    ] = None,
) -> None:
    """Write the journal of FUTARCHY_DATABASE_URL, every entry and balance under its name, for other tools."""
    try:
        with starting.snapshot() as connection, exports.opened(output) as file:
            exports.WRITERS[form](journal.read(connection), file)
    except OSError as problem:
        if output is None:  # Whoever read the output has gone away; typer knows how to end then.
            raise
        starting.fail(f"{output} cannot be written: {problem.strerror}.")


@cli.command()
def replay(
    trades: File,
    outcomes: File,
    forecasts: File,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Play real trades, forecasts and outcomes into the empty database of FUTARCHY_DATABASE_URL."""
    engine = starting.database(starting.settings())
    migrate_database(engine)
    try:
        read = tables.read(trades, outcomes, forecasts)
        with Progress(console=_err) as progress:
            result = replaying.replay(engine, read, progress)
    except tables.BadTable as problem:
        starting.fail(str(problem))
    result.show(_out)
    if json_file:
        result.write(json_file)


@cli.command()
def workspace(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served, on this machine only.")
    ] = 8321,
    directory: Annotated[Path, typer.Option(help="Where the database and the page's state are kept.")] = Path(
        "workspace"
    ),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: drop database and page state.")] = False,
    play: Annotated[
        bool, typer.Option("--play", help="Let the people live a whole decision by themselves.")
    ] = False,
    leave: Annotated[
        bool, typer.Option("--exit", help="With --play: print what everybody saw, then stop.")
    ] = False,
) -> None:
    """Start a Slack workspace on this machine with the exchange in it: no account, nothing to configure."""
    if leave and not play:
        starting.fail("--exit goes with --play.")
    try:
        _prepare(directory, fresh=fresh)
        asyncio.run(_workspace(port, directory, play=play, leave=leave))
    except (AnotherWriter, OSError) as problem:
        starting.fail(
            f"The workspace cannot start: {problem}. Another one may be running; --port and --directory choose others."
        )
    except Stuck as problem:
        starting.fail(f"The story stopped: {problem}")


@cli.command()
def serve() -> None:
    """Connect to Slack: Socket Mode if FUTARCHY_SLACK_APP_TOKEN is set, else HTTP on FUTARCHY_HOST and FUTARCHY_PORT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = starting.settings()
    if missing := settings.missing():
        starting.fail(f"Set {', '.join(missing)} first; the README says where to find them.")
    sweep_seldom()
    try:
        asyncio.run(_serve(settings, starting.guarded(settings)))
    except (AnotherWriter, OSError, SlackClientError) as problem:
        starting.fail(f"The exchange cannot start: {problem}")


@dataclass(frozen=True)
class LocalWorkspace:
    """A running workspace: its page's address, and what stands behind it."""

    base_url: str
    key: str
    app_url: str
    signing_secret: str
    clock: local.SteerableClock
    exchange: Exchange


@asynccontextmanager
async def local_workspace(
    directory: Path, port: int, *, beat_seconds: float = BEAT_SECONDS, pace_seconds: float = PACE_SECONDS
) -> AsyncIterator[LocalWorkspace]:
    """The page and the real app behind it, in one process, on one steerable clock. Raises OSError, AnotherWriter."""
    page_socket, app_socket = bind(port), bind(0)
    engine = open_engine(f"sqlite:///{directory / 'exchange.db'}")
    migrate_database(engine)
    base_url, app_url = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (page_socket, app_socket))
    clock, key, secret = local.SteerableClock(), secrets.token_urlsafe(12), secrets.token_hex(16)
    token = f"{LOCAL_TOKEN}{secrets.token_hex(8)}"
    page = local.build_workspace(
        seed=_local_seed(),
        manifest=_manifest(),
        app_url=app_url,
        bot_token=token,
        signing_secret=secret,
        session_key=key,
        clock=clock,
        state_path=directory / "page.json",
        base_url=base_url,
    )
    client = AsyncWebClient(token, base_url=f"{base_url}/api/")
    async with (
        listening(page, page_socket, lifespan=True),
        running(
            engine,
            clock,
            client,
            secret,
            cast.MARKETS,
            time.time,
            beat_seconds=beat_seconds,
            pace_seconds=pace_seconds,
        ) as app,
        listening(app.asgi, app_socket),
    ):
        await cast.seed(app.exchange)
        yield LocalWorkspace(base_url, key, app_url, secret, clock, app.exchange)
        page.state.close_streams()
    engine.dispose()


def _prepare(directory: Path, *, fresh: bool) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if fresh:
        database = directory / "exchange.db"
        held = hold(open_engine(f"sqlite:///{database}"))  # A workspace that is still running keeps its data.
        for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm"), directory / "page.json"):
            file.unlink(missing_ok=True)
        if held:
            held.close()


async def _workspace(port: int, directory: Path, *, play: bool, leave: bool) -> None:
    async with local_workspace(directory, port) as running_here:
        _out.print(f"The workspace is open: {running_here.base_url}/?key={running_here.key}")
        if play:
            await playing.play(running_here.base_url, running_here.key, _out.print, watched=not leave)
        if not leave:
            _out.print("Stop it with Ctrl-C.")
            await _interrupted()


async def _serve(settings: Settings, engine: Engine) -> None:
    client = AsyncWebClient(settings.slack_bot_token, base_url=settings.slack_api_url)
    team = (await client.auth_test())["team_id"]
    admins = [f"{team}/{user}" for user in settings.admins]
    secret = settings.slack_signing_secret
    async with running(engine, _utc_now, client, secret, settings.markets_channel, time.time) as app:
        await app.exchange.write(granting.appoint_first_admins, admins)
        if settings.slack_app_token:
            handler = AsyncSocketModeHandler(app.bolt, settings.slack_app_token, web_client=client)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            _out.print("Connected to Slack by Socket Mode.")
            await _interrupted()
            await handler.close_async()  # type: ignore[no-untyped-call]
        else:
            async with listening(app.asgi, bind(settings.port, settings.host)):
                _out.print(f"Listening for Slack on {settings.host}:{settings.port}{EVENTS_PATH}")
                await _interrupted()


async def _interrupted() -> None:
    """Returns when the process is asked to stop."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    await stop.wait()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _local_seed() -> local.Seed:
    everybody = tuple(role.id for role in cast.CAST)
    committee = tuple(role.id for role in (*cast.DECIDERS, cast.ADMIN))
    return local.Seed(
        cast.TEAM_ID,
        cast.TEAM_NAME,
        tuple(local.Member(role.id, role.handle, role.name, role.title) for role in cast.CAST),
        (
            local.Channel(
                cast.MARKETS, "markets", everybody, "Every open decision, and what it is priced at"
            ),
            local.Channel(cast.COMMITTEE, "release-committee", committee, "Spread reports for the committee"),
        ),
    )


def _manifest() -> dict[str, Any]:
    """manifest.yml, from the installed package or from the checkout."""
    here = Path(__file__).parent
    found = next(file for file in (here / "manifest.yml", here.parent / "manifest.yml") if file.exists())
    manifest: dict[str, Any] = yaml.safe_load(found.read_text(encoding="utf-8"))
    return manifest


if __name__ == "__main__":
    cli()
