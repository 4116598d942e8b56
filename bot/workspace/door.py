"""Guards every request: only this machine, only our own page, and the page only with the session key."""

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from bot.workspace.changes import Changes

SAFETY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Door:
    """Refuses foreign hosts and origins (DNS rebinding, forged requests) and announces what posts changed."""

    def __init__(self, app: ASGIApp, port: int, changes: Changes) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self._origins = {f"http://{each}" for each in self._hosts}
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if not self._is_ours(Headers(scope=scope)):
            refusal = PlainTextResponse("This workspace answers only its own page.", 403)
            await (refusal if scope["type"] == "http" else WebSocketClose(1008))(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, with_safety_headers(send))
        if scope["method"] == "POST":
            self._changes.announce()

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return headers.get("host") in self._hosts and (origin is None or origin in self._origins)


def with_safety_headers(send: Send) -> Send:
    async def safe_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SAFETY_HEADERS)
        await send(message)

    return safe_send


@dataclass
class Session:
    """Whom a browser acts as, and since when it shows its page: what came before in passing is gone from it."""

    person: str
    loaded_at: float = 0.0


class Sessions:
    """One session for each browser."""

    def __init__(self, key: str, base_url: str, first_person: str) -> None:
        self._key = key
        self._first_person = first_person
        self._sessions: dict[str, Session] = {}
        # Browsers share cookies between ports, so the name tells workspaces apart.
        self._cookie = f"workspace_{urlsplit(base_url).port}"

    def find(self, request: Request) -> Session | None:
        return self._sessions.get(request.cookies.get(self._cookie, ""))

    def person(self, request: Request) -> str | None:
        session = self.find(request)
        return session.person if session else None

    def enter(self, request: Request, key: str) -> Response:
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return PlainTextResponse("Open the address that was printed at the start.", 403)
        response = RedirectResponse("/", 303)
        if self.person(request) is None:
            name = secrets.token_urlsafe(32)
            self._sessions[name] = Session(self._first_person)
            response.set_cookie(self._cookie, name, httponly=True, samesite="strict")
        return response
