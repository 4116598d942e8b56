"""Everything the workspace knows while it runs, in one object that all other modules are given."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.workspace.changes import Changes
from bot.workspace.clock import SteerableClock
from bot.workspace.conversations import Conversation, Ephemeral, open_conversations
from bot.workspace.delivery import Link
from bot.workspace.errors import Refused
from bot.workspace.faults import Faults
from bot.workspace.files import Files
from bot.workspace.manifest import AppManifest
from bot.workspace.ratelimits import RateLimits
from bot.workspace.seed import Channel, Member, Seed
from bot.workspace.threads import threaded
from bot.workspace.tickets import Hooks, Triggers
from bot.workspace.traffic import Traffic
from bot.workspace.viewbook import ViewBook

Json = dict[str, Any]


@dataclass
class Workspace:
    seed: Seed
    manifest: AppManifest
    clock: SteerableClock
    link: Link
    base_url: str
    bot_token: str
    app_token: str
    conversations: dict[str, Conversation] = field(init=False)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    views: ViewBook = field(default_factory=ViewBook)
    triggers: Triggers = field(default_factory=Triggers)
    files: Files = field(default_factory=Files)
    hooks: Hooks = field(default_factory=Hooks)
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    limits: RateLimits = field(default_factory=RateLimits)
    traffic: Traffic = field(default_factory=Traffic)
    in_flight: set[asyncio.Task[Any]] = field(default_factory=set)
    warnings: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    failures: dict[str, str] = field(default_factory=dict)
    read_marks: dict[str, dict[str, str]] = field(default_factory=dict)
    last_moment: int = 0
    id_counter: int = 0

    def __post_init__(self) -> None:
        self.conversations = open_conversations(self.seed)

    def next_ts(self) -> str:
        """A message's time is also its name, so no two are alike."""
        since = self.clock() - datetime(1970, 1, 1, tzinfo=UTC)
        self.last_moment = max(since // timedelta(microseconds=1), self.last_moment + 1)
        return f"{self.last_moment // 1_000_000}.{self.last_moment % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        self.id_counter += 1
        return f"{prefix}{self.id_counter:09d}"

    def warn(self, sentence: str) -> None:
        """Shown to everybody in the page: what the app did that Slack would not have liked."""
        self.warnings.append(sentence)
        self.traffic.warn(sentence)

    def find_ephemeral(self, channel_id: str, user_id: str, ts: str) -> Ephemeral | None:
        return next(
            (
                each
                for each in self.ephemerals
                if (each.channel_id, each.user_id, each.message["ts"]) == (channel_id, user_id, ts)
            ),
            None,
        )

    def conversation_of(self, user_id: str, channel_id: str) -> Conversation:
        """The conversation, if this person is in it."""
        found = self.conversations.get(channel_id)
        if found is None or user_id not in found.members:
            raise Refused("You are not in that channel.")
        return found

    def say(
        self,
        conversation: Conversation,
        user_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        is_broadcast: bool = False,
    ) -> str:
        """A person's message; its ts. Raises ApiError where nobody can reply."""
        ts = self.next_ts()
        said: Json = {"type": "message", "ts": ts, "user": user_id, "team": self.seed.team_id}
        said |= {"blocks": [], "text": text} | ({"thread_ts": thread_ts} if thread_ts else {})
        conversation.messages.append(threaded(conversation, said, is_broadcast=is_broadcast))
        return ts

    def note(self, conversation: Conversation, user_id: str, subtype: str, text: str) -> None:
        """What Slack itself writes into a channel about a person."""
        said: Json = {"type": "message", "subtype": subtype, "ts": self.next_ts(), "user": user_id}
        conversation.messages.append(said | {"blocks": [], "text": f"<@{user_id}> {text}"})

    def settle(self, members: tuple[Member, ...], channels: tuple[Channel, ...]) -> None:
        """More people and channels, beside those there are."""
        self.seed = replace(
            self.seed,
            members=(*self.seed.members, *members),
            channels=(*self.seed.channels, *channels),
        )
        self.conversations = open_conversations(self.seed) | self.conversations

    def reset(self) -> None:
        """As it was at the start, but for the clock, which never runs back."""
        self.conversations = open_conversations(self.seed)
        self.ephemerals.clear()
        self.read_marks.clear()
        self.views, self.triggers, self.hooks = ViewBook(), Triggers(), Hooks()
        self.warnings.clear()
        self.failures.clear()
        self.faults.switch_off()
        self.limits.switch(on=False)
        self.traffic.clear()
