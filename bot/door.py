"""The door: every delivery from Slack comes in here, and leaves with one ack.

Who asks is made out, one handler runs, a refusal becomes words where the person typed, and the ack goes out last:
by then what it says is committed. Nothing runs after it; what is slow is an announcement.
"""

import asyncio
import html
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slackblocks import Block, ModalView, PlainText
from sqlalchemy import Engine

from bot import refusals, words
from bot.blocks import rendered, section, sections
from bot.metrics import Metrics
from bot.previews import Previews, error_of
from bot.sources.reading import Sources
from core.database import reading
from core.errors import Busy, Refusal
from core.exchange import allowing
from core.writer import Writer

_log = logging.getLogger(__name__)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)
ARRIVAL_PAUSE = timedelta(seconds=10)


@dataclass(frozen=True)
class Exchange:
    """The way to core: reads in a thread of their own, writes through the one writer."""

    engine: Engine
    writer: Writer
    clock: Callable[[], datetime]
    markets_channel: str
    metrics: Metrics = field(default_factory=Metrics)
    sources: Sources = field(default_factory=Sources)
    _looked_after: dict[str, datetime] = field(default_factory=dict)

    async def read(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        return await asyncio.to_thread(self._read, use_case, args, inputs)

    async def arrive(self, by: str) -> None:
        """Makes somebody known to core when they first do anything; what they do goes on if that has to wait.

        Who is known stays so. For who is not, since there is no allowance yet, it is tried again after a while.
        """
        now = self.clock()
        if now < self._looked_after.get(by, now) or by.endswith(
            "/"
        ):  # Events of nobody's have no person's id.
            return
        try:
            is_known = await self.write(allowing.arrive, by)
        except Busy:
            _log.warning("%s could not be made known now", by)
        else:
            self._looked_after[by] = _FOR_EVER if is_known else now + ARRIVAL_PAUSE

    async def write(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        """The result, once it is committed. Raises whatever Refusal the use case raised."""
        return await asyncio.wrap_future(self.writer.submit(use_case, *args, **inputs))

    def _read(self, use_case: Callable[..., Any], args: Any, inputs: Any) -> Any:
        with reading(self.engine) as connection:
            return use_case(connection, *args, **inputs)


@dataclass(frozen=True)
class Ask:
    """One thing that somebody did in Slack, and the means to answer it."""

    kind: str
    name: str
    by: str
    payload: Mapping[str, Any]
    exchange: Exchange
    client: AsyncWebClient
    previews: Previews
    zone: str | None = None  # Where whoever asks lives, as far as Slack says it.

    @property
    def now(self) -> datetime:
        return self.exchange.clock()

    @property
    def user_id(self) -> str:
        return self.by.rpartition("/")[2]

    @property
    def team_id(self) -> str:
        return self.by.rpartition("/")[0]

    @property
    def text(self) -> str:
        """What was typed behind a command. Slack escapes it once; whoever shows it escapes it again."""
        return html.unescape(str(self.payload.get("text", ""))).strip()

    @property
    def view(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.payload["view"]
        return found

    @property
    def typed(self) -> Mapping[str, Mapping[str, Any]]:
        """What stands in the view: by block id, the state of its one element.

        Of a block's id, as of an action's, what follows a colon only keeps it apart from others.
        """
        values = self.view["state"]["values"]
        return {
            block.partition(":")[0]: next(iter(elements.values()))
            for block, elements in values.items()
            if elements
        }

    @property
    def action(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.payload["actions"][0]
        return found

    def address(self, slack_id: str) -> str:
        """Core's opaque name for a channel or a person of this workspace."""
        return f"{self.team_id}/{slack_id}"

    async def read(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        return await self.exchange.read(use_case, *args, **inputs)

    async def write(self, use_case: Callable[..., Any], *args: Any, **inputs: Any) -> Any:
        return await self.exchange.write(use_case, *args, **inputs)

    async def open(self, view: ModalView) -> None:
        """Opens a modal, or lays it over the one that is open; the trigger dies after three seconds."""
        call = self.client.views_push if "view" in self.payload and self._in_modal else self.client.views_open
        await call(trigger_id=self.payload["trigger_id"], view=rendered(view))

    async def respond(self, answer: Mapping[str, Any]) -> None:
        """Answers a button in a message, also where the app is no member; raises ConnectionError if Slack refuses."""
        sent = await AsyncWebhookClient(self.payload["response_url"]).send_dict(dict(answer))
        if sent.status_code != 200:
            raise ConnectionError(f"the answer was refused: {sent.status_code} {sent.body}")

    @property
    def _in_modal(self) -> bool:
        return bool(self.view["type"] == "modal")


Answer = dict[str, Any]
Handler = Callable[[Ask], Awaitable[Answer]]
Routes = Mapping[tuple[str, str], Handler]

ACK: Answer = {}
_PRESSED = {"action", "shortcut", "message_action"}

_TOO_LATE = "That took too long, and Slack opens nothing for it any more. Please do it again."
_UNKNOWN = {
    "command": "That command is not one of mine. `/futarchy help` lists those that are.",
    "action": "That button is from an older version. Open `/market` again.",
    "shortcut": "That shortcut is from an older version. `/futarchy help` lists what there is.",
    "message_action": "That shortcut is from an older version. `/futarchy help` lists what there is.",
    "view": "That form is from an older version. Close it and open it again.",
}


def say(text: str, blocks: list[dict[str, Any]] | None = None) -> Answer:
    """An answer to a command, for the asker alone."""
    return {"response_type": "ephemeral", "text": text} | ({"blocks": blocks} if blocks else {})


def update(view: ModalView) -> Answer:
    return {"response_action": "update", "view": rendered(view)}


def push(view: ModalView) -> Answer:
    return {"response_action": "push", "view": rendered(view)}


def notice(title: str, *lines: str) -> ModalView:
    """A modal that only says something."""
    return ModalView(PlainText(title), sections(lines, "notice"), close=PlainText("Close"))


def done(title: str, text: str, *more: Block) -> ModalView:
    """A modal that says what was done; closing it closes whatever it lies on."""
    blocks = [section(text, "done"), *more]
    return ModalView(PlainText(title), blocks, close=PlainText("Close"), clear_on_close=True)


async def enter(routes: Routes, ask: Ask) -> BoltResponse:
    """Runs the handler of what was done; whatever comes of it is said, and nothing is ever silent."""
    metrics = ask.exchange.metrics
    with metrics.acks.labels(ask.kind).time():
        answer, outcome = await _answer(routes, ask)
    metrics.deliveries.labels(ask.kind, outcome).inc()
    return BoltResponse(status=200, body=answer or "")


async def _answer(routes: Routes, ask: Ask) -> tuple[Answer, str]:
    """What is said, and whether that is an answer, a refusal or a fault."""
    handler = routes.get((ask.kind, ask.name))
    try:
        await ask.exchange.arrive(ask.by)
        if handler is None:
            return await _complain(ask, None, _UNKNOWN.get(ask.kind, "")), "refused"
        return await handler(ask), "answered"
    except Refusal as refusal:
        return await _complain(ask, refusals.field(refusal), refusals.sentence(refusal)), "refused"
    except SlackApiError as problem:
        return await _refused_by_slack(ask, error_of(problem))
    except Exception:  # noqa: BLE001 - whatever it was, the person gets an answer and the log the cause
        return await _fault(ask)


async def _refused_by_slack(ask: Ask, error: str) -> tuple[Answer, str]:
    if error == "exchanged_trigger_id":
        return ACK, "answered"  # A second delivery: the first one has opened what this one would.
    if error == "expired_trigger_id":
        return await _complain(ask, None, _TOO_LATE), "refused"
    return await _fault(ask)


async def _fault(ask: Ask) -> tuple[Answer, str]:
    """The person gets a number, and the log stands under it."""
    reference = uuid.uuid4().hex[:8]
    _log.exception("fault %s in %s %s", reference, ask.kind, ask.name, extra={"reference": reference})
    sentence = f"Something went wrong on our side. Tell an admin this number: {reference}."
    return await _complain(ask, None, sentence), "fault"


async def _complain(ask: Ask, field_name: str | None, sentence: str) -> Answer:
    """Says no where the person is: under the field, under the command, or in a modal of its own."""
    if ask.kind == "command":
        return say(sentence)
    if ask.kind == "view":
        return _under_field(ask, field_name, words.without_markup(sentence))
    if ask.kind in _PRESSED:
        try:
            await _say_beside(ask, sentence)
        except (SlackApiError, ClientError, TimeoutError):
            _log.exception("%s could not be told: %s", ask.by, sentence)
    return ACK


async def _say_beside(ask: Ask, sentence: str) -> None:
    try:
        await ask.open(notice("Not possible", sentence))
    except (
        SlackApiError
    ):  # The trigger is spent or too old; the channel, or a direct message, is still there.
        if channel := ask.payload.get("channel", {}).get("id"):
            await ask.client.chat_postEphemeral(channel=channel, user=ask.user_id, text=sentence)
        else:
            await ask.client.chat_postMessage(channel=ask.user_id, text=sentence)


def _under_field(ask: Ask, field_name: str | None, sentence: str) -> Answer:
    inputs = [block["block_id"] for block in ask.view["blocks"] if block["type"] == "input"]
    if not inputs:
        return update(notice("Not possible", sentence))
    named = [block for block in inputs if block.partition(":")[0] == field_name] or inputs[:1]
    return {"response_action": "errors", "errors": {named[0]: sentence}}
