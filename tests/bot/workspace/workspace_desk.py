"""A real workspace with a small real Bolt app behind it, both on loopback ports in one background loop."""

import asyncio
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.workspace import Channel, Member, Seed, SteerableClock, build_workspace

SEED = Seed(
    team_id="T0TEST",
    team_name="Acme Ltd",
    members=(Member("U01ADA", "ada", "Ada Lovelace", "Analyst"), Member("U02BOB", "bob", "Bob Noyce")),
    channels=(
        Channel("C01MARKETS", "markets", ("U01ADA", "U02BOB")),
        Channel("C02PRIVATE", "bobs", ("U02BOB",)),
    ),
)
URL = "https://toy.example.com/slack/events"
MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_read_only_enabled": True},
        "slash_commands": [
            {
                "command": "/toy",
                "url": URL,
                "description": "Play",
                "usage_hint": "[words]",
                "should_escape": True,
            },
            {"command": "/late", "url": URL, "description": "Never answers"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["commands", "chat:write", "files:write", "im:write", "users:read", "channels:read"]
        }
    },
    "settings": {
        "event_subscriptions": {"request_url": URL, "bot_events": ["app_home_opened"]},
        "interactivity": {"request_url": URL},
    },
}
# Plain HTTP on this machine needs no proxy and no certificates, which take a while to load.
PLAIN = {"trust_env": False, "verify": False, "timeout": 60}
KEY, TOKEN, SECRET = "open-sesame", "xoxb-local-1", "signing-secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Switchboard:
    """Servers are started once; each test plugs its own applications in."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class Background:
    """One event loop in a thread, with a server each for the workspace and for the app behind it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.ports = [free_port(), free_port()]
        self.boards = [Switchboard(), Switchboard()]
        configs = [
            uvicorn.Config(board, port=port, log_level="error", lifespan="off")
            for board, port in zip(self.boards, self.ports, strict=True)
        ]
        self.servers = [uvicorn.Server(each) for each in configs]
        self.tasks = [asyncio.run_coroutine_threadsafe(each.serve(), self.loop) for each in self.servers]
        while not all(each.started for each in self.servers):
            time.sleep(0.01)

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=60)

    def close(self) -> None:
        for each in self.servers:
            each.should_exit = True
        for each in self.tasks:
            each.result(timeout=60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@dataclass
class Desk:
    """What a test touches: the workspace's address, its clock, and the toy app's memory."""

    url: str
    app: Starlette
    clock: SteerableClock
    toy: Any

    def browser(self, user_id: str = "U01ADA") -> "Browser":
        client = httpx.Client(base_url=self.url, **PLAIN)
        client.get("/", params={"key": KEY})
        client.post("/ui/switch", json={"user": user_id})
        return Browser(client)

    def api(self, method: str, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.post(f"{self.url}/api/{method}", json=arguments, headers=headers, **PLAIN).json()


@dataclass
class Browser:
    client: httpx.Client

    def post(self, name: str, /, **body: Any) -> dict[str, Any]:
        return self.client.post(f"/ui/{name}", json=body).json()

    def state(self) -> dict[str, Any]:
        return self.client.get("/ui/state").json()

    def messages(self, channel: str = "C01MARKETS") -> list[dict[str, Any]]:
        return next(each["messages"] for each in self.state()["channels"] if each["id"] == channel)

    def view(self) -> dict[str, Any]:
        return self.state()["views"][-1]

    def do(self, text: str) -> dict[str, Any]:
        return self.post("send", channel="C01MARKETS", text=text)


def build(background: Background, clock: SteerableClock, state_path: Path | None) -> Starlette:
    return build_workspace(
        seed=SEED,
        manifest=MANIFEST,
        app_url=f"http://127.0.0.1:{background.ports[1]}",
        bot_token=TOKEN,
        app_token="xapp-local-1",
        signing_secret=SECRET,
        session_key=KEY,
        clock=clock,
        state_path=state_path,
        base_url=f"http://127.0.0.1:{background.ports[0]}",
        is_for_tests=True,
    )
