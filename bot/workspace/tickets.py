"""What Slack hands out for limited use: trigger ids (3 seconds, once) and response URLs (5 uses, 30 minutes)."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.workspace.errors import ApiError

TRIGGER_SECONDS = 3.0
HOOK_USES = 5
HOOK_LIFE = timedelta(minutes=30)


@dataclass
class Trigger:
    user_id: str
    issued: float
    is_used: bool = False


class Triggers:
    """Measured in real time: a person's patience does not follow the steerable clock."""

    def __init__(self) -> None:
        self._issued: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        name = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[name] = Trigger(user_id, time.monotonic())
        return name

    def holder(self, name: str) -> str:
        """The person behind a trigger that may still be used."""
        trigger = self._issued.get(name)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.is_used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        return trigger.user_id

    def use_up(self, name: str) -> None:
        self._issued[name].is_used = True

    def expire(self, name: str) -> None:
        """Its three seconds are over, as if it had been long on its way."""
        if name in self._issued:
            self._issued[name].issued = float("-inf")


@dataclass
class Hook:
    """Where a response URL leads: a place, the person who acted, and the message they acted on."""

    channel_id: str
    user_id: str
    until: datetime
    message_ts: str | None = None
    uses: int = 0


class Hooks:
    def __init__(self) -> None:
        self._issued: dict[str, Hook] = {}

    def issue(self, channel_id: str, user_id: str, now: datetime, message_ts: str | None = None) -> str:
        name = secrets.token_urlsafe(24)
        self._issued[name] = Hook(channel_id, user_id, now + HOOK_LIFE, message_ts)
        return name

    def use(self, name: str, now: datetime) -> Hook:
        hook = self._issued.get(name)
        if hook is None:
            raise ApiError("invalid_url")
        if now > hook.until:
            raise ApiError("expired_url")
        if hook.uses >= HOOK_USES:
            raise ApiError("used_url")
        hook.uses += 1
        return hook
