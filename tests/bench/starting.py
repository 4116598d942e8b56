"""From the start of `futarchy serve` to the moment when it listens, beside a process that only imports what it stands on."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter, sleep

from bench.machine import load

from core.database import migrate, open_engine

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
BARE = "import slack_bolt.app.async_app, sqlalchemy, numpy, apscheduler.schedulers.asyncio"
# What the command line, the settings, the migrations, the server, the blocks and the counters are made of.
LIBRARIES = f"{BARE}, typer, rich.console, pydantic_settings, alembic.command, uvicorn, slackblocks, prometheus_client"


@dataclass(frozen=True)
class Row:
    """Medians in milliseconds; the ratios are to the bare imports of the same round."""

    bare_ms: float
    libraries_ms: float
    listening_ms: float
    libraries_ratio: float
    listening_ratio: float
    load: float


def measure(rounds: int) -> Row:
    with tempfile.TemporaryDirectory() as folder, _slack() as slack_port:
        url = f"sqlite:///{folder}/exchange.db"
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        found = [
            (_import(BARE), _import(LIBRARIES), _serve(Path(folder), url, slack_port)) for _ in range(rounds)
        ]
    bare, libraries, listening = (1e3 * statistics.median(each) for each in zip(*found, strict=True))
    ratios = [
        statistics.median(each[number] / each[0] for each in found) for number in range(1, len(found[0]))
    ]
    return Row(bare, libraries, listening, *ratios, load())


def _import(modules: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", modules], check=True)
    return perf_counter() - began


def _serve(folder: Path, url: str, slack_port: int) -> float:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = {
        "DATABASE_URL": url,
        "ADMINS": "U0ADA",
        "MARKETS_CHANNEL": "C0MARKETS",
        "SLACK_BOT_TOKEN": "xoxb-local-bench",
        "SLACK_SIGNING_SECRET": "a-signing-secret",
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "LOG_FILE": str(folder / "futarchy.log"),
        "PORT": str(port),
    }
    environment = os.environ | {f"FUTARCHY_{name}": value for name, value in said.items()}
    began = perf_counter()
    command = [sys.executable, "-m", "bot", "serve"]
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        return _listening(process, port, began)
    finally:
        process.terminate()
        process.wait()


def _listening(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    while perf_counter() - began < PATIENCE_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"serve ended with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            sleep(0.002)
        else:
            return perf_counter() - began
    raise RuntimeError("serve did not listen")


class _Slack(BaseHTTPRequestHandler):
    """Says who the app is, which is all that it asks before it listens."""

    def do_POST(self) -> None:
        said = b'{"ok": true, "team_id": "T0LAB", "user_id": "U0BOT"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _slack() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Slack)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
