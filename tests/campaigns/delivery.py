"""Campaign: two processes tell what one database announces, and one of them is killed again and again.

Claimed at the end: every announcement stands in its channel once, and each channel has its own in their order.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from campaigns.campaign import Figures, Trial, insist
from campaigns.clock import SharedClock
from campaigns.databases import database
from campaigns.teller import Telling
from exchange_driver import START
from sqlalchemy import Engine, func, select

from bot import workspace as local
from bot.running import bind, listening
from core.announcements import lanes
from core.announcements.tables import announcement
from core.database import open_engine, reading, writing

CHANNELS = tuple(f"C0LANE{number}" for number in range(8))
TEAM, TOKEN = "T0LAB", "xoxb-local-campaign"
LIFE_MOST_SECONDS = 1.0
TICK_SECONDS, SPEED = 0.05, 20  # A lease that is left ends after three seconds of ours.
PATIENCE_SECONDS = 120
MANIFEST: dict[str, Any] = {
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
    "settings": {"interactivity": {"request_url": "https://lab.example.com/slack/events"}},
}


def delivery(trial: Trial) -> Figures:
    with database(trial.engine, trial.folder) as url, _slack(trial.folder) as (page, base_url):
        clock = SharedClock(trial.folder / "clock")
        clock.set(START)
        engine = open_engine(url)
        _announce(engine, trial.times)
        job = Telling(url, str(trial.folder / "clock"), base_url, TOKEN)
        with _running(clock):
            kills = _tell(trial, engine, job)
        engine.dispose()
        told = {channel: _told(page, channel) for channel in CHANNELS}
        _insist_once(told, trial.times)
        return {"announcements": trial.times, "kills": kills, "told": sum(map(len, told.values()))}


def _announce(engine: Engine, times: int) -> None:
    with writing(engine) as connection:
        for number in range(times):
            address = f"{TEAM}/{CHANNELS[number % len(CHANNELS)]}"
            # In every other channel what waits is told together, as to a person.
            kind = "allowance" if number % 2 else "reading_due"
            facts = {
                "credits": 1_000_000,
                "is_opening": False,
                "decision_id": 1,
                "question": "?",
                "metric": "Score",
            }
            lanes.announce(connection, f"n:{number}", kind, "credit", address, facts, START)


def _tell(trial: Trial, engine: Engine, job: Telling) -> int:
    """How many processes were killed until all was told: any time one of the two, which another one replaces."""
    chance, kills = trial.chance("kills"), 0
    # Both come up at once, else the first of them could have told everything before there is a second.
    telling = _ready(_spawn(job), _spawn(job))
    until = time.monotonic() + PATIENCE_SECONDS
    before = 0
    try:
        while (done := _count(engine, lanes.State.TOLD)) < trial.times:
            insist(time.monotonic() < until, f"{trial.times - done} were never told")
            trial.step(done - before)
            before = done
            time.sleep(chance.uniform(0, LIFE_MOST_SECONDS))
            _kill(telling.pop(chance.randrange(2)))
            kills += 1
            telling += _ready(_spawn(job))
    finally:
        for process in telling:
            _kill(process)
    trial.step(trial.times - before)
    return kills


def _insist_once(told: dict[str, Sequence[int]], times: int) -> None:
    for number, channel in enumerate(CHANNELS):
        wanted = list(range(number, times, len(CHANNELS)))
        insist(list(told[channel]) == wanted, f"{channel} was told {told[channel]}")


def _told(page: Any, channel: str) -> list[int]:
    """The numbers of what the channel's messages tell, in their order."""
    messages = page.state.workspace.conversations[channel].messages
    payloads = [message["metadata"]["event_payload"] for message in messages]
    return [int(key.removeprefix("n:")) for payload in payloads for key in payload["keys"]]


def _count(engine: Engine, state: lanes.State) -> int:
    with reading(engine) as connection:
        wanted = select(func.count()).where(announcement.c.state == state)
        return int(connection.execute(wanted).scalar_one())


def _spawn(job: Telling) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "campaigns.teller", json.dumps(asdict(job))],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
    )


def _ready(*processes: "subprocess.Popen[str]") -> "list[subprocess.Popen[str]]":
    """Each says a line once it tells."""
    for process in processes:
        if process.stdout:
            process.stdout.readline()
    return list(processes)


def _kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def _running(clock: SharedClock) -> Iterator[None]:
    """Meanwhile time passes, quicker than ours but step by step, so that whoever lives renews its leases."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(TICK_SECONDS):
            clock.set(clock() + timedelta(seconds=SPEED * TICK_SECONDS))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _slack(folder: Path) -> Iterator[tuple[Any, str]]:
    """A workspace with the channels, serving in a thread; and its address."""
    bound = bind(0)
    base_url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    page = local.build_workspace(
        seed=local.Seed(
            TEAM,
            "Lab",
            (local.Member("U0ADA", "ada", "Ada Okafor"),),
            tuple(local.Channel(channel, channel.lower(), ("U0ADA",)) for channel in CHANNELS),
        ),
        manifest=MANIFEST,
        app_url=base_url,
        bot_token=TOKEN,
        app_token="xapp-local-campaign",
        signing_secret="none",
        session_key="none",
        clock=local.SteerableClock(),
        state_path=folder / "page.json",
        base_url=base_url,
    )
    up, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        async with listening(page, bound, is_workspace=True):
            up.set()
            await asyncio.to_thread(stop.wait)
            page.state.close_streams()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    up.wait()
    try:
        yield page, base_url
    finally:
        stop.set()
        thread.join()
