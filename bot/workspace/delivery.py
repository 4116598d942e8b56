"""Deliveries to the app as Slack makes them over HTTP: signed, form or JSON, with three seconds to answer."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

TIMEOUT_SECONDS = 3.0
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"

Json = dict[str, Any]


@dataclass(frozen=True)
class Retry:
    """A later try of the same delivery."""

    attempt: int
    reason: str


@dataclass(frozen=True)
class Delivery:
    """``kind`` is command, event, or an interaction's type; ``name`` tells it from others of its kind."""

    kind: str
    name: str
    path: str
    payload: Json
    retry: Retry | None = None

    @property
    def envelope(self) -> str:
        """What Socket Mode calls its kind."""
        return {"command": "slash_commands", "event": "events_api"}.get(self.kind, "interactive")


@dataclass(frozen=True)
class Reply:
    """What came back; `status` is 0 when nothing did."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_late(self) -> bool:
        return self.status == 0

    @property
    def outcome(self) -> str:
        return "no answer within 3 seconds" if self.is_late else f"HTTP {self.status}"


class Link(Protocol):
    """A line to the app: signed HTTP, or Socket Mode."""

    async def deliver(self, delivery: Delivery) -> Reply: ...


def signature(secret: str, timestamp: str, body: str) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


class HttpLink:
    """`client` exists while the server runs."""

    def __init__(self, app_url: str, signing_secret: str) -> None:
        self._app_url = app_url.rstrip("/")
        self._secret = signing_secret
        self.client: httpx.AsyncClient | None = None

    async def deliver(self, delivery: Delivery) -> Reply:
        if self.client is None:
            raise RuntimeError("the workspace is not running")
        body, content_type = written(delivery)
        # Signatures follow real time: the app compares them with its own clock, not with ours.
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (local workspace)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        } | retried(delivery.retry)
        return await self._send(self.client, self._app_url + delivery.path, body, headers)

    async def _send(self, client: httpx.AsyncClient, url: str, body: str, headers: dict[str, str]) -> Reply:
        try:
            answer = await client.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.TimeoutException:
            return Reply(0)
        except httpx.HTTPError:
            return Reply(502)
        return Reply(answer.status_code, answer.text, {k.lower(): v for k, v in answer.headers.items()})


def written(delivery: Delivery) -> tuple[str, str]:
    """The body as Slack writes it, and its content type."""
    match delivery.kind:
        case "command" | "ssl_check":
            return urlencode(delivery.payload), _FORM
        case "event" | "url_verification":
            return json.dumps(delivery.payload), _JSON
        case _:
            return urlencode({"payload": json.dumps(delivery.payload)}), _FORM


def retried(retry: Retry | None) -> dict[str, str]:
    if retry is None:
        return {}
    return {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
