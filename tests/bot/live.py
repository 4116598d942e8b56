"""A running workspace for tests: its servers in a thread, its people as HTTP clients of the page."""

import asyncio
import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from payloads import Payloads

from bot.locally import LocalWorkspace, Mode, local_workspace
from bot.running import Paces
from core.database import reading

PATIENCE_SECONDS = 45.0  # Of which a machine that tests are run on may stand still for some.
MARKETS, COMMITTEE = "C0MARKETS", "C0RELEASE"


def looks() -> Iterator[None]:
    """Moments to look whether something has happened: soon at first, and then ten a second until patience ends."""
    until, pause = time.monotonic() + PATIENCE_SECONDS, 0.02
    while time.monotonic() < until:
        yield
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


class Live:
    """The workspace and the app of ``futarchy workspace``, with ways in for tests."""

    def __init__(self, directory: Path, mode: Mode = Mode.HTTP, *, is_empty: bool = False) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._stack = AsyncExitStack()
        self._people: list[Person] = []
        self.workspace: LocalWorkspace = self.run(
            self._stack.enter_async_context(
                local_workspace(
                    directory,
                    0,
                    mode,
                    paces=Paces(beat_seconds=0.1, pace_seconds=0.02),
                    is_for_tests=True,
                    is_empty=is_empty,
                )
            )
        )
        self.payloads = Payloads()
        self.workspace.page.state.workspace.traffic.on_passage = self.payloads.hear

    @property
    def url(self) -> str:
        return f"{self.workspace.base_url}/?key={self.workspace.key}"

    def person(self, user: str) -> "Person":
        person = Person(self, user)
        self._people.append(person)
        return person

    def advance(self, **span: float) -> None:
        self.workspace.clock.advance(timedelta(**span))

    def read(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """A read through core, beside the app."""
        with reading(self.workspace.exchange.engine) as connection:
            return use_case(connection, *args)

    def write(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """A write through the app's own writer."""
        return self.workspace.exchange.writer.submit(use_case, *args).result(timeout=PATIENCE_SECONDS)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        assert any(holds() for _ in looks()), "it never came to hold"

    def post(
        self, body: bytes, content_type: str = "application/x-www-form-urlencoded", **headers: str
    ) -> httpx.Response:
        """A delivery to the app, signed as Slack signs it unless headers say otherwise."""
        at = headers.pop("timestamp", str(int(time.time())))
        signed = {
            "content-type": content_type,
            "x-slack-request-timestamp": at,
            "x-slack-signature": self.signature(at, body),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in signed.items() if value}
        return httpx.post(
            f"{self.workspace.app_url}/slack/events", content=body, headers=kept, trust_env=False
        )

    def signature(self, at: str, body: bytes) -> str:
        secret = self.workspace.signing_secret.encode()
        return "v0=" + hmac.new(secret, f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()

    def close(self) -> None:
        for person in self._people:
            person.page.close()
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        assert not (faults := self.payloads.faults()), "\n".join(faults)

    def run(self, coroutine: Any) -> Any:
        """In the loop of the servers."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)


class Person:
    """One person with the page open: does what the page's script would do, and sees what it would show."""

    def __init__(self, live: Live, user: str) -> None:
        self.user = user
        self.page = httpx.Client(base_url=live.workspace.base_url, trust_env=False, timeout=PATIENCE_SECONDS)
        self.page.get("/", params={"key": live.workspace.key})
        self.act("switch", user=user)

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.get("/ui/state").json()
        return found

    @property
    def modal(self) -> dict[str, Any]:
        found: dict[str, Any] = self.state["views"][-1]
        return found

    def act(self, what: str, **said: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.post(f"/ui/{what}", json=said).json()
        return answer

    def type(self, text: str, channel: str = MARKETS) -> str:
        """Sends a command and gives back what was answered to this person alone."""
        self.act("send", channel=channel, text=text)
        answers = self.answers(channel)
        return read(answers[-1]) if answers else ""

    @property
    def answer(self) -> dict[str, Any]:
        """What this person alone was answered last; others' messages may have come since."""
        return self.answers()[-1]

    def answers(self, channel: str = MARKETS) -> list[dict[str, Any]]:
        return [message for message in self.messages(channel) if message.get("ephemeral")]

    def messages(self, channel: str = MARKETS) -> list[dict[str, Any]]:
        return next(c["messages"] for c in self.state["channels"] if c["id"] == channel)

    def wait_for(self, text: str, channel: str = MARKETS) -> dict[str, Any]:
        """The newest message with this text, once there is one."""
        for _ in looks():
            found = [message for message in self.messages(channel) if text in read(message)]
            if found:
                return found[-1]
        raise AssertionError(f"{self.user} waited in vain for: {text}")

    def press(self, message: Mapping[str, Any], action_id: str, channel: str = MARKETS) -> dict[str, Any]:
        """Presses the button of this action in a message."""
        block, element = find_button(message["blocks"], action_id)
        where = {"channel": channel, "message_ts": message["ts"], "block_id": block["block_id"]}
        return self.act("action", **where, action_id=element["action_id"], value={}, values={})

    def press_home(self, action_id: str) -> dict[str, Any]:
        block, element = find_button(self.home()["blocks"], action_id)
        where = {"home": True, "block_id": block["block_id"]}
        return self.act("action", **where, action_id=element["action_id"], value={}, values={})

    def fill(self, block_id: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Changes one input of the modal on top, as typing in it does."""
        block_id, action_id = self.block(block_id)["block_id"], self.element(block_id)["action_id"]
        place = {"view_id": self.modal["id"], "block_id": block_id, "action_id": action_id}
        return self.act("action", **place, value=value, values={block_id: {action_id: value}})

    def press_modal(self, action_id: str) -> dict[str, Any]:
        """Presses a button in the modal on top: the one of this id, or the first of an action."""
        for block in self.modal["blocks"]:
            for element in elements_of(block):
                name = element.get("action_id", "")
                if action_id in {name, name.partition(":")[0]}:
                    where = {"view_id": self.modal["id"], "block_id": block["block_id"]}
                    return self.act("action", **where, action_id=name, value={}, values={})
        raise AssertionError(f"no button {action_id} in {self.modal['blocks']}")

    def submit(self, **typed: Mapping[str, Any]) -> dict[str, Any]:
        """Submits the modal on top with these inputs by block id; others keep what they have."""
        blocks = {self.block(block)["block_id"]: value for block, value in typed.items()}
        values = {block: {self.element(block)["action_id"]: value} for block, value in blocks.items()}
        return self.act("submit", view_id=self.modal["id"], values=values)

    def block(self, name: str) -> dict[str, Any]:
        """The block of this name in the modal on top, also one that a colon keeps apart from others."""
        found: dict[str, Any] = next(
            each
            for each in self.modal["blocks"]
            if name in {each["block_id"], each["block_id"].partition(":")[0]}
        )
        return found

    def element(self, block_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.block(block_id)["element"]
        return found

    def close(self) -> None:
        self.act("close", view_id=self.modal["id"], all=True)

    def home(self) -> dict[str, Any]:
        self.act("home")
        found: dict[str, Any] = self.state["home"]
        return found


def find_button(blocks: list[Any], action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        for element in elements_of(block):
            name = element.get("action_id", "")
            if action_id in {name, name.partition(":")[0]}:
                return block, element
    raise AssertionError(f"no button {action_id} in {blocks}")


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All that can be pressed in a block."""
    return [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]


def read(content: Mapping[str, Any]) -> str:
    """All text of a message or a view."""
    return "\n".join([str(content.get("text", "")), *_texts(content.get("blocks") or [])])


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for each in node for text in _texts(each)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [
        text
        for key, each in node.items()
        if key != "text" or not isinstance(each, str)
        for text in _texts(each)
    ]


def option_of(element: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The value of choosing the option with this text."""
    chosen = next(option for option in element["options"] if option["text"]["text"] == text)
    return {"selected_option": chosen}
