"""The stage of the story: acts for people through the page's own requests, and tells what each of them newly sees."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx

from bot.story.cast import ADMIN, CAST, MARKETS, Role

State = Mapping[str, Any]
Print = Callable[[str], None]

HOUR = 3600
PATIENCE_SECONDS, POLL_SECONDS = 20.0, 0.2


class Stuck(Exception):  # noqa: N818 - the story's own word
    """Something that the story waits for did not come."""


class Stage:
    """Acts for one person after another, and tells what each of them newly sees."""

    def __init__(self, pages: Mapping[Role, httpx.AsyncClient], say: Print, pause_seconds: float) -> None:
        self._pages = pages
        self._say = say
        self._pause_seconds = pause_seconds
        self._seen: set[tuple[str, ...]] = set()

    def narrate(self, sentence: str) -> None:
        self._say(f"\n— {sentence}")

    async def type(self, who: Role, channel: str, text: str) -> None:
        self._say(f"\n{who.name} types: {text}")
        await self._act(who, "send", channel=channel, text=text)

    async def press(self, who: Role, channel: str, action_id: str, value: str) -> None:
        """Presses the newest button of that action and value in a channel."""
        message, block, element = await self._button(who, channel, action_id, value)
        self._say(f"\n{who.name} presses: {element['text']['text']}")
        where = {"channel": channel, "message_ts": message["ts"], "block_id": block["block_id"]}
        await self._act(who, "action", **where, action_id=action_id, value={}, values={})

    async def submit(self, who: Role, **typed: Mapping[str, Any]) -> None:
        """Fills the modal on top and submits it; what is not typed keeps what stands there."""
        view = await self._view(who)
        values = {block: {_action_of(view, block): value} for block, value in typed.items()}
        self._say(f"{who.name} fills “{view['title']['text']}” and presses: {view['submit']['text']}")
        await self._act(who, "submit", view_id=view["id"], values=values)

    async def close(self, who: Role) -> None:
        await self._act(who, "close", view_id=(await self._view(who))["id"], all=True)

    async def trade(self, who: Role, option: str, way: str, credits_spent: str) -> None:
        """Presses Trade on the newest card, types, waits for the quote, and places it."""
        await self.press(who, MARKETS, "trade", "D-2")
        view = await self._view(who)
        values = {
            "option": {"trade_changed": {"selected_option": _choice(view, "option", option)}},
            "way": {"trade_changed": {"selected_option": _choice(view, "way", way)}},
            "amount": {"trade_changed": {"value": credits_spent}},
        }
        last = {"block_id": "amount", "action_id": "trade_changed", "value": {"value": credits_spent}}
        self._say(f"{who.name} chooses {option}, {way}, {credits_spent} credits")
        await self._act(who, "action", view_id=view["id"], values=values, **last)
        await self._act(who, "submit", view_id=view["id"], values=values)
        if (await self._view(who))["callback_id"] == "trade_confirm":
            await self.submit(who)
        await self.close(who)

    async def sell(self, who: Role, label: str, shares: str) -> None:
        """Presses a sell button on Home, changes the number of shares, and sells."""
        home = (await self._state(who))["home"]
        block, element = _find_labelled(home["blocks"], label)
        self._say(f"{who.name} presses: {label}")
        where = {"home": True, "block_id": block["block_id"], "action_id": element["action_id"]}
        await self._act(who, "action", **where, value={}, values={})
        view = await self._view(who)
        typed = {"block_id": "amount", "action_id": "sell_shares", "value": {"value": shares}}
        self._say(f"{who.name} types {shares} shares")
        await self._act(who, "action", view_id=view["id"], values={}, **typed)
        await self._act(who, "submit", view_id=view["id"], values={})
        await self.close(who)

    async def home(self, who: Role) -> None:
        """Opens Home and reads it."""
        await self._act(who, "home")
        self._say(f"{who.name} looks at Home:")
        for line in _lines((await self._state(who))["home"]["blocks"]):
            self._say(f"    {line}")

    async def pass_time(self, seconds: int) -> None:
        self._say(f"\n… {_span(seconds)} pass …")
        await self._act(ADMIN, "clock", seconds=seconds)

    async def wait_for(self, who: Role, channel: str, text: str) -> None:
        """Waits until somebody can read the text in a channel, telling everything that comes meanwhile."""
        async for _ in _tries():
            await self._tell_news()
            messages = _messages(await self._state(who), channel)
            if any(text in line for message in messages for line in _read(message)):
                return
        raise Stuck(f"{who.name} waited in vain for “{text}”")

    async def _button(
        self, who: Role, channel: str, action_id: str, value: str
    ) -> tuple[State, State, State]:
        async for _ in _tries():
            if found := _find_button(await self._state(who), channel, action_id, value):
                return found
        raise Stuck(f"there is no button {action_id} {value} in {channel}")

    async def _act(self, who: Role, act: str, **said: Any) -> None:
        answer = (await self._pages[who].post(f"/ui/{act}", json=said)).json()
        if not answer["ok"]:
            raise Stuck(f"{who.name}, {act}: {answer}")
        await self._tell_news(who)
        await asyncio.sleep(self._pause_seconds)

    async def _state(self, who: Role) -> State:
        found: State = (await self._pages[who].get("/ui/state")).json()
        if found["failure"]:
            raise Stuck(f"{who.name} sees a failure: {found['failure']}")
        return found

    async def _view(self, who: Role) -> State:
        views = (await self._state(who))["views"]
        if not views:
            raise Stuck(f"no modal is open for {who.name}")
        found: State = views[-1]
        return found

    async def _tell_news(self, *who: Role) -> None:
        for role in who or CAST:
            state = await self._state(role)
            for channel in state["channels"]:
                for message in channel["messages"]:
                    self._tell(role, channel, message)
            for view in state["views"]:
                self._tell_once(
                    (role.id, str(view["id"]), *_lines(view["blocks"])),
                    f"{role.name} sees “{view['title']['text']}”",
                    view["blocks"],
                )

    def _tell(self, role: Role, channel: State, message: State) -> None:
        if channel["kind"] == "dm":
            where = f"{role.name}, direct message"
        elif message.get("ephemeral"):
            where = f"#{channel['name']}, only {role.name} sees"
        else:
            where = f"#{channel['name']}"
        seen_by = (role.id,) if message.get("ephemeral") or channel["kind"] == "dm" else ()
        key = (*seen_by, channel["id"], message["ts"], *_read(message))
        self._tell_once(key, f"{where} · {message['author']}", message["blocks"] or message["text"])

    def _tell_once(self, key: tuple[str, ...], heading: str, content: Any) -> None:
        if key in self._seen:
            return
        self._seen.add(key)
        self._say(f"  {heading}")
        for line in [_plain(content)] if isinstance(content, str) else _lines(content):
            self._say(f"    {line}")


async def _tries() -> AsyncIterator[None]:
    """Again and again, until patience is at its end."""
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < until:
        yield
        await asyncio.sleep(POLL_SECONDS)


def _messages(state: State, channel: str) -> list[State]:
    return next(each["messages"] for each in state["channels"] if each["id"] == channel)


def _read(message: State) -> list[str]:
    return _lines(message["blocks"]) or [str(message["text"])]


def _find_button(state: State, channel: str, action_id: str, value: str) -> tuple[State, State, State] | None:
    for message in reversed(_messages(state, channel)):
        for block in message["blocks"] or []:
            for element in block.get("elements", []):
                if element.get("action_id") == action_id and element.get("value") == value:
                    return message, block, element
    return None


def _find_labelled(blocks: Any, label: str) -> tuple[State, State]:
    for block in blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return block, element
    raise Stuck(f"there is no button “{label}” on Home")


def _element(view: State, block_id: str) -> State:
    found: State = next(block["element"] for block in view["blocks"] if block["block_id"] == block_id)
    return found


def _action_of(view: State, block_id: str) -> str:
    return str(_element(view, block_id)["action_id"])


def _choice(view: State, block_id: str, text: str) -> State:
    options = _element(view, block_id)["options"]
    found: State = next(option for option in options if option["text"]["text"] == text)
    return found


def _lines(blocks: Any) -> list[str]:
    """What a person reads in blocks, line by line."""
    return [line for block in blocks for line in _block_lines(block) if line]


def _block_lines(block: State) -> list[str]:
    match block["type"]:
        case "section" | "header":
            texts = [block.get("text"), *block.get("fields", [])]
            return [line for text in texts if text for line in _plain(text["text"]).splitlines()]
        case "context":
            return [_plain(element["text"]) for element in block["elements"]]
        case "actions":
            return ["  ".join(f"[{element['text']['text']}]" for element in block["elements"])]
        case "table":
            return [" | ".join(_cell(cell) for cell in row) for row in block["rows"]]
        case "input":
            return [f"{block['label']['text']}: ____"]
        case _:
            return []


def _cell(cell: State) -> str:
    if cell["type"] != "rich_text":
        return str(cell["text"])
    return "".join(str(piece["text"]) for part in cell["elements"] for piece in part["elements"])


def _plain(mrkdwn: str) -> str:
    dated = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", mrkdwn)
    names = {role.id: role.name for role in CAST}
    mentioned = re.sub(r"<@(\w+)(?:\|[^>]*)?>", lambda found: f"@{names.get(found[1], found[1])}", dated)
    return html.unescape(re.sub(r"[*`]", "", mentioned))


def _span(seconds: int) -> str:
    days, hours = divmod(seconds // HOUR, 24)
    counts = ((days, "day"), (hours, "hour"), (seconds % HOUR, "second"))
    return " and ".join(f"{n} {name}{'s' * (n > 1)}" for n, name in counts if n)
