"""`futarchy serve` over HTTP and by Socket Mode, against a workspace that plays Slack."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import yaml
from live import Person
from sqlalchemy import text

from bot import workspace as local
from bot.running import bind, listening
from core.database import migrate, open_engine, reading, writing

ROOT = Path(__file__).parents[2]
SLACK_SECONDS = 3  # So long Slack waits for an answer.
TOKEN, APP_TOKEN, SECRET, KEY = "xoxb-local-serve", "xapp-local-serve", "a-signing-secret", "a-key"


class Slack:
    """A workspace without the app: what ``serve`` connects to."""

    def __init__(self, app_port: int, *, is_socket_mode: bool = False) -> None:
        bound = bind(0)
        self.base_url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        self.key = KEY
        member = local.Member("U0ADA", "ada", "Ada Okafor")
        channel = local.Channel("C0MARKETS", "markets", ("U0ADA",))
        manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
        manifest["settings"]["socket_mode_enabled"] = is_socket_mode
        page = local.build_workspace(
            seed=local.Seed("T0LAB", "Lab", (member,), (channel,)),
            manifest=manifest,
            app_url=f"http://127.0.0.1:{app_port}",
            bot_token=TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SECRET,
            session_key=KEY,
            clock=local.SteerableClock(),
            state_path=None,
            base_url=self.base_url,
        )
        self._stop = threading.Event()
        self._up = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(page, bound),))
        self._thread.start()
        assert self._up.wait(10)

    @property
    def workspace(self) -> "Slack":
        return self

    async def _run(self, page, bound) -> None:
        async with listening(page, bound, is_workspace=True):
            self._up.set()
            await asyncio.to_thread(self._stop.wait)
            page.state.close_streams()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """The workspace is as impatient here as Slack is: a program that stops answers nothing more."""


@pytest.fixture
def app_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def slack(app_port: int) -> Iterator[Slack]:
    running = Slack(app_port)
    yield running
    running.close()


@pytest.fixture
def socket_slack(app_port: int) -> Iterator[Slack]:
    running = Slack(app_port, is_socket_mode=True)
    yield running
    running.close()


def start(slack_url: str, app_port: int, folder: Path, **more: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "FUTARCHY_SLACK_API_URL": f"{slack_url}/api/",
        "FUTARCHY_SLACK_BOT_TOKEN": TOKEN,
        "FUTARCHY_SLACK_SIGNING_SECRET": SECRET,
        "FUTARCHY_MARKETS_CHANNEL": "C0MARKETS",
        "FUTARCHY_ADMINS": "U0ADA",
        "FUTARCHY_DATABASE_URL": f"sqlite:///{folder / 'exchange.db'}",
        "FUTARCHY_PORT": str(app_port),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-u", "-m", "bot", "serve"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment | more, stdout=pipe, stderr=pipe, text=True)


def test_serve_connects_answers_and_stops_when_asked(slack, app_port, tmp_path, home):
    """On SQLite and on PostgreSQL: the first admin, named in the environment, can grant; a stop signal ends it well."""
    database = home.create(migrated=True)
    more = {"FUTARCHY_DATABASE_URL": database, "FUTARCHY_LOCALE": "de-DE"}
    with start(slack.base_url, app_port, tmp_path, **more) as served:
        assert "Listening for Slack" in served.stdout.readline()
        ada = Person(slack, "U0ADA")
        granted = ada.type("/futarchy grant pool 1000 first budget")
        ada.page.close()
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=60)

    assert "The pool got 1,000 credits" in granted
    assert served.returncode == 0
    assert not any(word in errors for word in ("WARNING", "ERROR", "Traceback")), errors
    home.drop(database)


def test_serve_by_socket_mode_answers_tells_its_health_and_stops_when_asked(
    socket_slack, app_port, tmp_path, home
):
    """With an app-level token no signing secret is needed, and nothing of Slack's is heard over HTTP."""
    more = {"FUTARCHY_SLACK_APP_TOKEN": APP_TOKEN, "FUTARCHY_SLACK_SIGNING_SECRET": ""}
    database = home.create(migrated=True)
    with start(socket_slack.base_url, app_port, tmp_path, FUTARCHY_DATABASE_URL=database, **more) as served:
        assert "Connected to Slack by Socket Mode." in served.stdout.readline()
        assert "Health is told on" in served.stdout.readline()
        ada = Person(socket_slack, "U0ADA")
        granted = ada.type("/futarchy grant pool 1000 first budget")
        ada.page.close()
        health = httpx.get(f"http://127.0.0.1:{app_port}/healthz", trust_env=False).json()
        events = httpx.post(f"http://127.0.0.1:{app_port}/slack/events", trust_env=False)
        served.send_signal(signal.SIGTERM)
        _, errors = served.communicate(timeout=60)

    assert "The pool got 1,000 credits" in granted
    assert health["sockets_connected"] == 2
    assert events.status_code == 404
    assert served.returncode == 0
    assert not any(word in errors for word in ("WARNING", "ERROR", "Traceback")), errors
    home.drop(database)


@pytest.mark.parametrize("is_socket_mode", [False, True])
def test_what_was_heard_before_a_stop_is_answered_and_what_was_answered_happened(
    app_port, tmp_path, *, is_socket_mode
):
    """Asked to stop amid many grants: each that was acknowledged is in the books, and no other."""
    running = Slack(app_port, is_socket_mode=is_socket_mode)
    engine = open_engine(f"sqlite:///{tmp_path / 'exchange.db'}")
    migrate(engine)
    more = {"FUTARCHY_SLACK_APP_TOKEN": APP_TOKEN} if is_socket_mode else {}
    with start(running.base_url, app_port, tmp_path, **more) as served, ThreadPoolExecutor(8) as crowd:
        served.stdout.readline()
        people = [Person(running, "U0ADA") for _ in range(8)]
        asked = [crowd.submit(grant, people[n % 8], n) for n in range(120)]
        next(done for done in as_completed(asked) if done.result().is_answered)
        served.send_signal(signal.SIGTERM)
        answers = [done.result() for done in asked]
        served.communicate(timeout=60)
    for person in people:
        person.page.close()
    running.close()
    with reading(engine) as connection:
        kept = set(connection.execute(text("SELECT reason FROM entry WHERE kind = 'grant'")).scalars())
    engine.dispose()

    assert served.returncode == 0
    acknowledged = {each.reason for each in answers if each.is_answered}
    given_up = {each.reason for each in answers if not each.is_answered and each.seconds >= SLACK_SECONDS}
    assert acknowledged
    assert acknowledged - kept == set()
    assert kept - acknowledged - given_up == set()  # A busy machine may take longer than Slack waits.


class Granted(NamedTuple):
    """A grant for this reason: whether the workspace says that the command was answered, and how long that took."""

    reason: str
    is_answered: bool
    seconds: float


def grant(person: Person, number: int) -> Granted:
    reason, began = f"reason {number}", time.monotonic()
    answer = person.act("send", channel="C0MARKETS", text=f"/futarchy grant pool 1 {reason}")
    return Granted(reason, "error" not in answer, time.monotonic() - began)


def test_serve_names_an_app_level_token_that_slack_refuses(socket_slack, app_port, tmp_path):
    migrate(engine := open_engine(f"sqlite:///{tmp_path / 'exchange.db'}"))
    engine.dispose()
    with start(
        socket_slack.base_url, app_port, tmp_path, FUTARCHY_SLACK_APP_TOKEN="xapp-local-other"
    ) as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "cannot start" in errors
    assert "invalid_auth" in errors
    assert "Traceback" not in errors


def test_serve_refuses_an_unmigrated_database(slack, app_port, tmp_path):
    with start(slack.base_url, app_port, tmp_path) as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "Run `futarchy migrate` first." in errors
    assert "Traceback" not in errors


def test_serve_refuses_a_database_that_would_let_the_journal_be_changed(slack, app_port, tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'exchange.db'}")
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("DROP TRIGGER guard_entry_update"))
    engine.dispose()
    with start(slack.base_url, app_port, tmp_path) as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "guard_entry_update is not there or is switched off. Run `futarchy migrate` first." in errors
    assert "Traceback" not in errors


def test_serve_names_what_is_not_set(slack, app_port, tmp_path):
    with start(slack.base_url, app_port, tmp_path, FUTARCHY_SLACK_SIGNING_SECRET="") as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "Set FUTARCHY_SLACK_SIGNING_SECRET first" in errors


def test_serve_refuses_a_real_token_for_a_loopback_address(slack, app_port, tmp_path):
    with start(slack.base_url, app_port, tmp_path, FUTARCHY_SLACK_BOT_TOKEN="xoxb-1-2-abc") as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "takes no real token" in errors


def test_serve_says_when_slack_cannot_be_reached(app_port, tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'exchange.db'}")
    migrate(engine)
    engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with start(url, app_port, tmp_path) as served:
        _, errors = served.communicate(timeout=60)

    assert served.returncode == 2
    assert "Traceback" not in errors
    assert "cannot start" in errors
