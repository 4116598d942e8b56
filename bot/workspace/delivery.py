"""Requests to the app as Slack sends them: signed, form or JSON, with three seconds to answer."""

import hashlib
import hmac
import time
from dataclasses import dataclass, field

import httpx

TIMEOUT_SECONDS = 3.0


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


def signature(secret: str, timestamp: str, body: str) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


class AppLink:
    """The line to the app. `client` exists while the server runs."""

    def __init__(self, app_url: str, signing_secret: str) -> None:
        self._app_url = app_url.rstrip("/")
        self._secret = signing_secret
        self.client: httpx.AsyncClient | None = None

    async def post(
        self, path: str, body: str, content_type: str, extra: dict[str, str] | None = None
    ) -> Reply:
        if self.client is None:
            raise RuntimeError("the workspace is not running")
        # Signatures follow real time: the app compares them with its own clock, not with ours.
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (local workspace)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        } | (extra or {})
        return await self._send(self.client, self._app_url + path, body, headers)

    async def _send(self, client: httpx.AsyncClient, url: str, body: str, headers: dict[str, str]) -> Reply:
        try:
            answer = await client.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.TimeoutException:
            return Reply(0)
        except httpx.HTTPError:
            return Reply(502)
        return Reply(answer.status_code, answer.text, {k.lower(): v for k, v in answer.headers.items()})
