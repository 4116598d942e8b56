"""A small real Bolt app that does one thing for each word of /toy, and remembers what it was sent."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


@dataclass
class Toy:
    asgi: Any = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    event_failures: int = 0
    failure_headers: dict[str, str] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    def last(self) -> dict[str, Any]:
        return self.bodies[-1]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, **extra: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id.title()), "value": "42"} | extra


def text_input(block_id: str, **extra: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "typed"} | extra
    return {"type": "input", "block_id": block_id, "label": plain(block_id.title()), "element": element}


def number_input(block_id: str, **extra: Any) -> dict[str, Any]:
    element = {
        "type": "number_input",
        "action_id": "number",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "99",
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    return text_input(block_id) | {"element": element, "dispatch_action": True} | extra


def form(preview: str = "Nothing yet", title: str = "Forecast") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Place forecast"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": [
            number_input("chance"),
            {"type": "section", "block_id": "preview", "text": {"type": "mrkdwn", "text": preview}},
            text_input("why", multiline=True, min_length=3) | {"optional": True},
            {"type": "actions", "block_id": "more", "elements": [button("push")]},
        ],
    }


MESSAGE_BLOCKS = [
    {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "*Ship* by <@U02BOB>?"}},
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("ask", style="primary"),
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain("Pick one"),
                "options": [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}],
            },
        ],
    },
]


def build_toy(api_url: str, token: str, secret: str) -> Toy:
    toy = Toy()
    client = AsyncWebClient(token=token, base_url=api_url)
    app = AsyncApp(client=client, signing_secret=secret)
    toy.asgi = AsyncSlackRequestHandler(app)

    @app.use
    async def remember(body: dict[str, Any], next_: Any) -> BoltResponse | None:
        toy.bodies.append(body)
        if body.get("type") == "event_callback" and toy.event_failures:
            toy.event_failures -= 1
            return BoltResponse(status=500, headers=toy.failure_headers)
        await next_()
        return None

    add_commands(app, toy)
    add_actions(app, toy)
    add_views(app, toy)
    return toy


def add_commands(app: AsyncApp, toy: Toy) -> None:
    @app.command("/toy")
    async def play(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        match command["text"]:
            case "text":
                await ack("Just words")
            case "public":
                await ack({"response_type": "in_channel", "text": "For all"})
            case "wrong":
                await ack({"text": "x", "colour": "red"})
            case "ask":
                await client.chat_postMessage(
                    channel=command["channel_id"], text="Ship?", blocks=MESSAGE_BLOCKS
                )
                await ack()
            case "form":
                await client.views_open(trigger_id=command["trigger_id"], view=form())
                await ack()
            case "twice":
                await open_twice(client, command["trigger_id"], toy)
                await ack()
            case "crash":
                await client.chat_postMessage(channel="C0NOWHERE", text="lost")
            case _:
                await ack()

    @app.command("/late")
    async def dawdle(ack: Any) -> None:
        await asyncio.sleep(3.3)
        await ack()


async def open_twice(client: AsyncWebClient, trigger_id: str, toy: Toy) -> None:
    await client.views_open(trigger_id=trigger_id, view=form())
    try:
        await client.views_open(trigger_id=trigger_id, view=form())
    except SlackApiError as error:
        toy.errors.append(error.response["error"])


def add_actions(app: AsyncApp, toy: Toy) -> None:
    @app.action("ask")
    async def ask(ack: Any, respond: Any) -> None:
        await respond(text="Only you see this", replace_original=False)
        await ack()

    @app.action("pick")
    async def pick(ack: Any, respond: Any, action: dict[str, Any]) -> None:
        await respond(text=f"Picked {action['selected_option']['text']['text']}", replace_original=True)
        await ack()

    @app.action("number")
    async def preview(ack: Any, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_update(view_id=body["view"]["id"], view=form(f"You say {action['value']}"))
        await ack()

    @app.action("push")
    async def push(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=form(title="Deeper"))
        except SlackApiError as error:
            toy.errors.append(error.response["error"])
        await ack()


def add_views(app: AsyncApp, toy: Toy) -> None:
    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**toy.answer)

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = [
            {"type": "header", "text": plain("Welcome")},
            {"type": "actions", "block_id": "h", "elements": [button("ask")]},
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
