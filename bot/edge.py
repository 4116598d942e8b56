"""In front of Bolt: what cannot be a delivery from Slack is turned away before anything reads it.

Bolt answers 500 to a timestamp that is no number and to JSON that is none; an edge that any stranger can reach
must not fail on what strangers send.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Scope = Any  # Bolt and Starlette type it each in their own way.
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_MOST = 1_000_000


def guarded(app: Asgi) -> Asgi:
    """The app behind its guards: size, headers, and a body that is what its type says."""

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        body = await _body(receive)
        if fault := _fault(headers, body):
            await _refuse(send, *fault)
            return
        await app(scope, _replay(body or b""), send)

    return edge


def _fault(headers: dict[str, str], body: bytes | None) -> tuple[int, str] | None:
    if body is None:
        return 400, f"The body is larger than {BODY_MOST} bytes."
    if not headers.get("x-slack-signature"):
        return 401, "The request is not signed."
    if not _is_digits(headers.get("x-slack-request-timestamp", "")):
        return 401, "The timestamp is not a number of seconds."
    if not _is_readable(headers.get("content-type", ""), body):
        return 400, "The body is not what its content type says."
    return None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _is_readable(content_type: str, body: bytes) -> bool:
    try:
        text = body.decode()
        if content_type.startswith("application/json"):
            return isinstance(json.loads(text), dict)
        payloads = parse_qs(text).get("payload", []) if "payload=" in text else []
        return all(isinstance(json.loads(payload), dict) for payload in payloads)
    except ValueError:
        return False


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large to be Slack's."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_MOST:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes) -> Receive:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _refuse(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
