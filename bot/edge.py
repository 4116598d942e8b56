"""In front of Bolt: what cannot be a delivery from Slack is turned away before anything reads it.

Bolt answers 500 to a timestamp that is no number, to a signature that is no ASCII, and to JSON that is none, which
it reads before it looks at the signature. An edge that any stranger can reach must not fail on what strangers send.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Scope = Any  # Bolt and Starlette type it each in their own way.
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)

Headers = Mapping[bytes, bytes]

BODY_MOST = 1_000_000
AGE_MOST_SECONDS = 300


def guarded(app: Asgi, signing_secret: str, wall_clock: Callable[[], float]) -> Asgi:
    """The app behind its guards: size, signature, age, and a body that is what its type says.

    ``wall_clock`` gives seconds since 1970: signatures are as old as they are, whatever time the exchange is at.
    """

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await app(scope, receive, send)
            return
        headers = {key.lower(): value for key, value in scope["headers"]}
        body = await _body(receive)
        if fault := _fault(headers, body, signing_secret, wall_clock()):
            await _refuse(send, *fault)
            return
        try:
            await app(scope, _replay(body or b""), send)
        except (
            LookupError,
            TypeError,
            AttributeError,
        ):  # Bolt looks for what every payload has before we can.
            _log.exception("a signed request that is no payload of Slack's")
            await _refuse(send, 400, "The payload lacks what every such payload has.")

    return edge


def _fault(headers: Headers, body: bytes | None, secret: str, now: float) -> tuple[int, str] | None:
    if body is None:
        return 400, f"The body is larger than {BODY_MOST} bytes."
    sent_at = headers.get(b"x-slack-request-timestamp", b"")
    if not sent_at.isdigit() or len(sent_at) > 12 or abs(now - int(sent_at)) > AGE_MOST_SECONDS:
        return 401, "The timestamp is missing, not a number of seconds, or too old."
    if not hmac.compare_digest(_signature(secret, sent_at, body), headers.get(b"x-slack-signature", b"")):
        return 401, "The request is not signed as Slack signs it."
    if not _is_readable(headers.get(b"content-type", b""), body):
        return 400, "The body is not what its content type says."
    return None


def _signature(secret: str, sent_at: bytes, body: bytes) -> bytes:
    signed = hmac.new(secret.encode(), b"v0:" + sent_at + b":" + body, hashlib.sha256)
    return b"v0=" + signed.hexdigest().encode()


def _is_readable(content_type: bytes, body: bytes) -> bool:
    """Whether Bolt, which takes whatever begins with a brace for JSON, will find an object in it."""
    try:
        text = body.decode()
        if text.startswith("{") or content_type.startswith(b"application/json"):
            return isinstance(json.loads(text), dict)
        payloads = parse_qs(text, keep_blank_values=True).get("payload", [])
        return all(isinstance(json.loads(payload), dict) for payload in payloads)
    except (ValueError, RecursionError):
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
