"""Connected to Slack: over HTTP, or by Socket Mode with only this process's health on HTTP."""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import numerals
from bot.health import HEALTH_PATH
from bot.running import EVENTS_PATH, Running, bind, listening, running
from bot.settings import Settings
from bot.sockets import hearing
from core.exchange import granting


async def serve(
    settings: Settings,
    engine: Engine,
    clock: Callable[[], datetime],
    wall_clock: Callable[[], float],
    say: Callable[[str], None],
) -> None:
    """Until the process is asked to stop; then what was acknowledged is finished."""
    # A post whose answer was lost may stand already: only the outbox, which looks, may send it again.
    client = AsyncWebClient(settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=[])
    team = (await client.auth_test())["team_id"]
    admins = [f"{team}/{user}" for user in settings.admins]
    secret = settings.slack_signing_secret
    numbers = numerals.of(settings.locale)
    channel = settings.markets_channel
    sources = settings.sources()
    async with running(
        engine, clock, client, secret, channel, wall_clock, numbers_by_default=numbers, sources=sources
    ) as app:
        await app.exchange.write(granting.appoint_first_admins, admins)
        if settings.slack_app_token:
            await _by_socket(app, settings, client, say)
        else:
            async with listening(app.asgi, bind(settings.port, settings.host)):
                say(f"Listening for Slack on {settings.host}:{settings.port}{EVENTS_PATH}")
                await interrupted()


async def _by_socket(
    app: Running, settings: Settings, client: AsyncWebClient, say: Callable[[str], None]
) -> None:
    async with (
        listening(app.health.alone, bind(settings.port, settings.host)),
        hearing(app.bolt, settings.slack_app_token, client) as app.health.sockets,
    ):
        say("Connected to Slack by Socket Mode.")
        say(f"Health is told on {settings.host}:{settings.port}{HEALTH_PATH}")
        await interrupted()


async def interrupted() -> None:
    """Returns when the process is asked to stop."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    await stop.wait()
